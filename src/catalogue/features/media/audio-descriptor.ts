import Meyda from 'meyda';

/** Samples a second that sounds are brought to. */
const RATE = 16_000;
const FRAME = 512;
const COEFFICIENTS = 13;
/** What is told of a frame, with about how large it gets, so that none outweighs the others. */
const SCALES = { rms: 0.3, zcr: 128, spectralCentroid: 64, spectralFlatness: 0.5 } as const;
const CEPSTRUM_SCALE = 40;
/** Numbers of a sound's descriptor. */
export const AUDIO_WIDTH = 2 * (COEFFICIENTS + Object.keys(SCALES).length);

/**
 * What a sound is like, as 34 numbers: mean and standard deviation over frames of 32 ms of 13 mel-frequency cepstral coefficients (Davis and Mermelstein,
 * IEEE TASSP 1980), loudness, zero crossings, centre and flatness of the spectrum. `samples`: one channel, in [−1, 1]. Silence: the coefficients of
 * silence. Shorter than a frame: padded with silence. Deterministic.
 */
export function describeAudio(samples: Float32Array, sampleRate: number): number[] {
  Meyda.bufferSize = FRAME;
  Meyda.sampleRate = RATE;
  Meyda.numberOfMFCCCoefficients = COEFFICIENTS;
  const resampled = resample(samples, sampleRate);
  const sums = new Float64Array(AUDIO_WIDTH / 2);
  const squares = new Float64Array(AUDIO_WIDTH / 2);
  const frames = Math.max(1, Math.floor(resampled.length / FRAME));
  const frame = new Float32Array(FRAME);
  for (let f = 0; f < frames; f++) {
    frame.fill(0).set(resampled.subarray(f * FRAME, (f + 1) * FRAME));
    describeFrame(frame).forEach((value, k) => {
      sums[k]! += value / frames;
      squares[k]! += (value * value) / frames;
    });
  }
  return [...sums, ...squares.map((square, k) => Math.sqrt(Math.max(0, square - sums[k]! ** 2)))];
}

function describeFrame(frame: Float32Array): number[] {
  const names = Object.keys(SCALES) as (keyof typeof SCALES)[];
  const told = Meyda.extract(['mfcc', ...names], frame) as { readonly mfcc: number[] } & Record<keyof typeof SCALES, number>;
  const values = [...told.mfcc.map((value) => value / CEPSTRUM_SCALE), ...names.map((name) => told[name] / SCALES[name])];
  return values.map((value) => (Number.isFinite(value) ? value : 0)); // the spectrum of silence has no centre
}

/** Each sample is the mean of those that it stands for, or the one that is nearest where there are fewer than are wanted. */
function resample(samples: Float32Array, sampleRate: number): Float32Array {
  const step = sampleRate / RATE;
  return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, k) => {
    const from = Math.floor(k * step);
    const to = Math.max(from + 1, Math.min(samples.length, Math.floor((k + 1) * step)));
    let sum = 0;
    for (let s = from; s < to; s++) sum += samples[s]!;
    return sum / (to - from);
  });
}
