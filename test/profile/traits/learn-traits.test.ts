import { seededRandom } from '../../../src/platform/random';
import { FeatureBuilder, type FeatureTable } from '../../../src/profile/traits/behaviour-features';
import { inferTraits } from '../../../src/profile/traits/infer-traits';
import { learnTraits } from '../../../src/profile/traits/learn-traits';
import { traitSettings } from '../../../src/profile/traits/trait-settings';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 4, 3);
const range = (length: number): number[] => Array.from({ length }, (_, k) => k);
const settings = traitSettings.parse({ enabled: true, attributes: ['segment'], fewestBehaviours: 5 });

/** Fans view ten horror films and two dramas, the others two and ten, give or take; all long ago is drama. */
function viewers(count: number): FeatureTable {
  const random = seededRandom(2);
  const builder = new FeatureBuilder({ windowMs: 30 * DAY });
  for (const k of range(count)) {
    const views = (category: string, times: number, at: number): void =>
      range(times).forEach((n) => builder.add(`u${k}`, { type: 'view', categories: [category], at: at - n }));
    views('drama', 50, NOW - 40 * DAY);
    views('horror', (k % 2 === 0 ? 10 : 2) + Math.floor(random() * 3), NOW - DAY);
    views('drama', (k % 2 === 0 ? 2 : 10) + Math.floor(random() * 3), NOW);
  }
  return builder.build();
}

describe('features', () => {
  it('tell how often, as what share and how much in all, in the window before the newest behaviour', () => {
    const builder = new FeatureBuilder({ windowMs: 30 * DAY, fewestUsers: 1 });
    builder.add('ann', { type: 'view', categories: ['horror', 'drama'], at: NOW });
    builder.add('ann', { type: 'view', categories: ['horror'], at: NOW - DAY });
    builder.add('ann', { type: 'view', categories: ['horror'], at: NOW - 31 * DAY });
    builder.add('bob', { type: 'purchase', categories: ['drama'], at: NOW - 300 * DAY });
    const { features, values, behaviours } = builder.build();
    const row = (user: number) =>
      Object.fromEntries(
        features.map(({ kind, type, category = '*' }, f) => [`${type} ${category} ${kind}`, values[user * features.length + f]]),
      );
    expect(row(0)).toMatchObject({
      'view horror count': 2,
      'view horror share': 1,
      'view drama count': 1,
      'view drama share': 0.5,
      'view * total': 2,
    });
    expect(row(1)).toMatchObject({ 'view horror count': 0, 'view horror share': 0, 'purchase drama count': 1, 'purchase * total': 1 });
    expect([...behaviours]).toEqual([2, 1]);
  });

  it('leave out what too few users did', () => {
    const builder = new FeatureBuilder({ windowMs: DAY, fewestUsers: 2 });
    builder.add('ann', { type: 'view', categories: ['rare', 'common'], at: NOW });
    builder.add('bob', { type: 'view', categories: ['common'], at: NOW });
    expect(builder.build().features.map(({ category }) => category)).toEqual(['common', 'common', undefined]);
  });
});

describe('learning traits', () => {
  const table = viewers(240);
  const declared = new Map([['segment', range(240).map((k) => (k >= 200 ? undefined : k % 2 === 0 ? 'fan' : 'other'))]]);
  const learned = learnTraits({ table, declared, settings, seed: 1 });
  const infer = (user: number, over: Partial<typeof settings> = {}) =>
    inferTraits({ table, user, attributes: ['segment'], values: learned.values, settings: { ...settings, ...over }, now: NOW });

  it('reports how well each value is told, and infers by what is better than its frequency', () => {
    expect(learned.reports.map(({ value, model, users, positives, auc, used }) => ({ value, model, users, positives, auc, used }))).toEqual(
      [
        { value: 'fan', model: 'tree', users: 200, positives: 100, auc: 1, used: true },
        { value: 'other', model: 'tree', users: 200, positives: 100, auc: 1, used: true },
      ],
    );
    expect(learned.reports[0]!.low).toBeGreaterThan(0.2);
  });

  it('infers of those who declared nothing, and says why', () => {
    expect(infer(200)).toEqual([
      {
        attribute: 'segment',
        value: 'fan',
        probability: expect.any(Number) as number,
        model: 'tree',
        path: [expect.stringMatching(/^viewed \d+ × (horror|drama) in 30 days \((at least|fewer than) \d+\)$/) as string],
        at: NOW,
      },
    ]);
    expect(infer(201)).toMatchObject([{ value: 'other' }]);
    expect(infer(200)[0]!.probability).toBeGreaterThan(0.9);
  });

  it('infers nothing of who did too little, or below the threshold', () => {
    expect(infer(200, { fewestBehaviours: 1000 })).toEqual([]);
    expect(infer(200, { threshold: 1 })).toEqual([]);
  });

  it('does not use what says no more than the frequency, and learns no value that too few users have', () => {
    const random = seededRandom(4);
    const drawn = new Map([['segment', range(240).map(() => (random() < 0.5 ? 'a' : 'b'))]]);
    const { values, reports } = learnTraits({ table, declared: drawn, settings: { model: 'best', fewestUsers: 50 }, seed: 1 });
    expect(values).toEqual([]);
    expect(reports.map(({ value, model, used }) => [value, model, used])).toHaveLength(4);
    expect(reports.some(({ used }) => used)).toBe(false);
    expect(learnTraits({ table, declared, settings: { model: 'tree', fewestUsers: 101 }, seed: 1 }).reports).toEqual([]);
  });
});
