import { FusionProjector, learnFusion } from '../../src/models/factor/fusion/fusion';
import type { FusedItem } from '../../src/models/factor/fusion/modalities';
import { ModalityLayout } from '../../src/models/factor/fusion/modality-sets';
import { modalityWeights } from '../../src/models/factor/fusion/modality-weights';
import { gaussian, seededRandom } from '../../src/platform/random';

const DIMENSIONS = 3;
const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

/**
 * Items whose factors are (shape, colour, sound): the category tells the shape, the image vector the colour, the audio vector the sound, and nothing
 * else tells them. Every third item lacks the image, every fourth the audio, every fifth the category.
 */
const random = seededRandom(7);
const sign = (): number => (random() < 0.5 ? -1 : 1);
const world = range(120).map((k) => {
  const factors = [sign(), sign(), sign()];
  const vector = (value: number): number[] => [value, 1, 0.1 * gaussian(random)];
  const item: FusedItem = {
    title: '·',
    categories: k % 5 === 0 ? [] : [factors[0]! > 0 ? 'round' : 'square'],
    tags: [],
    vectors: { ...(k % 3 !== 0 && { image: vector(factors[1]!) }), ...(k % 4 !== 0 && { audio: vector(factors[2]!) }) },
  };
  return { item, factors };
});
const table = Float32Array.from(world.flatMap(({ factors }) => factors));
const fusion = learnFusion(
  world.map(({ item }) => item),
  table,
  DIMENSIONS,
  { width: 16, ridge: 0.1 },
);
const projector = new FusionProjector(fusion);
const full: FusedItem = { title: 'New', categories: ['round'], tags: [], vectors: { image: [-1, 1, 0], audio: [1, 1, 0] } };
const factorsOf = (item: FusedItem): number[] => [...projector.project(item)!];
const near = (...values: number[]): unknown[] => values.map((value): unknown => expect.closeTo(value, 0));

