import { Command, InvalidArgumentError } from 'commander';
import { ContentWriter } from '../src/content/write-content';
import { writeList } from '../src/content/write-list';
import { DEFAULT_DATA_DIR } from '../src/datasets/dataset';
import { ContentBasedScorer } from '../src/models/content-based/content-based';
import type { Scorer } from '../src/models/model';
import { TRAINABLE_MODEL_NAMES, trainableModels } from '../src/models/model-catalogue';
import { PopularScorer } from '../src/models/popular/popular';
import { SparseScores } from '../src/models/sparse-scores';
import type { ModelName } from '../src/push/recommendation-list';
import { BlendScratch } from '../src/ranking/blend';
import type { LearntBlend, WeightSet } from '../src/ranking/learnt-blend/learnt-blend';
import { popularListsOf } from '../src/ranking/popular-lists';
import { rank } from '../src/ranking/rank';
import type { RankingModels } from '../src/ranking/ranking-models';
import { scoringQueryOf } from '../src/ranking/scoring-query';
import type { SurfaceSettings } from '../src/ranking/surface-settings';
import { loadTenantSettings, surfaceOf } from '../src/tenants/tenant-settings';
import { movieLensWorkload, syntheticWorkload, type ScoreWorkload } from './score-workload';

/*
 * Candidates to explained list, without I/O: µs of one list of ten at 1,700, 20,000 and 200,000 items, for each model alone (its
 * candidates) and for the whole (all weighted models, blend, rules, diversity, reasons, content).
 */

const SIZES = [1_700, 20_000, 200_000] as const;
const SEED = 1;
const WARM_UP = 0.2;
const GATED: readonly string[] = ['factor', 'ncf', 'attention'];

interface Timing {
  readonly medianUs: number;
  readonly p99Us: number;
}

interface Measured {
  /** The hand-set blend. */
  readonly hybridMedianUs: number;
  readonly hybridP99Us: number;
  /** A learnt blend of the models that the gate lets through on ml-100k (see docs/scoreboard.md), by both features. */
  readonly gatedMedianUs: number;
  readonly gatedP99Us: number;
  /** A learnt blend of every model, by both features: the dearest that a gate could let through. */
  readonly allMedianUs: number;
  readonly allP99Us: number;
  readonly models: Readonly<Record<string, Timing>>;
}

/** µs of each run after a warm-up of a fifth as many. */
function measure(runs: number, run: (k: number) => void): Timing {
  for (let k = 0; k < runs * WARM_UP; k++) run(k);
  const times = new Float64Array(runs);
  for (let k = 0; k < runs; k++) {
    const start = performance.now();
    run(k);
    times[k] = (performance.now() - start) * 1_000;
  }
  times.sort();
  const quantile = (q: number): number => Math.round(times[Math.min(runs - 1, Math.floor(q * runs))]! * 10) / 10;
  return { medianUs: quantile(0.5), p99Us: quantile(0.99) };
}

/** Every model fitted on the workload. A score costs the same after one epoch as after twelve, so that what has epochs is fitted with one. */
async function fitModels({ events, index, catalogue }: ScoreWorkload): Promise<RankingModels> {
  const models = trainableModels({
    factor: { epochs: 1 },
    ease: { mostItems: 2_000 },
    ncf: { epochs: 1, leastSteps: 1 },
    attention: { epochs: 1 },
  });
  const scorers: Scorer[] = [];
  for (const name of TRAINABLE_MODEL_NAMES) {
    const scorer = models[name].scorer(await models[name].fit(events), index);
    if (scorer !== undefined) scorers.push(scorer);
  }
  const content = new ContentBasedScorer(index);
  for (const item of catalogue.values()) content.put(item);
  const popular = scorers.find((scorer) => scorer instanceof PopularScorer);
  for (const item of popular === undefined ? [] : catalogue.values()) popular!.setCategories(index.intern(item.id), item.categories);
  return {
    index,
    scorers: [...scorers, content],
    scratch: new BlendScratch(),
    ...(popular !== undefined && { popular: popularListsOf(popular, index) }),
  };
}

function measureModel(scorer: Scorer, { profiles, index, now }: ScoreWorkload, { runs, limit }: { runs: number; limit: number }): Timing {
  const queries = profiles.map((profile) => scoringQueryOf(profile, index, now));
  const into = new SparseScores();
  return measure(runs, (k) => {
    into.clear();
    scorer.score(queries[k % queries.length]!, into, limit);
  });
}

