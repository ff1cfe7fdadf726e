import { z } from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 315_360_000_000; // 10 years

const span = z.int().min(60_000).max(LONGEST_MS);

const retentionSettings = z.strictObject({
  logMs: span.optional().describe('How long archived behaviours also stay in the log in Redis, in ms; absent: `LOG_RETENTION_MS`.'),
  archiveMs: span
    .optional()
    .describe('How long behaviours stay in the archive, in ms; absent: for ever. Trained models forget them with their next run.'),
  profileMs: span
    .optional()
    .describe(
      'A user who has done, edited and consented to nothing for so long is erased, receipt and all, in ms; absent: profiles have no end.',
    ),
  listsMs: span.default(7 * DAY_MS).describe('How long a list is kept after it was last made, in ms (default 7 days).'),
  impressionsMs: span.optional().describe('How long impressions stay in log and archive, in ms; absent: as long as other behaviours.'),
  auditMs: span.optional().describe('How long entries stay in the audit log of the store, in ms; absent: the newest 10,000.'),
  consentMs: span
    .optional()
    .describe(
      'How long entries of the consent ledger stay that later ones have replaced, in ms; absent: for ever. The newest of each purpose stays.',
    ),
  receiptsMs: span.default(1095 * DAY_MS).describe('How long receipts of complete erasures are kept, in ms (default 3 years).'),
});

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

const noiseSettings = z.strictObject({
  epsilon: z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe('ε of the noise on the co-counts of item-knn, for each training run; 0: none. Smaller is more private and less accurate.'),
  delta: z.number().gt(0).max(0.01).default(1e-6).describe('δ: the chance that the promise does not hold; below 1 / number of users.'),
  itemsOfUser: z.int().min(2).max(1000).default(20).describe('With noise, so many of a user’s newest items count.'),
});

/** What is done until a user withdraws it, unless the tenant requires a grant. Each is asked for where it is done; see docs/models/privacy.md. */
export const PURPOSES = ['personalisation', 'training', 'experiments'] as const;

const consentSettings = z.strictObject({
  required: z
    .array(z.enum(PURPOSES))
    .default([])
    .describe(
      'Purposes that need a grant: without one, what they are for is not done. The others are done until they are withdrawn. `traits` always needs one.',
    ),
});

/** What a tenant decides about its users' data. */
export const privacySettings = z.strictObject({
  retention: retentionSettings.prefault({}),
  consent: consentSettings.prefault({}),
  erasure: erasureSettings.prefault({}),
  minUsers: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('Counts and neighbours that fewer users are behind are not used (popular, item-knn, user-knn); 1: all are.'),
  noise: noiseSettings.prefault({}),
});

export type PrivacySettings = z.output<typeof privacySettings>;
export type RetentionSettings = PrivacySettings['retention'];