describe('learnt projections', () => {
  it('are there for every set of modalities', () => {
    expect(fusion.modalities).toEqual(['topics', 'vector:audio', 'vector:image']);
    expect([...fusion.subsets]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('place a new item by all that is known of it', () => {
    expect(factorsOf(full)).toEqual(near(1, -1, 1));
  });

  it.each<[string, FusedItem, number]>([
    ['topics', { ...full, categories: [] }, 0],
    ['image', { ...full, vectors: { audio: [1, 1, 0] } }, 1],
    ['audio', { ...full, vectors: { image: [-1, 1, 0] } }, 2],
  ])('without %s lose what it told, and nothing else', (_, item, lost) => {
    const placed = factorsOf(item);
    expect(Math.abs(placed[lost]!)).toBeLessThan(0.5); // the mean of what is not known, instead of ±1
    const others = [1, -1, 1].flatMap((value, a) => (a === lost ? [] : [[placed[a]!, value]]));
    for (const [got, wanted] of others) expect(got).toBeCloseTo(wanted!, 0);
  });

  it.each<[string, FusedItem, number, number]>([
    ['topics', { ...full, vectors: {} }, 0, 1],
    ['image', { ...full, categories: [], vectors: { image: [-1, 1, 0] } }, 1, -1],
    ['audio', { ...full, categories: [], vectors: { audio: [1, 1, 0] } }, 2, 1],
  ])('place an item by %s alone', (_, item, told, value) => {
    expect(factorsOf(item)[told]).toBeCloseTo(value, 0);
  });

  it('place nothing that has no modality, and leave out a vector of another length or of zeros', () => {
    expect(
      projector.project({ title: 'New', categories: ['unknown'], tags: [], vectors: { image: [1, 2], audio: [0, 0, 0] } }),
    ).toBeUndefined();
    expect(factorsOf({ ...full, vectors: { image: [1], audio: [1, 1, 0] } })).toEqual(
      factorsOf({ ...full, vectors: { audio: [1, 1, 0] } }),
    );
  });

  it('are the same for the same items, and none for too few', () => {
    const few = learnFusion(
      world.slice(0, 7).map(({ item }) => item),
      table,
      DIMENSIONS,
      { width: 16, ridge: 0.1 },
    );
    expect([few.subsets.length, few.projections.length]).toEqual([0, 0]);
    expect(new FusionProjector(few).project(full)).toBeUndefined();
  });
});

it('is ridge regression, as by hand', () => {
  // x = ±1 after centring (identity space of the two categories: ±½ each), 4 items each, y = ±1: B = Σxy / (Σxx + λ) on both columns
  const items: FusedItem[] = range(8).map((k) => ({ title: '', categories: [k < 4 ? 'a' : 'b'], tags: [] }));
  const y = Float32Array.from(range(8).map((k) => (k < 4 ? 1 : -1)));
  const learnt = learnFusion(items, y, 1, { width: 4, ridge: 4 });
  // The categories tell y without error, so they count 10 and λ is 4 / 10. Columns (½, −½) move together: β = Σxy / (Σxx + λ) with Σxx of both
  // = 2 · 8 · ¼ = 4 and Σxy = 4: each column 4 / 4.4; y(a) = (½ + ½) · 4 / 4.4
  expect([...new FusionProjector(learnt).project(items[0]!)!]).toEqual([expect.closeTo(4 / 4.4, 5)]);
});

it('learns where factor vectors point, not how long they are', () => {
  const long = table.map((value, k) => value * (table[DIMENSIONS * Math.floor(k / DIMENSIONS)]! > 0 ? 1.9 : 0.1)); // round: long
  const learnt = learnFusion(
    world.map(({ item }) => item),
    long,
    DIMENSIONS,
    { width: 16, ridge: 0.1 },
  );
  const lengthOf = (category: string): number => Math.hypot(...new FusionProjector(learnt).project({ ...full, categories: [category] })!);
  expect(lengthOf('round') / lengthOf('square')).toBeCloseTo(1, 1);
});

describe('a modality that tells nothing', () => {
  const draw = seededRandom(11);
  const noise = (): number[] => range(32).map(() => gaussian(draw));
  const noisy = world.map(({ item }) => ({ ...item, vectors: { ...item.vectors, noise: noise() } }));
  const withNoise = new FusionProjector(learnFusion(noisy, table, DIMENSIONS, { width: 32, ridge: 0.1 }));

  it('moves no item', () => {
    const placed = range(20).map(() => [...withNoise.project({ ...full, vectors: { ...full.vectors, noise: noise() } })!]);
    for (const vector of placed) expect(vector).toEqual(near(1, -1, 1));
  });

  it('weighs nothing, and one that tells all the more', () => {
    const rows = range(100).map(() => Float64Array.from({ length: 12 }, () => gaussian(draw)));
    const outputs = rows.map((row) => [row[0]! + 0.1 * gaussian(draw), row[1]!]);
    expect(modalityWeights(rows, outputs, new ModalityLayout([2, 10]), 10)).toEqual([10, 0]);
  });
});

it('guesses what is missing from what is there', () => {
  // Shape and colour are one thing here, and the factor is colour: an item with a shape only is where its colour would put it.
  const items = range(40).map((k): FusedItem => {
    const image = [k % 2 === 0 ? 1 : -1, 1];
    return { title: '', categories: [k % 2 === 0 ? 'round' : 'square'], tags: [], ...(k < 20 && { vectors: { image } }) };
  });
  const y = Float32Array.from(range(40).map((k) => (k % 2 === 0 ? 1 : -1)));
  const placed = (item: FusedItem): number => new FusionProjector(learnFusion(items, y, 1, { width: 4, ridge: 0.01 })).project(item)![0]!;
  expect(placed(items[20]!)).toBeCloseTo(placed(items[0]!), 1);
  expect(placed(items[21]!)).toBeCloseTo(-placed(items[0]!), 1);
});
