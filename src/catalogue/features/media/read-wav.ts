import { decode } from 'wav-decoder';
import { MediaRefused, type Refusal } from './media-refused';

const PCM = 1;
const FLOAT = 3;
const DEPTHS: Readonly<Record<number, readonly number[]>> = { [PCM]: [8, 16, 24, 32], [FLOAT]: [32, 64] };
const MOST_CHANNELS = 8;

export interface Sound {
  /** One channel, the mean of all, in [−1, 1]. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

/**
 * The sound in a WAV file: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64, up to 8 channels. What the header says is checked against the
 * bytes that are there before anything is decoded, so that memory is bounded by the file.
 * @throws MediaRefused `unsupported`, `broken` or `too_long`.
 */
export async function readWav(bytes: Uint8Array, maxSeconds: number): Promise<Sound> {
  const { sampleRate, seconds } = checkedHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (seconds > maxSeconds) throw refused('too_long', `${seconds.toFixed(1)} s; at most ${maxSeconds} s are read`);
  const { channelData } = await decode(new Uint8Array(bytes).buffer).catch(() => {
    throw refused('broken', 'cannot be decoded');
  });
  const [first] = channelData;
  if (first === undefined || first.length === 0) throw refused('broken', 'holds no sound');
  const samples = first.map((_, k) => {
    const mean = channelData.reduce((sum, channel) => sum + channel[k]!, 0) / channelData.length;
    return Number.isFinite(mean) ? Math.max(-1, Math.min(1, mean)) : 0;
  });
  return { samples, sampleRate };
}

function checkedHeader(view: DataView): { readonly sampleRate: number; readonly seconds: number } {
  if (view.byteLength < 12 || text(view, 0) !== 'RIFF' || text(view, 8) !== 'WAVE') throw refused('unsupported', 'must be a WAV file');
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const [name, size] = [text(view, at), view.getUint32(at + 4, true)];
    if (at + 8 + size > view.byteLength) throw refused('broken', `its header promises ${size} bytes that are not there`);
    if (name === 'fmt ') format = checkedFormat(view, at + 8, size);
    if (name === 'data') {
      if (format === undefined) throw refused('broken', 'its sound comes before its format');
      return { sampleRate: format.sampleRate, seconds: size / format.blockBytes / format.sampleRate };
    }
    if (size % 2 === 1) throw refused('unsupported', 'has a chunk of odd length before its sound');
    at += 8 + size;
  }
  throw refused('broken', 'holds no sound');
}

interface WavFormat {
  readonly sampleRate: number;
  readonly blockBytes: number;
}

function checkedFormat(view: DataView, at: number, size: number): WavFormat {
  if (size < 16) throw refused('broken', 'its format is cut');
  const [encoding, channels, sampleRate] = [view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
  const [blockBytes, depth] = [view.getUint16(at + 12, true), view.getUint16(at + 14, true)];
  if (DEPTHS[encoding]?.includes(depth) !== true) throw refused('unsupported', 'must be PCM of 8 to 32 bits or floating point');
  if (channels < 1 || channels > MOST_CHANNELS) throw refused('unsupported', `has ${channels} channels; 1 to ${MOST_CHANNELS} are read`);
  if (sampleRate < 4000 || sampleRate > 192_000) throw refused('unsupported', 'must have 4,000 to 192,000 samples a second');
  if (blockBytes !== (channels * depth) / 8) throw refused('broken', 'its header contradicts itself');
  return { sampleRate, blockBytes };
}

const text = (view: DataView, at: number): string => String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
const refused = (reason: Refusal, message: string): MediaRefused => new MediaRefused('audio', reason, message);
