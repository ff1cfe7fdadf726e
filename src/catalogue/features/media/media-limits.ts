import { z } from 'zod';

/** What one file may take at most. */
export const mediaLimits = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .max(256 * 2 ** 20)
    .default(10 * 2 ** 20)
    .describe('Largest file that is read, in bytes.'),
  maxPixels: z.int().min(1).max(1e9).default(25_000_000).describe('Largest image that is decoded, width × height.'),
  maxSeconds: z.number().min(0.1).max(3600).default(60).describe('Longest sound that is decoded, in seconds.'),
  deadlineMs: z.int().min(100).max(120_000).default(5000).describe('How long reading and decoding one file may take each, in ms.'),
  memoryMb: z
    .int()
    .min(256)
    .max(65_536)
    .default(512)
    .describe('How much memory the process that decodes one file may take, in MiB, where the system enforces it (Linux).'),
});
export type MediaLimits = z.output<typeof mediaLimits>;
