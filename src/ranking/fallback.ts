import type { Scorer, ScoringQuery } from '../models/model';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import { blendedModels, blends, type Blend, type BlendSettings } from './blend';
import { agedShape, firstShape } from './domain/shape-candidates';
import { blendCandidates, newest, popularInInterests, popularInSegment, popularOverall, type LevelContext } from './level-candidates';
import type { LevelCandidate, ListFilling, Ordering } from './list-filling';
import type { FallbackLevel } from './surface-settings';

/** Models that need no training run, or only the session's items. */
const SESSION_MODELS: readonly ModelName[] = ['transition', 'session-knn', 'item-knn'];
const SESSION_ITEMS = 10;

const weighs = (settings: BlendSettings, model: ModelName): boolean => (settings.weights[model] ?? 0) > 0;
const inOrder = (scorers: readonly Scorer[]): Scorer[] =>
  [...scorers].sort((a, b) => MODEL_NAMES.indexOf(a.name) - MODEL_NAMES.indexOf(b.name));

const blendOf = ({ surface }: LevelContext): Blend => surface.learnt ?? surface.blend;

/** The blended models that are loaded, in the order of their names' list, so that sums do not depend on which was loaded first. */
const loaded = (context: LevelContext): Scorer[] => inOrder(context.models.scorers.filter(({ name }) => blends(blendOf(context), name)));

const isComplete = (context: LevelContext): boolean => loaded(context).length === blendedModels(blendOf(context)).length;

function wholeBlend(context: LevelContext): LevelCandidate[] {
  return blendCandidates(context, loaded(context), context.query, blendOf(context));
}

/** Live and session models over the newest items, with the surface's weights, or equal ones where it weighs none of them. */
function sessionBlend(context: LevelContext): LevelCandidate[] {
  const scorers = inOrder(context.models.scorers.filter(({ name }) => SESSION_MODELS.includes(name)));
  const { blend } = context.surface;
  const weighted = scorers.filter(({ name }) => weighs(blend, name));
  const settings = weighted.length > 0 ? blend : { ...blend, weights: Object.fromEntries(scorers.map(({ name }) => [name, 1])) };
  const history = context.query.history.slice(0, SESSION_ITEMS);
  const query: ScoringQuery = { history, seen: history.map(({ row }) => row), now: context.query.now };
  return blendCandidates(context, weighted.length > 0 ? weighted : scorers, query, settings);
}

const hasHistory = ({ query }: LevelContext): boolean => query.history.length > 0;

/** What each level proposes, best first; nothing where it cannot answer. */
const PROPOSALS: Readonly<Record<FallbackLevel, (context: LevelContext) => LevelCandidate[]>> = {
  hybrid: (context) => (hasHistory(context) && isComplete(context) ? wholeBlend(context) : []),
  partial: (context) => (hasHistory(context) && !isComplete(context) ? wholeBlend(context) : []),
  session: (context) => (hasHistory(context) ? sessionBlend(context) : []),
  popular_in_interests: popularInInterests,
  popular_in_segment: popularInSegment,
  popular: popularOverall,
  newest,
};

/** The level that answered: the first that has an item on the list. */
export interface FallbackAnswer {
  /** Index in the surface's chain; 0 is its best. */
  readonly level: number;
  readonly name: FallbackLevel;
}

/** How the candidates of a level are ordered; undefined: as the level proposes them. */
export type OrderLevel = (level: FallbackLevel, candidates: readonly LevelCandidate[]) => Ordering | undefined;

/** Asks the levels in their order, each for what is still open, and none once the list is full. An empty list answers by the last level. */
export function fillByLevels(
  list: ListFilling,
  context: Omit<LevelContext, 'open' | 'admits'>,
  admits: LevelContext['admits'],
  orderLevel?: OrderLevel,
): FallbackAnswer {
  const chain = context.surface.fallback;
  const admitsStill: LevelContext['admits'] = (item) => admits(item) && !list.has(item.id);
  const first = firstShape({ ...context, admits: admitsStill });
  const later = agedShape(context);
  for (const name of chain) {
    if (list.open === 0) break;
    const proposed = PROPOSALS[name]({ ...context, open: list.open, admits: admitsStill });
    const shape = list.chosen.length === 0 ? first : later;
    const candidates = proposed.length === 0 ? proposed : (shape?.(proposed) ?? proposed);
    list.fill(name, candidates, orderLevel?.(name, candidates));
  }
  const name = list.chosen[0]?.level ?? chain.at(-1)!;
  return { level: chain.indexOf(name), name };
}
