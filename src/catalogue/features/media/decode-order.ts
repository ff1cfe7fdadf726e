import { z } from 'zod';
import { MEDIA_KINDS, REFUSALS } from './media-refused';
import { onnxSettings } from './onnx-encoder';

/** What the process that decodes is told, as one line of JSON before the bytes of the file. */
export const decodeOrder = z.object({
  kind: z.enum(MEDIA_KINDS),
  maxPixels: z.number(),
  maxSeconds: z.number(),
  /** Of images; absent: the built-in descriptor. */
  encoder: onnxSettings.optional(),
});
export type DecodeOrder = z.output<typeof decodeOrder>;

/** What it answers, as one line of JSON. */
export const decodeAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('described'), vector: z.array(z.number()).min(1).max(4096) }),
  z.object({ kind: z.literal('refused'), reason: z.enum(REFUSALS), message: z.string().max(500) }),
  /** No fault of the file: a setting is wrong. */
  z.object({ kind: z.literal('unusable'), field: z.string().optional(), message: z.string().max(500) }),
]);
export type DecodeAnswer = z.output<typeof decodeAnswer>;
