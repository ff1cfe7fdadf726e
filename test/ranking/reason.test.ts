import { citable, evidenceFor, likedTopicOf, reasonFor, type ReasonContext } from '../../src/ranking/reason';
import type { Share } from '../../src/ranking/blend';
import type { Scorer } from '../../src/models/model';
import { anItem, fixedScorer, indexOf, NOW, recentOf, near } from './fixtures';

const index = indexOf(['x', 'h1', 'h2', 'h3', 'h4', 'gone']);
const recent = recentOf(
  { itemId: 'h1', type: 'purchase', weight: 1 },
  { itemId: 'h2' },
  { itemId: 'h3' },
  { itemId: 'h4' },
  { itemId: 'h2', type: 'like', weight: 0.6 },
);
const context = (scorers: readonly Scorer[], liked: readonly [string, number][] = []): ReasonContext => ({
  query: { history: [], seen: [], now: NOW },
  scorers,
  index,
  behaviours: citable(recent),
  liked: new Map(liked),
});
const itemKnn = fixedScorer('item-knn', index, {}, { x: { h1: 3, h2: 1 } });
const transition = fixedScorer('transition', index, {}, { x: { h2: 10 } });
const shares = (...pairs: [Share['model'], number][]): Share[] => pairs.map(([model, share]) => ({ model, share }));
const candidate = (of: Share[], fields = {}) => ({ item: anItem('x', fields), score: 1, shares: of });

describe('evidenceFor', () => {
  it('weighs each model’s pulls by its share: h1 = .6 · ¾, h2 = .6 · ¼ + .4', () => {
    expect(evidenceFor(0, shares(['item-knn', 0.6], ['transition', 0.4]), context([itemKnn, transition]))).toEqual([
      { itemId: 'h2', type: 'view', at: NOW - 2000, share: near(0.55, 10) },
      { itemId: 'h1', type: 'purchase', at: NOW - 1000, share: near(0.45, 10) },
    ]);
  });
  it('cites only what is in the profile, not the item itself, at most three, with shares that sum to 1', () => {
    const scorer = fixedScorer('item-knn', index, {}, { x: { gone: 100, x: 50, h1: 4, h2: 3 } });
    const more = fixedScorer('transition', index, {}, { x: { h3: 9, h4: 1, h1: 1 } });
    const evidence = evidenceFor(0, shares(['item-knn', 0.5], ['transition', 0.5]), context([scorer, more]));
    expect(evidence).toHaveLength(3);
    expect(evidence.every(({ itemId }) => ['h1', 'h2', 'h3', 'h4'].includes(itemId))).toBe(true);
    expect(evidence.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  });
  it('does not ask a model with less than a tenth of the score, nor one that cannot say', () => {
    expect(evidenceFor(0, shares(['factor', 0.95], ['transition', 0.05]), context([fixedScorer('factor', index, {}), transition]))).toEqual(
      [],
    );
  });
});

describe('reasonFor', () => {
  it('is because_you where item-to-item models have most of the score together', () => {
    const reason = reasonFor(candidate(shares(['factor', 0.4], ['item-knn', 0.35], ['transition', 0.25])), context([itemKnn, transition]));
    expect(reason.code).toBe('because_you');
    expect(reason.evidence.map(({ itemId }) => itemId)).toEqual(['h2', 'h1']);
  });
  it('is people_like_you where models of other people have', () => {
    expect(reasonFor(candidate(shares(['factor', 0.7], ['item-knn', 0.3])), context([itemKnn]))).toEqual({
      code: 'people_like_you',
      evidence: [],
    });
  });
  it('goes to the next in size where nothing can be cited', () => {
    const silent = fixedScorer('item-knn', index, {}, {});
    expect(reasonFor(candidate(shares(['item-knn', 0.8], ['popular', 0.2])), context([silent])).code).toBe('popular');
    expect(reasonFor(candidate(shares(['item-knn', 1])), context([silent]))).toEqual({ code: 'people_like_you', evidence: [] });
  });
  it('is interest where content-based leads on a topic that the user likes', () => {
    const contentBased = fixedScorer('content-based', index, {}, { x: { h1: 1 } });
    const x = candidate(shares(['content-based', 0.6], ['item-knn', 0.4]), { categories: ['garden'] });
    expect(reasonFor(x, context([contentBased, itemKnn], [['c:garden', 1]]))).toMatchObject({
      code: 'interest',
      topic: 'c:garden',
      evidence: [{ itemId: 'h1', type: 'purchase', share: 1 }],
    });
    expect(reasonFor(x, context([contentBased, itemKnn])).code).toBe('because_you');
  });
  it('names the topic of a popular list, and calls the rest popular or new', () => {
    expect(reasonFor({ ...candidate(shares(['popular', 1])), topic: 'c:garden' }, context([]))).toEqual({
      code: 'popular_in_category',
      topic: 'c:garden',
      evidence: [],
    });
    expect(reasonFor(candidate(shares(['popular', 1])), context([])).code).toBe('popular');
    expect(reasonFor(candidate([]), context([])).code).toBe('new');
  });
});

describe('likedTopicOf', () => {
  it('is the most liked one, of equals the more special', () => {
    const item = anItem('x', { categories: ['garden', 'garden/pots'], tags: ['wool'] });
    expect(
      likedTopicOf(
        item,
        new Map([
          ['c:garden', 1],
          ['c:garden/pots', 1],
        ]),
      ),
    ).toBe('c:garden/pots');
    expect(
      likedTopicOf(
        item,
        new Map([
          ['c:garden', 2],
          ['t:wool', 1],
        ]),
      ),
    ).toBe('c:garden');
    expect(likedTopicOf(item, new Map())).toBeUndefined();
  });
});
