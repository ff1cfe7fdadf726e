import { ContentWriter } from '../../content/write-content';
import { writeList } from '../../content/write-list';
import { processCostClock } from '../../platform/process-cost-clock';
import type { ModelName } from '../../push/recommendation-list';
import { blendedModels } from '../../ranking/blend';
import { CostMeter } from '../../ranking/cost/cost-meter';
import { costSettings } from '../../ranking/cost/cost-settings';
import { rankWithinBudget } from '../../ranking/cost/rank-within-budget';
import type { RankingModels } from '../../ranking/ranking-models';
import type { SurfaceSettings } from '../../ranking/surface-settings';
import { loadTenantSettings, surfaceOf } from '../../tenants/tenant-settings';
import { bootstrapMean } from '../bootstrap';
import type { EvaluationContext } from '../evaluation-context';
import { fitModels } from '../fit-models';
import { hybridLine } from '../hybrid-line';
import { ndcgAt } from '../metrics';
import { openStudy } from '../open-study';
import type { EvaluationCase, Part, Split } from '../protocols';
import { figureCell } from '../report';
import { catalogueOf, profileOf, rankingModelsOf } from '../served-lists';
import type { Experiment, ExperimentTable } from './experiment';
import { onFrontier } from './frontier';

const DATASET = 'ml-100k';
const PROTOCOL = 'global-time';
const MOST_CASES = 1500;
/** Configurations take turns after so many lists, so that a machine that slows down slows down all of them. */
const BLOCK = 60;
const K = 10;
const WARM_UP = 300;
const BUDGET_SHARES = [0.75, 0.5, 0.25, 0.1];

/** What a list takes by configuration, and how good it is. */
export const COST: Experiment = {
  name: 'cost',
  title: 'Cost: what a list takes, and what leaving models out does to it',
  datasets: [DATASET],
  run: (context) => costTables(context, 'test'),
};

/** `valid`: for choosing the order in which models are dropped. */
export async function costTables(context: EvaluationContext, part: Part): Promise<ExperimentTable[]> {
  const study = await openStudy(DATASET, context.dataDir);
  const split = study.protocols.find(({ protocol }) => protocol === PROTOCOL)!.split(part);
  const { fitted } = await fitModels(study, split, context);
  const { learnt } = await hybridLine(study, fitted, context);
  const tenant = loadTenantSettings().get('default')!;
  const home = surfaceOf(tenant, 'home');
  const bench: Bench = {
    cases: sampleOf(split),
    models: rankingModelsOf(fitted, split.index),
    catalogue: catalogueOf(study.catalogue, split.index),
    content: new ContentWriter(tenant.templates),
  };
  const configurations = configurationsOf({ ...home, learnt: learnt.blend }, home, bench);
  measure(bench, configurations);
  return [curveTable(configurations, bench, context.seed), modelTable(configurations)];
}

interface Bench {
  readonly cases: readonly EvaluationCase[];
  readonly models: RankingModels;
  readonly catalogue: ReturnType<typeof catalogueOf>;
  readonly content: ContentWriter;
}

/** One way to make lists, and what came of it. */
interface Configuration {
  readonly name: string;
  readonly surface: SurfaceSettings;
  readonly meter?: CostMeter;
  readonly models: RankingModels;
  cpuMicros: number;
  /** [cases] */
  readonly ndcg: Float64Array;
  /** Lists that a model was left out of. */
  dropped: number;
  readonly microsOf: Map<ModelName, number>;
}

const sampleOf = ({ cases, caseCount }: Split): EvaluationCase[] => {
  const every = Math.ceil(caseCount / MOST_CASES);
  return [...cases()].filter((_, k) => k % every === 0);
};

function configurationsOf(learnt: SurfaceSettings, handSet: SurfaceSettings, bench: Bench): Configuration[] {
  const { cases, models } = bench;
  const configuration = (name: string, surface: SurfaceSettings, more: Partial<Configuration> = {}): Configuration => ({
    name,
    surface,
    models,
    cpuMicros: 0,
    ndcg: new Float64Array(cases.length),
    dropped: 0,
    microsOf: new Map(),
    ...more,
  });
  const without = (name: string, surface: SurfaceSettings): Configuration[] =>
    blendedModels(surface.learnt ?? surface.blend).map((model) =>
      configuration(`${name} without ${model}`, surface, {
        models: { ...models, scorers: models.scorers.filter((one) => one.name !== model) },
      }),
    );
  const whole = modelMs(bench, learnt);
  const budgets = BUDGET_SHARES.map((share) => Number((share * whole).toPrecision(2)));
  return [
    configuration('learnt blend', learnt),
    configuration('learnt blend, measured', learnt, { meter: meterOf() }),
    ...without('learnt blend', learnt),
    ...budgets.map((budgetMs) => configuration(`learnt blend, budget ${budgetMs} ms`, learnt, { meter: meterOf(budgetMs) })),
    configuration('hand-set blend', handSet),
    configuration('hand-set blend, measured', handSet, { meter: meterOf() }),
    ...without('hand-set blend', handSet),
    configuration('popular alone', { ...handSet, fallback: ['popular', 'newest'] }),
  ];
}

