import { ItemIndex } from '../../models/item-index';
import type { TrainableModelName } from '../../models/model-catalogue';
import { ListCaps } from '../../ranking/domain/list-caps';
import { listRule } from '../../ranking/domain/list-rule';
import { rank } from '../../ranking/rank';
import { ruleSettings, type FallbackLevel, type SurfaceSettings } from '../../ranking/surface-settings';
import { DEMOS, simulateDomain } from '../../simulator/simulate-domain';
import type { SimulatedBehaviour } from '../../simulator/visit';
import type { PresetName } from '../../tenants/presets';
import { PRESETS } from '../../tenants/presets';
import { loadTenantSettings, surfaceOf } from '../../tenants/tenant-settings';
import { bootstrapDifference, bootstrapMean } from '../bootstrap';
import { DomainReplay, trainingEventsOf } from '../domains/domain-replay';
import type { EvaluationContext } from '../evaluation-context';
import { optionsFor } from '../fit-models';
import { hitAt, ndcgAt } from '../metrics';
import { loadScorer } from '../rankers';
import { figureCell, short } from '../report';
import type { Experiment, ExperimentTable } from './experiment';

const K = 10;
const USERS = 300;
/** Share of the behaviours, by time, that models are fitted on; what follows is asked. */
const FITTED = 0.8;
const MOST_CASES = 700;
/** A fixed moment, so that the same seed makes the same history. */
const NOW = Date.UTC(2026, 0, 15, 20);
const MODELS: readonly TrainableModelName[] = ['popular', 'session-knn', 'item-knn', 'transition', 'factor'];

/** What the rules of each preset cost on its own simulator. */
export const DOMAINS: Experiment = {
  name: 'domains',
  title: 'Domains: what the rules of each preset cost',
  datasets: [],
  run: async (context) => {
    const tables: ExperimentTable[] = [];
    for (const preset of PRESETS) tables.push(await presetTable(preset, context));
    return tables;
  },
};

interface Line {
  readonly name: string;
  readonly surface: SurfaceSettings;
  /** [cases] */
  readonly ndcg: number[];
  readonly hits: number[];
  breaking: number;
}

const withRules = (surface: SurfaceSettings, rules: SurfaceSettings['rules']): SurfaceSettings => ({ ...surface, rules });
const withLevels = (surface: SurfaceSettings, ...fallback: FallbackLevel[]): SurfaceSettings => ({ ...surface, fallback });

/** Each ranker with the rules and without, and the hybrid without each of them. */
function linesOf(surface: SurfaceSettings): { readonly on: Line[]; readonly off: Line[]; readonly without: Line[] } {
  const line = (name: string, own: SurfaceSettings): Line => ({ name, surface: own, ndcg: [], hits: [], breaking: 0 });
  const { excludeSeen } = surface.rules;
  const none = withRules(surface, ruleSettings.parse({ excludeSeen }));
  const rankers = (of: SurfaceSettings): Line[] => [
    line('hybrid', of),
    line('popular', withLevels(of, 'popular', 'newest')),
    line('newest', withLevels(of, 'newest')),
  ];
  const named = Object.keys(surface.rules).filter((rule) => !(rule in none.rules)) as (keyof SurfaceSettings['rules'])[];
  const without = named.map((rule) => {
    const { [rule]: _left, ...rest } = surface.rules;
    return line(`hybrid without \`${rule}\``, withRules(surface, rest as SurfaceSettings['rules']));
  });
  return { on: rankers(surface), off: rankers(none), without };
}

async function presetTable(preset: PresetName, context: EvaluationContext): Promise<ExperimentTable> {
  const { surface: name, title } = DEMOS[preset];
  const settings = loadTenantSettings({ tenants: { default: { preset } } }).get('default')!;
  const surface = surfaceOf(settings, name);
  const { items, history } = simulateDomain(preset, { seed: context.seed, now: NOW, users: USERS });
  const fitted = history.slice(0, Math.floor(FITTED * history.length));
  const index = new ItemIndex();
  const scorers = [];
  for (const model of MODELS) {
    const dataset = `demo-${preset}`;
    const fit = await context.fit({
      dataset,
      model,
      options: optionsFor(dataset, model, context),
      events: trainingEventsOf(fitted, settings.behaviour),
    });
    scorers.push(loadScorer(fit, index).scorer);
  }
  const replay = new DomainReplay({ items, settings: settings.behaviour, index, scorers });
  for (const behaviour of fitted) replay.apply(behaviour, false);
  const lines = linesOf(surface);
  const users = ask(replay, history.slice(fitted.length), [...lines.on, ...lines.off, ...lines.without], surface);
  return tableOf(`${title}, surface \`${name}\``, lines, users, context.seed);
}

