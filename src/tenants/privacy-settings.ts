import { z } from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 315_360_000_000; // 10 years

const erasureSettings = z.strictObject({
  retrainAfterMs: z
    .int()
    .min(0)
    .max(LONGEST_MS)
    .default(HOUR_MS)
    .describe(
      'How long after an erasure models that knew the user are trained anew, unless a scheduled run was faster, in ms (default 1 hour).',
    ),
  snapshotsWithinMs: z
    .int()
    .min(0)
    .max(LONGEST_MS)
    .default(DAY_MS)
    .describe(
      'How long after an erasure snapshots that knew the user are deleted, even with nothing in their place, in ms (default 1 day).',
    ),
});

/** What a tenant decides about its users' data. */
export const privacySettings = z.strictObject({
  erasure: erasureSettings.prefault({}),
});

export type PrivacySettings = z.output<typeof privacySettings>;
