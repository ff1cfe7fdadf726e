import type { Item } from '../../src/catalogue/item';
import { factor } from '../../src/models/factor/factor';
import { ItemIndex } from '../../src/models/item-index';
import type { Scorer } from '../../src/models/model';
import { TRAINABLE_MODELS, trainableModels } from '../../src/models/model-catalogue';
import { bestUnseen, queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const range = (length: number): number[] => Array.from({ length }, (_, k) => k);
const options = { ...factor.defaults, dimensions: 8, epochs: 8 };
const fusing = { ...options, fuse: true };

/** Two tastes: even users had even items, odd users odd ones; each but one of his. What an item is says which kind it is, in one way only. */
const events = trainingEvents(
  range(20).flatMap((user) =>
    range(24).flatMap((item): EventTuple[] => (item % 2 === user % 2 && item !== user ? [[`u${user}`, `i${item}`]] : [])),
  ),
);
const item = (id: string, parts: Partial<Item>): Item => ({ id, title: '·', categories: [], tags: [], hidden: false, promoted: false, version: 1, ...parts }); // prettier-ignore
/** The k-th item tells its kind by its words, its category or its vector. */
const told = (id: string, kind: number, way: number): Item =>
  item(
    id,
    [
      { title: kind === 0 ? 'warm wool' : 'cold steel' },
      { categories: [kind === 0 ? 'soft' : 'hard'] },
      { vectors: { image: [kind, 1 - kind] } },
    ][way]!,
  );
const catalogue = range(24).map((k) => {
  const parts = range(3).map((way) => told(`i${k}`, k % 2, way));
  return { ...parts[0]!, categories: parts[1]!.categories, vectors: parts[2]!.vectors! };
});
const snapshot = factor.fit(events, fusing, undefined, catalogue);
const index = new ItemIndex();
const fused: Scorer = factor.scorer(snapshot, index, fusing)!;
const likes = (kind: number): ReturnType<typeof queryOf> => queryOf(index, range(24).filter((k) => k % 2 === kind).map((k) => `i${k}`)); // prettier-ignore
const best = (scorer: Scorer, kind: number): string | undefined => bestUnseen(scorer, index, likes(kind));

describe('a new item', () => {
  it.each([0, 1, 2])('that tells its kind in way %i alone is for those who like the kind', (way) => {
    for (const kind of [0, 1]) fused.placeItems!([told(`new-${kind}`, kind, way)]);
    expect(best(fused, 0)).toBe('new-0');
    expect(best(fused, 1)).toBe('new-1');
    const scores = scoresOf(fused, index, likes(0));
    expect(scores['new-0']!).toBeGreaterThan(3 * (scores['new-1'] ?? 0));
    for (const kind of [0, 1]) fused.displaceItem!(`new-${kind}`);
  });

  it('that tells nothing is nowhere, and one that was hidden is gone', () => {
    fused.placeItems!([item('blank', { title: '' }), told('shown', 0, 1)]);
    expect(best(fused, 0)).toBe('shown');
    fused.displaceItem!('shown');
    expect(['blank', 'shown'].filter((id) => id in scoresOf(fused, index, likes(0)))).toEqual([]);
  });

  it('that changes is placed anew', () => {
    fused.placeItems!([told('turns', 0, 1)]);
    fused.placeItems!([told('turns', 1, 1)]);
    expect(best(fused, 1)).toBe('turns');
    expect(scoresOf(fused, index, likes(0))['turns'] ?? 0).toBeLessThan(0.2);
    fused.displaceItem!('turns');
  });

  it('counts in a profile as soon as somebody has had it', () => {
    fused.placeItems!([told('first', 1, 1), told('second', 1, 2)]);
    expect(bestUnseen(fused, index, queryOf(index, ['first']))).toMatch(/^i\d*[13579]$|^second$/);
    for (const id of ['first', 'second']) fused.displaceItem!(id);
  });

  it('takes the room of the one that came first', () => {
    const small: Scorer = factor.scorer(snapshot, index, { ...fusing, fuseItems: 2 })!;
    small.placeItems!(['a', 'b', 'c'].map((id) => told(id, 0, 1)));
    const scores = scoresOf(small, index, likes(0));
    expect(['a', 'b', 'c'].map((id) => id in scores)).toEqual([false, true, true]);
    small.placeItems!([told('d', 0, 1)]);
    expect(['b', 'c', 'd'].map((id) => id in scoresOf(small, index, likes(0)))).toEqual([false, true, true]);
  });
});

describe('the items that somebody has had', () => {
  it('are scored as without fusing', () => {
    const plain: Scorer = factor.scorer(factor.fit(events, options), index, options)!;
    expect(scoresOf(fused, index, likes(0))).toEqual(scoresOf(plain, index, likes(0)));
    expect('placeItems' in plain).toBe(false);
  });

  it('lean on what they are where few had them, if that is asked for', () => {
    const rare = trainingEvents([...range(20).flatMap((user) => range(24).flatMap((k): EventTuple[] => (k % 2 === user % 2 && k !== user ? [[`u${user}`, `i${k}`]] : []))), ['u0', 'rare']]); // prettier-ignore
    const known = [...catalogue, told('rare', 0, 1)];
    const scoreOfRare = (evidence: number): number => {
      const own = { ...fusing, fuseEvidence: evidence };
      return scoresOf(factor.scorer(factor.fit(rare, own, undefined, known), index, own)!, index, likes(0))['rare'] ?? 0;
    };
    expect(scoreOfRare(5)).toBeGreaterThan(2 * scoreOfRare(0));
  });
});

it('off, a fit is not given the catalogue and its snapshot is what it was', () => {
  expect([TRAINABLE_MODELS.factor.readsCatalogue, trainableModels({ factor: { fuse: true } }).factor.readsCatalogue]).toEqual([
    false,
    true,
  ]);
  expect(Object.keys(factor.fit(events, options, undefined, catalogue))).toEqual(['items', 'dimensions', 'table', 'centroids', 'cellStart', 'members']); // prettier-ignore
});

it('is read from its bytes as it was fitted', async () => {
  const model = trainableModels({ factor: fusing }).factor;
  const { scorer } = model.load(model.encode(await model.fit(events, undefined, catalogue), 'v', 1), index);
  scorer.placeItems!([told('new', 0, 2)]);
  fused.placeItems!([told('new', 0, 2)]);
  expect(scoresOf(scorer, index, likes(0))).toEqual(scoresOf(fused, index, likes(0)));
  fused.displaceItem!('new');
});
