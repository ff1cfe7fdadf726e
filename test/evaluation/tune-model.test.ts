import { toEventTable } from '../../src/evaluation/event-table';
import { fitInProcess, type FitModel } from '../../src/evaluation/fit-model';
import { noProgress } from '../../src/evaluation/progress';
import { lastOut, type Part } from '../../src/evaluation/protocols';
import { SEARCH_SPACES } from '../../src/evaluation/search-spaces';
import { studyProtocol, type Study } from '../../src/evaluation/study';
import { tuneModel } from '../../src/evaluation/tune-model';
import { modelDefaults, TRAINABLE_MODEL_NAMES } from '../../src/models/model-catalogue';
import { ManualClock } from '../../src/platform/clock';
import { seededRandom } from '../../src/platform/random';

describe('search spaces', () => {
  it.each(Object.keys(SEARCH_SPACES))('%s: only options that the model has, of their type', (name) => {
    const model = TRAINABLE_MODEL_NAMES.find((known) => known === name);
    if (model === undefined) return; // not trained yet
    const defaults = modelDefaults(model).defaults as Readonly<Record<string, unknown>>;
    const { fit, score } = SEARCH_SPACES[model]!;
    for (const [option, values] of Object.entries({ ...fit, ...score })) {
      for (const value of values) expect([option, typeof value]).toEqual([option, typeof defaults[option]]);
    }
  });

  it.each(TRAINABLE_MODEL_NAMES.filter((name) => name !== 'popular'))('%s has one', (name) => {
    expect(Object.keys(SEARCH_SPACES)).toContain(name);
  });
});

describe('tuneModel', () => {
  /** Everybody walks around the same ring of 12, each from somewhere else: what comes next follows from the newest item alone. */
  const random = seededRandom(4);
  const table = toEventTable(
    Array.from({ length: 30 }, (_, u) => {
      const from = Math.floor(random() * 12);
      return Array.from({ length: 7 }, (_unused, k) => ({ userId: `u${u}`, itemId: `i${(from + k) % 12}`, type: 'view', at: u * 100 + k }));
    }).flat(),
  );
  const asked: Part[] = [];
  const goal = { name: 'ndcg', k: 10 } as const;
  const study: Study = {
    dataset: 'ring',
    catalogue: [],
    protocols: [
      studyProtocol({ protocol: 'last-out', metrics: [goal], listSize: 10, goal }, (part) => {
        asked.push(part);
        return lastOut(table, part);
      }),
    ],
    variants: [],
  };
  let fits = 0;
  const fit: FitModel = (request) => {
    fits++;
    return fitInProcess(new ManualClock(0))(request);
  };
  const context = { dataDir: '', seed: 1, clock: new ManualClock(0), progress: noProgress, fit };

  it('finds options that are at least as good as those in use, on the validation part alone, and fits only when it must', async () => {
    const better: number[] = [];
    const found = await tuneModel(study, { model: 'transition', draws: 2, onBetter: ({ value }) => better.push(value) }, context);
    expect(found.value).toBeGreaterThanOrEqual(better[0]!);
    expect(better).toEqual(better.toSorted((a, b) => a - b));
    expect(Object.keys(found.point).toSorted()).toEqual(
      ['keep', 'linkDecay', 'profileDecay', 'profileItems', 'smoothing', 'window'], // sorted
    );
    expect(new Set(asked)).toEqual(new Set(['valid']));
    expect(fits).toBeLessThan(found.tried);
    expect(await tuneModel(study, { model: 'transition', draws: 2 }, context)).toEqual(found);
  });

  it('begins nothing more when its time is over', async () => {
    const clock = new ManualClock(0);
    const slow: FitModel = (request) => {
      clock.advance(1000);
      return fit(request);
    };
    const found = await tuneModel(study, { model: 'transition', budgetMs: 1500 }, { ...context, clock, fit: slow });
    expect(found.tried).toBeLessThanOrEqual(3);
  });

  it('refuses a model without options to choose', async () => {
    await expect(tuneModel(study, { model: 'popular' }, context)).rejects.toThrow('popular has no options to choose');
  });
});
