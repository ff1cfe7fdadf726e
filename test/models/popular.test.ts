import { ItemIndex } from '../../src/models/item-index';
import { popular, PopularScorer, type PopularityWindow } from '../../src/models/popular/popular';
import { seededRandom } from '../../src/platform/random';
import { queryOf, scoresOf } from './training-events';

const HOUR = 3_600_000;
const T = 1_700_000_000_000;

function empty(options: Partial<typeof popular.defaults> = {}) {
  const index = new ItemIndex();
  return { index, scorer: new PopularScorer({ ...popular.defaults, ...options }, index, () => new Float64Array(0)) };
}

type Fixture = ReturnType<typeof empty>;
const observe = ({ index, scorer }: Fixture, item: string, at = T, weight = 1): void =>
  scorer.observe({ row: index.intern(item), weight, at, previous: [] });
const top = ({ index, scorer }: Fixture, window: PopularityWindow, now = T, limit = 10, category?: string): [string, number][] =>
  scorer.top(window, now, limit, category).map(({ row, count }) => [index.idAt(row), count]);

describe('popular', () => {
  it('counts by weight, halving with each half-life of the window', () => {
    const fixture = empty();
    observe(fixture, 'old', T - 2 * HOUR);
    observe(fixture, 'old', T - 2 * HOUR, 0.5);
    observe(fixture, 'new', T - HOUR);
    expect(top(fixture, 'hour')).toEqual([
      ['new', expect.closeTo(0.5, 6)],
      ['old', expect.closeTo(1.5 / 4, 6)],
    ]);
    expect(top(fixture, 'all')).toEqual([
      ['old', expect.closeTo(1.5, 9)],
      ['new', 1],
    ]);
    expect(top(fixture, 'day', T + 22 * HOUR)[0]).toEqual(['old', expect.closeTo(1.5 / 2, 6)]);
  });

  it('is the same whatever the order of events: late ones need no care', () => {
    const [ordered, mixed] = [empty(), empty()];
    for (const hours of [5, 3, 1]) observe(ordered, 'a', T - hours * HOUR);
    for (const hours of [1, 5, 3]) observe(mixed, 'a', T - hours * HOUR);
    expect(top(mixed, 'hour')[0]![1]).toBeCloseTo(top(ordered, 'hour')[0]![1], 9);
  });

  it('does not overflow over decades', () => {
    const fixture = empty();
    observe(fixture, 'a', 0);
    observe(fixture, 'a', T);
    observe(fixture, 'b', T + 1);
    expect(top(fixture, 'hour', T + 1).map(([, count]) => count)).toEqual([1, expect.closeTo(1, 6)]);
    expect(Object.values(scoresOf(fixture.scorer, fixture.index, queryOf(fixture.index, [])))).toEqual([1, 0.5]);
  });

  it('orders ties by item id', () => {
    const fixture = empty();
    for (const item of ['b', 'c', 'a']) observe(fixture, item);
    expect(top(fixture, 'all').map(([item]) => item)).toEqual(['a', 'b', 'c']);
  });

  it('lists by category, and follows items that change theirs', () => {
    const fixture = empty();
    const { index, scorer } = fixture;
    scorer.setCategories(index.intern('a'), ['garden', 'garden/pots']);
    scorer.setCategories(index.intern('b'), ['garden']);
    for (const item of ['a', 'b', 'b', 'c']) observe(fixture, item);
    expect(top(fixture, 'all', T, 10, 'garden').map(([item]) => item)).toEqual(['b', 'a']);
    for (let n = 0; n < 2; n++) observe(fixture, 'a');
    expect(top(fixture, 'all', T, 10, 'garden').map(([item]) => item)).toEqual(['a', 'b']);
    scorer.setCategories(index.intern('a'), []);
    scorer.setCategories(index.intern('c'), ['garden']);
    expect(top(fixture, 'all', T, 10, 'garden').map(([item]) => item)).toEqual(['b', 'c']);
    expect(top(fixture, 'all', T, 10, 'garden/pots')).toEqual([]);
    expect(top(fixture, 'all', T, 10, 'unknown')).toEqual([]);
  });

  it('keeps its list of the best exact, as a full sort gives it, however items rise', () => {
    const fixture = empty({ longest: 5 });
    const random = seededRandom(11);
    const counts = new Map<string, number>();
    for (let n = 0; n < 2_000; n++) {
      const item = `i${Math.floor(random() ** 2 * 30)}`;
      observe(fixture, item, T);
      counts.set(item, (counts.get(item) ?? 0) + 1);
      if (n % 100 !== 99) continue;
      const expected = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5);
      expect(top(fixture, 'all').map(([, count]) => Math.round(count))).toEqual(expected.map(([, count]) => count));
    }
  });

  it('scores the most popular as a share of the best, for anyone, at most `limit`', () => {
    const fixture = empty();
    for (const item of ['a', 'a', 'b', 'a', 'a', 'c', 'c']) observe(fixture, item);
    const scores = scoresOf(fixture.scorer, fixture.index, queryOf(fixture.index, []), 2);
    expect(Object.keys(scores)).toEqual(['a', 'c']);
    expect(scores['a']).toBe(1);
    expect(scores['c']).toBeCloseTo(0.5, 9);
  });
});
