import { parameterCount } from '../../../src/models/policy/network';
import { PolicyScorer } from '../../../src/models/policy/policy';
import { seededRandom, type Random } from '../../../src/platform/random';
import { rank, type RankedList } from '../../../src/ranking/rank';
import type { SurfaceSettingsInput } from '../../../src/ranking/surface-settings';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, near, NOW, recentOf, someModels } from '../fixtures';

const items = ['h', 'a', 'b', 'c', 'd', 'e'].map((id, k) => anItem(id, { categories: [`shelf ${k}`] }));
const catalogue = aCatalogue(items);
const index = indexOf(items.map(({ id }) => id));
const knn = fixedScorer('item-knn', index, { a: 5, b: 4, c: 3, d: 2, e: 1 });
const profile = aProfile({ recent: recentOf({ itemId: 'h', type: 'purchase', weight: 1 }) });
/** Wants the opposite of the blend. */
const contrary = new PolicyScorer({
  hidden: 1,
  prior: -6,
  parameters: new Float64Array(parameterCount(1)),
  baseline: new Float64Array(1),
  decisions: 0,
});

function ranked(surface: Partial<SurfaceSettingsInput>, random?: Random, policy = contrary): RankedList {
  const models = someModels(index, [knn], { policy });
  return rank({ profile, models, catalogue, surface: aSurface(surface), now: NOW, ...(random && { random }) });
}
const ids = ({ items: listed }: RankedList): string[] => listed.map(({ itemId }) => itemId);

describe('a surface without exploration and policy', () => {
  it('makes the same list to the byte, whatever policy is live and whatever could be drawn', () => {
    const plain = rank({ profile, models: someModels(index, [knn]), catalogue, surface: aSurface(), now: NOW });
    for (const list of [ranked({}), ranked({}, seededRandom(1)), ranked({ policy: false }, seededRandom(1))]) {
      expect(JSON.stringify(list)).toBe(JSON.stringify(plain));
    }
    expect(JSON.stringify(plain)).not.toContain('propensity');
  });
});

describe('a surface with the policy', () => {
  it('is ordered by it, with the score and shares of the blend; no chance is involved', () => {
    const list = ranked({ policy: true });
    expect(ids(list)).toEqual(['e', 'd', 'c']);
    expect(list.items.map(({ propensity }) => propensity)).toEqual([null, null, null]);
    expect(list.items[0]).toMatchObject({ score: near(0.2), sources: [{ model: 'item-knn', share: 1 }], flags: [] });
    expect(list.decision).toBeUndefined();
  });

  it('is ordered by the blend while no policy has passed its gate', () => {
    const models = someModels(index, [knn]);
    expect(ids(rank({ profile, models, catalogue, surface: aSurface({ policy: true }), now: NOW }))).toEqual(['a', 'b', 'c']);
  });

  it('obeys the rules', () => {
    const denied = ranked({ policy: true, rules: { categories: { deny: ['shelf 5'] } } });
    expect(ids(denied)).toEqual(['d', 'c', 'b']);
  });
});

describe('a surface that explores', () => {
  const exploration = { places: 0.4, pool: 5, temperature: 1 };
  const lists = Array.from({ length: 400 }, (_, seed) => ranked({ exploration }, seededRandom(seed)));

  it('labels what was drawn, within the budget, and says each chance', () => {
    const all = lists.flatMap((list) => list.items);
    const explored = all.filter(({ flags }) => flags.includes('explored'));
    expect(explored.length / all.length).toBeGreaterThan(0.2);
    expect(explored.length / all.length).toBeLessThanOrEqual(0.4);
    for (const { propensity, flags } of all) {
      expect(propensity).toBeGreaterThan(0);
      // The best of what is left has at least the places that are not drawn; what is explored at most those that are.
      if (flags.includes('explored')) expect(propensity).toBeLessThan(0.4);
      else expect(propensity).toBeGreaterThanOrEqual(0.6);
    }
  });

  it('gives propensities with which every place sums to what was there: Σ 1 / β counts the candidates', () => {
    // E[1 / β] over the first place = number of candidates that can get it
    const mean = lists.reduce((sum, list) => sum + 1 / list.items[0]!.propensity!, 0) / lists.length;
    expect(mean).toBeGreaterThan(4);
    expect(mean).toBeLessThan(6);
  });

  it('keeps what could have been taken, and is the same for the same draws', () => {
    const list = ranked({ exploration }, seededRandom(3));
    expect(ranked({ exploration }, seededRandom(3))).toEqual(list);
    expect(list.decision).toMatchObject({ itemIds: ['a', 'b', 'c', 'd', 'e'], rule: exploration });
    expect(list.decision!.places.map(({ candidate }) => list.decision!.itemIds[candidate])).toEqual(ids(list));
    expect(list.decision!.places.map(({ propensity }) => propensity)).toEqual(list.items.map(({ propensity }) => propensity));
  });

  it('explores in the share of lists that it may', () => {
    const some = Array.from({ length: 200 }, (_, seed) => ranked({ exploration: { ...exploration, lists: 0.25 } }, seededRandom(seed)));
    const exploring = some.filter(({ decision }) => decision !== undefined).length;
    expect(exploring).toBeGreaterThan(30);
    expect(exploring).toBeLessThan(70);
    const other = some.find(({ decision }) => decision === undefined)!;
    expect(other.items.map(({ propensity }) => propensity)).toEqual([null, null, null]);
  });

  it('never draws a promoted slot, and says null for what a level below adds', () => {
    const promoted = anItem('p', { promoted: true });
    const many = aCatalogue([...items, promoted, anItem('n', { publishedAt: 5 })]);
    index.intern('p');
    const models = someModels(index, [fixedScorer('item-knn', index, { a: 5, p: 1 })]);
    const surface = aSurface({ exploration, size: 3, rules: { promotedSlots: [1] } });
    const list = rank({ profile, models, catalogue: many, surface, now: NOW, random: seededRandom(2) });
    expect(list.items[0]).toMatchObject({ itemId: 'p', propensity: null, flags: ['promoted'] });
    expect(list.items[2]).toMatchObject({ propensity: null, flags: ['padded'] });
  });
});
