import { BeckonError } from '../../../platform/errors';
import { describeAudio } from './audio-descriptor';
import type { DecodeAnswer, DecodeOrder } from './decode-order';
import { DESCRIBED_SIDE, describeImage } from './image-descriptor';
import { MediaRefused } from './media-refused';
import { encodeImage } from './onnx-encoder';
import { readImage } from './read-image';
import { readWav } from './read-wav';

/** The vector of a file of untrusted origin, or why there is none: only called in a process of its own, see `MediaSandbox`. Never rejects. */
export async function describeMedia(order: DecodeOrder, bytes: Uint8Array): Promise<DecodeAnswer> {
  try {
    return { kind: 'described', vector: await vectorOf(order, bytes) };
  } catch (error) {
    if (error instanceof MediaRefused) return { kind: 'refused', reason: error.reason, message: error.message };
    if (error instanceof BeckonError)
      return { kind: 'unusable', message: error.message, ...(error.field !== undefined && { field: error.field }) };
    return { kind: 'refused', reason: 'broken', message: `${order.kind}: cannot be decoded` };
  }
}

async function vectorOf({ kind, maxPixels, maxSeconds, encoder }: DecodeOrder, bytes: Uint8Array): Promise<number[]> {
  if (kind === 'audio') {
    const { samples, sampleRate } = await readWav(bytes, maxSeconds);
    return describeAudio(samples, sampleRate);
  }
  const pixels = await readImage(bytes, encoder?.side ?? DESCRIBED_SIDE, maxPixels);
  return encoder === undefined ? describeImage(pixels) : encodeImage(pixels, encoder);
}
