import { popularItems, relatedItems } from '../../src/ranking/related-items';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, NOW, someModels, near } from './fixtures';

const catalogue = aCatalogue([anItem('a'), anItem('b'), anItem('c', { hidden: true }), anItem('d', { promoted: true }), anItem('e')]);
const index = indexOf(['a', 'b', 'c', 'd', 'e']);
const scorers = [
  fixedScorer('transition', index, { a: 9, b: 4, c: 8, d: 2 }),
  fixedScorer('content-based', index, { d: 2, b: 1 }),
  fixedScorer('factor', index, { e: 100 }),
];
const popular = {
  top: ({ limit }: { limit: number }) => ['c', 'b', 'd', 'a'].slice(0, limit).map((itemId, k) => ({ itemId, score: 10 - k })),
};
const models = someModels(index, scorers, { popular });
const basis = { models, catalogue, now: NOW, limit: 10 };

describe('relatedItems', () => {
  it('blends the item-to-item models, without the item itself and what is hidden, and cites the item', () => {
    const related = relatedItems({ ...basis, itemId: 'a', surface: aSurface() });
    // transition over its largest (9): b .444, d .222; content-based over 2: b .5, d 1
    expect(related.map(({ itemId }) => itemId)).toEqual(['d', 'b']);
    expect(related[0]).toMatchObject({
      score: near(11 / 9, 4),
      flags: ['promoted'],
      reason: { code: 'because_you', evidence: [{ itemId: 'a', share: 1 }] },
    });
    expect(related[0]!.sources[0]).toEqual({ model: 'content-based', share: near(9 / 11, 4) });
  });
  it('uses the weights of the surface where it has any for these models', () => {
    const related = relatedItems({
      ...basis,
      itemId: 'a',
      surface: aSurface({ blend: { weights: { transition: 1, factor: 5 }, fusion: 'max' } }),
    });
    expect(related.map(({ itemId }) => itemId)).toEqual(['b', 'd']);
  });
  it('honours what the reader refused, and knows nothing of an unknown item', () => {
    const profile = aProfile({ notInterested: new Map([['d', 1]]) });
    expect(relatedItems({ ...basis, itemId: 'a', surface: aSurface(), profile }).map(({ itemId }) => itemId)).toEqual(['b']);
    expect(relatedItems({ ...basis, itemId: 'unheard of', surface: aSurface() })).toEqual([]);
  });
});

describe('popularItems', () => {
  it('lists what may be shown, the best first, up to the limit', () => {
    expect(popularItems({ ...basis, limit: 2 }).map(({ itemId }) => itemId)).toEqual(['b', 'd']);
    expect(popularItems({ ...basis, limit: 2 })[0]!.reason).toEqual({ code: 'popular', evidence: [] });
    expect(popularItems({ ...basis, limit: 1, category: 'x' })[0]!.reason).toEqual({
      code: 'popular_in_category',
      topic: 'c:x',
      evidence: [],
    });
  });
  it('reads on where many are unavailable', () => {
    const hidden = aCatalogue(['a', 'b', 'c', 'd'].map((id) => anItem(id, { hidden: id !== 'a' })));
    expect(popularItems({ ...basis, catalogue: hidden, limit: 1 }).map(({ itemId }) => itemId)).toEqual(['a']);
  });
  it('is empty without a popular model', () => expect(popularItems({ ...basis, models: someModels(index, []) })).toEqual([]));
});