/** Asks every line for the next item that a user looks at for the first time, for some of these, while time goes on. Returns the users asked. */
function ask(replay: DomainReplay, history: readonly SimulatedBehaviour[], lines: readonly Line[], surface: SurfaceSettings): Int32Array {
  const firsts = history.filter(({ type }) => type === 'view').length;
  const every = Math.max(1, Math.floor(firsts / MOST_CASES));
  const numbers = new Map<string, number>();
  const users: number[] = [];
  let views = 0;
  for (const behaviour of history) {
    const { type, userId, itemId, at } = behaviour;
    replay.advance(at);
    if (type === 'view' && itemId !== undefined && views++ % every === 0) {
      const profile = replay.profileOf(userId);
      if (!profile.history.has(itemId)) {
        if (!numbers.has(userId)) numbers.set(userId, numbers.size);
        users.push(numbers.get(userId)!);
        for (const line of lines) answer(replay, line, { profile, itemId, at, surface });
      }
    }
    replay.apply(behaviour, true);
  }
  return Int32Array.from(users);
}

interface Question {
  readonly profile: ReturnType<DomainReplay['profileOf']>;
  readonly itemId: string;
  readonly at: number;
  /** Whose rules a list may break. */
  readonly surface: SurfaceSettings;
}

function answer({ models, catalogue }: DomainReplay, line: Line, { profile, itemId, at, surface }: Question): void {
  const { items } = rank({ profile, models, catalogue, surface: line.surface, now: at });
  const place = items.findIndex((item) => item.itemId === itemId);
  line.ndcg.push(ndcgAt(place < 0 ? Infinity : place, K));
  line.hits.push(hitAt(place < 0 ? Infinity : place, K));
  const rule = listRule(surface.rules, { profile, catalogue, now: at });
  const caps = new ListCaps(surface.rules);
  const broken = items.some((listed) => {
    const item = catalogue.get(listed.itemId)!;
    if (rule(item) !== undefined || !caps.admits(item)) return true;
    caps.take(item);
    return false;
  });
  if (broken) line.breaking++;
}

function tableOf(where: string, { on, off, without }: ReturnType<typeof linesOf>, users: Int32Array, seed: number): ExperimentTable {
  const row = (line: Line, against: Line | undefined): string[] => [
    line.name,
    figureCell(bootstrapMean(line.ndcg, users, { seed })),
    short(line.hits.reduce((sum, hit) => sum + hit, 0) / users.length),
    `${((100 * line.breaking) / users.length).toFixed(0)} %`,
    against === undefined ? '' : differenceCell(against, line, users, seed),
  ];
  return {
    text:
      `${where[0]!.toUpperCase()}${where.slice(1)}: ${USERS} users, models fitted on the first ${100 * FITTED} % of the behaviours, live ones learning on; ${users.length} first views of an item asked ` +
      `for when they happen. The last column: NDCG with all rules minus this line’s; above 0: the rules help. The presets’ blends and half-lives were chosen on other seeds.`,
    columns: ['lists', `NDCG@${K}`, `hit@${K}`, 'lists that break a rule', 'what the rules add to NDCG'],
    rows: [
      ...on.map((line) => row({ ...line, name: `${line.name}, rules on` }, undefined)),
      ...off.map((line, k) => row({ ...line, name: `${line.name}, rules off` }, on[k])),
      ...without.map((line) => row(line, on[0])),
    ],
  };
}

function differenceCell(on: Line, other: Line, users: Int32Array, seed: number): string {
  const difference = bootstrapDifference(on.ndcg, other.ndcg, users, { seed });
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`;
  return `${signed(difference.value)} (${signed(difference.low)} to ${signed(difference.high)})`;
}
