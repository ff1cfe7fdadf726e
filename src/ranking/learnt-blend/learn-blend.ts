import { selectCases, type BlendCases, type Selection, type SourceName } from './blend-case';
import { fitSets, type FittedSet } from './cross-fit';
import { Gate, meanNdcg, type Trial } from './gate';
import type { GateDecision, GateOverride, LearntHybrid, Refinement } from './gate-decision';
import type { Incumbent } from './incumbent';
import { CONTEXT_FEATURES, singleModelBlend, type LearntBlend, type WeightSet } from './learnt-blend';

export interface LearnOptions {
  /** Of the halves and of the bootstrap. */
  readonly seed: number;
  /** What a model must add to NDCG@10 to be worth its cost in every list. @default 0.0005 */
  readonly margin?: number;
  /** Level of the interval that has to be above 0: with 0.9, what adds nothing passes one time in twenty. @default 0.9 */
  readonly level?: number;
  /** Pull of the weights towards 0. @default 0.0001 */
  readonly l2?: number;
  /** @default every model `auto` */
  readonly overrides?: Readonly<Partial<Record<SourceName, GateOverride>>>;
  /** The hand-set blend that would serve otherwise; absent or undefined: there is none to beat. */
  readonly incumbent?: Incumbent | undefined;
  /** Told how many blends were tried so far. */
  readonly progress?: (tried: number) => void;
}

const DEFAULTS = { margin: 0.0005, level: 0.9, l2: 1e-4, overrides: {}, progress: () => undefined } as const;
/** Users with fewer items of history than these may get weights of their own. */
const HISTORY_BOUNDS = [10, 50] as const;

/**
 * The blend that the cases speak for, and why.
 *
 * The gate: each model in the blend adds at least the margin to the NDCG@10 of the others together, and the paired bootstrap interval of what it adds, over
 * users, is above 0. Two searches keep this rule, and the better blend counts: from the best model alone, the one that adds most joins, as long as one
 * passes (forward selection, Caruana et al., ICML 2004); from all models, the one that adds least leaves, until all pass (models that add only
 * together are found so). Then what is known of items, and weights of their own for users with little history, join by the same rule.
 * Where the searches end at one model, those weights are tried from all models: each may be right for other users.
 * All figures are of weights that were learnt from the other half of the users (cross-fitting); those of the blend itself are learnt from all. Unless the
 * operator forces a model, a blend that is not better than the best model alone is replaced by that: the blend is never worse for having a model. Nor is
 * it for being learnt: the hand-set blend that would serve otherwise, where one is given, stays as it is unless what is learnt is better.
 *
 * Deterministic in the seed. No case: the first model alone.
 * @throws RangeError when there is no model to choose from.
 */
export function learnBlend(data: BlendCases, given: LearnOptions): LearntHybrid {
  const options = { ...DEFAULTS, ...given, incumbent: given.incumbent ?? (new Map() as Incumbent) };
  const gate = new Gate(data, options);
  const best = gate.bestSingle();
  const { blend, refinements } = refine(gate, gate.search());
  const learnt = gate.forced.length > 0 || meanNdcg(blend) > meanNdcg(best) ? blend : best;
  const inUse = gate.incumbent();
  const keeps = inUse !== undefined && meanNdcg(inUse) >= meanNdcg(learnt);
  const final = keeps ? inUse : learnt;
  return {
    blend: keeps ? asItIs(data, inUse) : toBlend(data, learnt, options.l2),
    decisions: decideOn(data.layout.models, gate, final),
    refinements,
    ndcg: meanNdcg(final),
    single: { model: best.models[0]!, ndcg: meanNdcg(best) },
  };
}

function refine(gate: Gate, start: Trial): { readonly blend: Trial; readonly refinements: Refinement[] } {
  const refinements: Refinement[] = [];
  let blend = start;
  const consider = (refinement: Refinement['refinement'], tried: Trial): void => {
    const { figures, passes } = gate.compare(tried, blend);
    refinements.push({ refinement, joined: passes, ...figures });
    if (passes) blend = tried;
  };
  consider('context', gate.fit({ models: blend.models, context: true }, [], blend));
  consider('history', blend.models.length > 1 ? gate.fit(blend, HISTORY_BOUNDS, blend) : gate.byHistory(blend, HISTORY_BOUNDS));
  return { blend, refinements };
}

function decideOn(models: readonly SourceName[], gate: Gate, { models: chosen }: Trial): GateDecision[] {
  const blend = gate.of(chosen); // without refinements, so that models are compared with models
  return models
    .map((model) => ({ model, override: gate.override(model), joined: chosen.includes(model), ...gate.worth(model, blend).figures }))
    .sort((a, b) => Number(b.joined) - Number(a.joined) || b.gain - a.gain);
}

/** The blend in use, with the weights that it has. */
const asItIs = (data: BlendCases, { models, weights }: Trial): LearntBlend => ({
  ...formOf(data),
  weights: [toWeightSet({ below: Infinity, weights }, { models, context: false })],
});

/** Weights learnt from all cases. One model without refinements keeps its own order. */
function toBlend(data: BlendCases, { models, context, bounds }: Trial, l2: number): LearntBlend {
  if (models.length === 1 && !context && bounds.length === 0)
    return { ...singleModelBlend(models[0]!, data.candidatesPerModel), ...formOf(data) };
  const sets = fitSets(selectCases(data, { models, context }), { l2, bounds });
  return { ...formOf(data), weights: sets.map((set) => toWeightSet(set, { models, context })) };
}

const formOf = ({ candidatesPerModel, repeats }: BlendCases) => ({ format: 1 as const, candidatesPerModel, ...(repeats && { repeats }) });

function toWeightSet({ below, weights }: FittedSet, { models, context }: Selection): WeightSet {
  const ofModels = models.map((model, k) => [model, { score: weights[2 * k]!, log: weights[2 * k + 1]! }]);
  const ofContext = context ? CONTEXT_FEATURES.map((name, k) => [name, weights[2 * models.length + k]!]) : [];
  return {
    ...(below !== Infinity && { below }),
    models: Object.fromEntries(ofModels) as WeightSet['models'],
    context: Object.fromEntries(ofContext) as WeightSet['context'],
  };
}
