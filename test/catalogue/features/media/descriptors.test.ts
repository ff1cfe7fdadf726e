import { describeAudio } from '../../../../src/catalogue/features/media/audio-descriptor';
import { DESCRIBED_SIDE, describeImage } from '../../../../src/catalogue/features/media/image-descriptor';
import { encodeImage } from '../../../../src/catalogue/features/media/onnx-encoder';
import { tone } from './media-files';

type Colour = readonly [number, number, number];
const image = (colourAt: (x: number, y: number) => Colour): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: DESCRIBED_SIDE ** 2 }, (_, p) => colourAt(p % DESCRIBED_SIDE, Math.floor(p / DESCRIBED_SIDE))).flat(),
  );
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const EDGES = 64;
const TEXTURE = EDGES + 32;

describe('an image', () => {
  it('of one colour has that colour, no edges, and nothing that is lighter than the rest', () => {
    const described = describeImage(image(() => [200, 10, 70])); // levels 3, 0, 1
    expect(described.flatMap((value, k) => (value > 0 ? [[k, value]] : []))).toEqual([
      [(3 * 4 + 0) * 4 + 1, 1],
      [TEXTURE + 8, 1], // all eight neighbours are as light
    ]);
  });

  it('half black, half white has both in equal parts', () => {
    const described = describeImage(image((x) => (x < 32 ? BLACK : WHITE)));
    expect([described[0], described[63]]).toEqual([expect.closeTo(Math.SQRT1_2, 9), expect.closeTo(Math.SQRT1_2, 9)]);
  });

  it.each<[string, (x: number, y: number) => boolean, number]>([
    ['upright', (x) => x % 16 < 8, 0],
    ['level', (_, y) => y % 16 < 8, 4],
    ['slanting', (x, y) => (x + y) % 16 < 8, 2],
  ])('of %s stripes has edges in one direction', (_, isWhite, direction) => {
    const edges = describeImage(image((x, y) => (isWhite(x, y) ? WHITE : BLACK))).slice(EDGES, TEXTURE);
    for (let cell = 0; cell < 4; cell++) expect(edges.slice(8 * cell, 8 * cell + 8).indexOf(Math.max(...edges.slice(8 * cell, 8 * cell + 8)))).toBe(direction); // prettier-ignore
  });
});

describe('a sound', () => {
  it('of silence is finite, without loudness', () => {
    const described = describeAudio(new Float32Array(16_000), 16_000);
    expect(described.every(Number.isFinite)).toBe(true);
    expect(described[13]).toBe(0);
  });

  it('is as loud as its root mean square: of a sine of ½ under Hann’s window, ½ · √½ · √⅜', () => {
    expect(describeAudio(Float32Array.from(tone(500)), 16_000)[13]! * 0.3).toBeCloseTo(0.5 * Math.sqrt(3 / 16), 2);
  });

  it('is much the same at another rate, and another sound is not', () => {
    const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((value, k) => value - b[k]!));
    const [slow, quick] = [16_000, 48_000].map((sampleRate) => describeAudio(Float32Array.from(tone(440, { sampleRate })), sampleRate));
    const other = describeAudio(Float32Array.from(tone(2000)), 16_000);
    expect(distance(slow!, quick!)).toBeLessThan(0.5 * distance(slow!, other));
  });

  it('shorter than a frame is one frame', () => expect(describeAudio(Float32Array.of(0.1), 8000)).toHaveLength(34));
});

describe('an encoder of one’s own', () => {
  const settings = { path: '/model.onnx', side: 2, mean: [0.5, 0, 0], deviation: [0.5, 1, 0.5] };
  const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  const runtime = (data: ArrayLike<number>, seen: unknown[] = []) => ({
    Tensor: class {
      constructor(...given: unknown[]) {
        seen.push(...given);
      }
    },
    InferenceSession: { create: async () => ({ inputNames: ['in'], outputNames: ['out'], run: async () => ({ out: { data } }) }) },
  });

  it('is given one colour after the other, shifted and scaled', async () => {
    const seen: unknown[] = [];
    expect(await encodeImage(pixels, settings, async () => runtime([1, 2], seen))).toEqual([1, 2]);
    expect(seen).toEqual(['float32', Float32Array.of(1, -1, -1, 1, 0, 1, 0, 1, 0, 0, 2, 2), [1, 3, 2, 2]]);
  });

  it.each([[[]], [[1, NaN]], [Array<number>(4097).fill(0)]])('must give a vector (%#)', async (data) => {
    await expect(encodeImage(pixels, settings, async () => runtime(data))).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'features.encoder.path' }); // prettier-ignore
  });
});