async function measureWorkload(workload: ScoreWorkload, surface: SurfaceSettings, runs: number): Promise<Measured> {
  const models = await fitModels(workload);
  const whole = measureLists(workload, models, surface, runs);
  const { candidatesPerModel } = surface.blend;
  const names = models.scorers.map(({ name }) => name);
  const gatedBlend = blendOf(
    names.filter((name) => GATED.includes(name)),
    candidatesPerModel,
  );
  const gated = measureLists(workload, models, { ...surface, learnt: gatedBlend }, runs);
  const all = measureLists(workload, models, { ...surface, learnt: blendOf(names, candidatesPerModel) }, runs);
  const timings = models.scorers.map(
    (scorer) => [scorer.name, measureModel(scorer, workload, { runs, limit: candidatesPerModel })] as const,
  );
  return {
    hybridMedianUs: whole.medianUs,
    hybridP99Us: whole.p99Us,
    gatedMedianUs: gated.medianUs,
    gatedP99Us: gated.p99Us,
    allMedianUs: all.medianUs,
    allP99Us: all.p99Us,
    models: Object.fromEntries(timings),
  };
}

function measureLists({ profiles, catalogue, now }: ScoreWorkload, models: RankingModels, surface: SurfaceSettings, runs: number): Timing {
  const writer = new ContentWriter(loadTenantSettings().get('default')!.templates);
  let levels = 0;
  const timing = measure(runs, (k) => {
    const profile = profiles[k % profiles.length]!;
    const { items, fallback } = rank({ profile, models, catalogue, surface, now });
    levels += fallback.level;
    if (writeList(writer, items, { locale: 'en', surface: 'home', catalogue }).length !== surface.size)
      throw new Error('a list came out short');
  });
  if (levels > 0) throw new Error('not every list was a full hybrid');
  return timing;
}

function blendOf(names: readonly ModelName[], candidatesPerModel: number): LearntBlend {
  const weights = names.map((name) => [name, { score: 1, log: 1 }]);
  return { format: 1, candidatesPerModel, weights: [{ models: Object.fromEntries(weights) as WeightSet['models'], context: {} }] };
}

/** One line for each model and the whole, one column for each size, median / p99 in µs. */
function table(results: ReadonlyMap<string, Measured>): string {
  const sizes = [...results];
  const names = Object.keys(sizes[0]![1].models);
  const cell = (text: string): string => text.padStart(20);
  const line = (name: string, timingOf: (measured: Measured) => Timing): string =>
    name.padEnd(16) + sizes.map(([, measured]) => cell(`${timingOf(measured).medianUs} / ${timingOf(measured).p99Us}`)).join('');
  return [
    'µs, median / p99'.padEnd(16) + sizes.map(([size]) => cell(`${size} items`)).join(''),
    ...names.map((name) => line(name, ({ models }) => models[name]!)),
    line('whole list', ({ hybridMedianUs, hybridP99Us }) => ({ medianUs: hybridMedianUs, p99Us: hybridP99Us })),
    line('… as gated', ({ gatedMedianUs, gatedP99Us }) => ({ medianUs: gatedMedianUs, p99Us: gatedP99Us })),
    line('… of all models', ({ allMedianUs, allP99Us }) => ({ medianUs: allMedianUs, p99Us: allP99Us })),
    '',
    ...sizes.slice(1).map(([size, { hybridMedianUs }], k) => {
      const [before, measured] = sizes[k]!;
      return `items × ${(Number(size) / Number(before)).toFixed(1)} (${before} → ${size}): time × ${(hybridMedianUs / measured.hybridMedianUs).toFixed(2)}`;
    }),
    '',
  ].join('\n');
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}

async function main(): Promise<void> {
  const program = new Command('bench:score')
    .description('µs of one explained list of ten, without I/O, at 1,700, 20,000 and 200,000 items')
    .option('--json', 'print one JSON object instead of the table')
    .option('--runs <n>', 'lists measured at each size', positive, 2_000)
    .option('--sizes <list>', 'numbers of items; 1700 is ml-100k where that is found', (text: string) => text.split(',').map(positive), [
      ...SIZES,
    ])
    .option('--data <folder>', 'folder of the data sets; without ml-100k in it the smallest size is simulated', DEFAULT_DATA_DIR)
    .parse();
  const { json, runs, data, sizes } = program.opts<{ json?: true; runs: number; data: string; sizes: number[] }>();
  const home = surfaceOf(loadTenantSettings().get('default')!, 'home');
  const surface = { ...home, size: 10 };
  const results = new Map<string, Measured>();
  for (const size of sizes) {
    const workload = (size === SIZES[0] ? await movieLensWorkload(data) : undefined) ?? syntheticWorkload(size, SEED);
    process.stderr.write(
      `${workload.label}: ${workload.index.size} items, ${workload.events.items.length} behaviours … fitting and measuring\n`,
    );
    results.set(String(size), await measureWorkload(workload, surface, runs));
  }
  const [smallest] = results.values();
  const items = Object.fromEntries(results);
  process.stdout.write(json ? `${JSON.stringify({ ...smallest, items })}\n` : table(results));
}

void main();