const meterOf = (budgetMs?: number): CostMeter =>
  new CostMeter(costSettings.parse(budgetMs === undefined ? {} : { budgetMs }), processCostClock);

/** What the models of a list take when everything is warm, in ms. */
function modelMs({ cases, models, catalogue }: Bench, surface: SurfaceSettings): number {
  const meter = meterOf();
  for (const { query } of cases.slice(0, WARM_UP)) {
    rankWithinBudget({ profile: profileOf(query, models.index), models, catalogue, surface, now: query.now }, meter, 0);
  }
  return blendedModels(surface.learnt ?? surface.blend).reduce((sum, model) => sum + meter.estimateOf(model), 0);
}

/** Makes every list with every configuration, in turns. The first block is made twice, so that nobody pays for what is cold. */
function measure(bench: Bench, configurations: readonly Configuration[]): void {
  const { cases } = bench;
  for (const configuration of configurations) for (let c = 0; c < BLOCK; c++) makeList(bench, configuration, c);
  for (const configuration of configurations) {
    configuration.dropped = 0;
    configuration.microsOf.clear();
  }
  for (let from = 0, turn = 0; from < cases.length; from += BLOCK, turn++) {
    configurations.forEach((_, k) => {
      const configuration = configurations[(k + turn) % configurations.length]!;
      const before = process.cpuUsage();
      for (let c = from; c < Math.min(cases.length, from + BLOCK); c++) makeList(bench, configuration, c);
      const { user, system } = process.cpuUsage(before);
      configuration.cpuMicros += user + system;
    });
  }
}

/** A list as a worker makes it, from a profile in memory to written content. */
function makeList({ cases, catalogue, content, models: { index } }: Bench, configuration: Configuration, c: number): void {
  const { query, targets } = cases[c]!;
  const { models, surface, meter } = configuration;
  const profile = profileOf(query, index);
  const { items, cost } = rankWithinBudget({ profile, models, catalogue, surface, now: query.now }, meter, 0);
  writeList(content, items, { locale: undefined, surface: 'home', catalogue });
  const target = index.idAt(targets[0]!);
  const place = items.findIndex(({ itemId }) => itemId === target);
  configuration.ndcg[c] = ndcgAt(place < 0 ? Infinity : place, K);
  if (cost === undefined) return;
  if (cost.dropped.length > 0) configuration.dropped++;
  for (const { model, cpuMicros } of cost.models) configuration.microsOf.set(model, (configuration.microsOf.get(model) ?? 0) + cpuMicros);
}

function curveTable(configurations: readonly Configuration[], { cases }: Bench, seed: number): ExperimentTable {
  const users = Int32Array.from(cases, ({ user }) => user);
  const lines = configurations.map(({ name, cpuMicros, ndcg, dropped }) => ({
    name,
    cost: cpuMicros / cases.length,
    value: bootstrapMean(ndcg, users, { seed }),
    dropped,
  }));
  const best = onFrontier(lines.map(({ cost, value }) => ({ cost, gain: value.value })));
  return {
    text:
      `${cases.length} lists of ${DATASET}, ${PROTOCOL}, test part, as the surface \`home\` serves them (20 items, diversity λ .9, NDCG@${K} of what is shown). CPU time of the process ` +
      'for 1,000 lists, all threads, from a profile in memory to written content: what a push costs besides is reading the profile, storing and sending. ' +
      'Configurations take turns. ◆: no other is both cheaper and at least as good. Whatever is left out is left out for all lists; a budget drops in the default order.',
    columns: ['configuration', 'milli-CPU-s for 1,000 lists', `NDCG@${K}`, 'lists with a model dropped', ''],
    rows: lines.map(({ name, cost, value, dropped }, k) => [
      name,
      cost.toFixed(0),
      figureCell(value),
      `${((100 * dropped) / cases.length).toFixed(0)} %`,
      best[k] === true ? '◆' : '',
    ]),
  };
}

/** What each model takes of a list, by the worker's own meter. */
function modelTable(configurations: readonly Configuration[]): ExperimentTable {
  const measured = configurations.filter(({ name }) => name.endsWith(', measured'));
  const models = [...new Set(measured.flatMap(({ microsOf }) => [...microsOf.keys()]))];
  return {
    text: 'What each model takes of a list, as the lists themselves say (`cost`), in µs; to score and to say why.',
    columns: ['model', ...measured.map(({ name }) => name.replace(', measured', ''))],
    rows: models.map((model) => [
      model,
      ...measured.map(({ microsOf, ndcg }) => (microsOf.has(model) ? (microsOf.get(model)! / ndcg.length).toFixed(0) : '–')),
    ]),
  };
}
