import { crc32 } from './crc32';
import { deflateSync } from 'node:zlib';

/** A PNG of one grey, whose header says so many pixels, with `rows` rows of pixels in it. */
export function pngClaiming(width: number, height: number, rawBytes: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(rawBytes), { level: 9 })), chunk('IEND', Buffer.alloc(0))]); // prettier-ignore
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

export interface WavParts {
  readonly samples: readonly number[];
  readonly sampleRate?: number;
  readonly channels?: number;
  /** What the header says instead of the truth. */
  readonly lies?: { readonly dataBytes?: number; readonly blockBytes?: number; readonly encoding?: number; readonly depth?: number };
}

/** A WAV file of 16 bits; samples in [−1, 1], channels side by side. */
export function wav({ samples, sampleRate = 16_000, channels = 1, lies = {} }: WavParts): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, k) => data.writeInt16LE(Math.round(sample * 32_767), 2 * k));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(lies.encoding ?? 1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * channels * 2, 28);
  head.writeUInt16LE(lies.blockBytes ?? channels * 2, 32);
  head.writeUInt16LE(lies.depth ?? 16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(lies.dataBytes ?? data.length, 40);
  return Buffer.concat([head, data]);
}

/** A tone of so many hertz, one second long unless said otherwise. */
export const tone = (hertz: number, { seconds = 1, sampleRate = 16_000 } = {}): number[] =>
  Array.from({ length: seconds * sampleRate }, (_, k) => 0.5 * Math.sin((2 * Math.PI * hertz * k) / sampleRate));
