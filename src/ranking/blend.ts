import type { Scorer, ScoringQuery } from '../models/model';
import { SparseScores } from '../models/sparse-scores';
import { TopK } from '../models/top-k';
import type { ModelName } from '../push/recommendation-list';
import { NO_FACTS, type ItemFacts } from './learnt-blend/item-facts';
import { CONTEXT_FEATURES, learntModels, rowsHad, weightsFor, type LearntBlend, type WeightSet } from './learnt-blend/learnt-blend';
import { FLOOR, ModelFeatures } from './learnt-blend/model-features';
import { RowMarks } from './learnt-blend/row-marks';

/**
 * How the scores of one model, whose scale is its own, are made comparable, over the candidates that it named:
 * - `max`: score / largest;
 * - `min-max`: (score − smallest) / (largest − smallest);
 * - `z-score`: (score − smallest) / standard deviation, i.e. the z-score counted from the model's weakest candidate, which
 *   ranks as the plain z-score does when an item that a model did not name counts as its weakest.
 * Equal scores all count 1. (Fox & Shaw, TREC-2 1994, CombSUM; Montague & Aslam, CIKM 2001 for the choices of scale.)
 */
export const FUSIONS = ['max', 'min-max', 'z-score'] as const;
export type Fusion = (typeof FUSIONS)[number];

/** Weight of each model; absent or 0: the model is not asked. Never negative. */
export type BlendWeights = Readonly<Partial<Record<ModelName, number>>>;

export interface BlendSettings {
  readonly weights: BlendWeights;
  readonly fusion: Fusion;
  /** About how many candidates each model may name. */
  readonly candidatesPerModel: number;
}

/** Weights set by hand, or learnt ones. */
export type Blend = BlendSettings | LearntBlend;

const isLearnt = (blend: Blend): blend is LearntBlend => 'format' in blend;

/** The models that a blend asks. */
export const blendedModels = (blend: Blend): ModelName[] =>
  isLearnt(blend) ? learntModels(blend) : (Object.keys(blend.weights) as ModelName[]).filter((name) => blend.weights[name]! > 0);

/** Whether a blend asks a model. */
export const blends = (blend: Blend, model: ModelName): boolean =>
  isLearnt(blend) ? blend.weights[0]!.models[model as 'popular'] !== undefined : (blend.weights[model] ?? 0) > 0;

export interface Share {
  readonly model: ModelName;
  /** In (0, 1]. */
  readonly share: number;
}

export interface Candidate {
  readonly row: number;
  /** Weighted sum of the normalised scores, and of what is known of the item where the blend is learnt; > 0. */
  readonly score: number;
  /** Share of each model in what models add to the score, largest first (ties: order of the scorers); sums to 1. */
  readonly shares: readonly Share[];
}

/** What a score of one model adds to the fused one; > 0. */
interface Scale {
  contribution(score: number): number;
}

/** contribution(score) = weight · (1 if factor is 0, else FLOOR + (score − offset) · factor); factor 0 stands for equal scores. */
class LinearScale implements Scale {
  constructor(
    private readonly weight: number,
    private readonly offset: number,
    private readonly factor: number,
  ) {}

  contribution(score: number): number {
    return this.weight * (this.factor === 0 ? 1 : FLOOR + (score - this.offset) * this.factor);
  }
}

/** contribution(score) = FLOOR + the weighted features of the score. One for a scorer, reused. */
class LearntScale implements Scale {
  readonly features = new ModelFeatures();
  private scoreWeight = 0;
  private logWeight = 0;

  weigh({ score, log }: { readonly score: number; readonly log: number }): this {
    this.scoreWeight = score;
    this.logWeight = log;
    return this;
  }

  contribution(score: number): number {
    const { features, scoreWeight, logWeight } = this;
    return FLOOR + scoreWeight * features.score(score) + (logWeight === 0 ? 0 : logWeight * features.log(score));
  }
}

/** Memory that blends reuse, so that a query costs what it touches. Never shared between concurrent blends. */
export class BlendScratch {
  readonly fused = new SparseScores();
  private readonly parts: SparseScores[] = [];
  private readonly scales: (Scale | undefined)[] = [];
  private readonly learntScales: LearntScale[] = [];
  readonly had = new RowMarks();

  /** The accumulator of the k-th scorer, clear and without a scale. */
  part(k: number): SparseScores {
    const part = (this.parts[k] ??= new SparseScores());
    part.clear();
    this.scales[k] = undefined;
    return part;
  }

  /** Adds what the k-th scorer named, in this scale, to the fused scores. */
  fusePart(k: number, scale: Scale): void {
    this.scales[k] = scale;
    const part = this.parts[k]!;
    for (const row of part.rows) this.fused.add(row, scale.contribution(part.get(row)));
  }

  /** The scale of learnt weights of the k-th scorer. */
  learntScale(k: number): LearntScale {
    return (this.learntScales[k] ??= new LearntScale());
  }

  /** What the k-th scorer added to a row in the last blend; 0 where it did not name it. */
  contributionOf(k: number, row: number): number {
    const scale = this.scales[k];
    return scale !== undefined && this.parts[k]!.has(row) ? scale.contribution(this.parts[k]!.get(row)) : 0;
  }
}

function scaleOf(scores: SparseScores, fusion: Fusion, weight: number): Scale {
  let smallest = Infinity;
  let largest = -Infinity;
  let sum = 0;
  for (const row of scores.rows) {
    const score = scores.get(row);
    if (score < smallest) smallest = score;
    if (score > largest) largest = score;
    sum += score;
  }
  const offset = fusion === 'max' ? 0 : smallest;
  const factor = 1 / spreadOf(scores, fusion, { smallest, largest, mean: sum / scores.rows.length });
  // Scores that differ by less than numbers can tell are equal.
  return largest > smallest && Number.isFinite(factor) ? new LinearScale(weight, offset, factor) : new LinearScale(weight, 0, 0);
}

/** What one unit of the fused scale is worth in the model's own. */
function spreadOf(
  scores: SparseScores,
  fusion: Fusion,
  { smallest, largest, mean }: { readonly smallest: number; readonly largest: number; readonly mean: number },
): number {
  if (fusion === 'max') return largest;
  if (fusion === 'min-max') return largest - smallest;
  let squares = 0;
  for (const row of scores.rows) squares += (scores.get(row) - mean) ** 2;
  return Math.sqrt(squares / scores.rows.length);
}

const weightOf = (weights: BlendWeights, scorer: Scorer): number => weights[scorer.name] ?? 0;

/**
 * Asks each weighted scorer for candidates and returns the fused score of every row that any of them named:
 * fused(row) = Σ over models m of weight(m) · normalised(m, row), or what a learnt blend makes of them (see `learntBlend`). Items of the history are in
 * it where a model named them. A model without a scorer adds nothing.
 * The result lives in `scratch` and is valid until the next blend with it. Deterministic for one order of the scorers.
 */
export function fuse(
  scorers: readonly Scorer[],
  query: ScoringQuery,
  settings: Blend,
  scratch: BlendScratch,
  facts: ItemFacts = NO_FACTS,
): SparseScores {
  scratch.fused.clear();
  if (isLearnt(settings)) fuseLearnt(scorers, query, settings, scratch, facts);
  else fuseWeighted(scorers, query, settings, scratch);
  return scratch.fused;
}

function fuseWeighted(scorers: readonly Scorer[], query: ScoringQuery, settings: BlendSettings, scratch: BlendScratch): void {
  scorers.forEach((scorer, k) => {
    const part = scratch.part(k);
    const weight = weightOf(settings.weights, scorer);
    if (!(weight > 0)) return;
    scorer.score(query, part, settings.candidatesPerModel);
    scratch.fusePart(k, scaleOf(part, settings.fusion, weight));
  });
}

function fuseLearnt(scorers: readonly Scorer[], query: ScoringQuery, learnt: LearntBlend, scratch: BlendScratch, facts: ItemFacts): void {
  const { models, context } = weightsFor(learnt, query.history.length);
  const { candidatesPerModel } = learnt;
  scratch.had.with(rowsHad(query.seen, learnt.repeats), (had) => {
    scorers.forEach((scorer, k) => {
      const part = scratch.part(k);
      const weights = models[scorer.name as 'popular'];
      if (weights === undefined) return;
      scorer.score(query, part, candidatesPerModel);
      if (part.rows.length === 0) return;
      const scale = scratch.learntScale(k).weigh(weights);
      scale.features.read(part, had);
      scratch.fusePart(k, scale);
    });
  });
  addContext(scratch.fused, query, context, facts);
}

/** Adds what is known of the candidates. A constant for each negative weight keeps scores above 0 and changes no order. */
function addContext(fused: SparseScores, query: ScoringQuery, context: WeightSet['context'], facts: ItemFacts): void {
  const weighed = CONTEXT_FEATURES.filter((name) => context[name] !== undefined && context[name] !== 0);
  if (weighed.length === 0) return;
  facts.ask(query);
  for (const name of weighed) {
    const weight = context[name]!;
    const constant = Math.max(0, -weight);
    for (const row of fused.rows) fused.add(row, constant + weight * facts.feature(name, row));
  }
}

/** Share of each scorer in what the scorers add to a row, after `fuse` with this scratch. */
function sharesOf(scorers: readonly Scorer[], row: number, scratch: BlendScratch): Share[] {
  const parts: { readonly model: ModelName; readonly part: number }[] = [];
  let total = 0;
  for (let k = 0; k < scorers.length; k++) {
    const part = scratch.contributionOf(k, row);
    if (!(part > 0)) continue;
    parts.push({ model: scorers[k]!.name, part });
    total += part;
  }
  const shares = parts.map(({ model, part }) => ({ model, share: part / total }));
  return shares.sort((a, b) => b.share - a.share); // stable: ties stay in the order of the scorers
}

export interface BlendLimits {
  /** How many candidates to return at most. */
  readonly limit: number;
  /** Rows to leave out before the cut; absent: none. */
  readonly keep?: (row: number) => boolean;
  /** Absent: nothing is known of items, which only a learnt blend can ask. */
  readonly facts?: ItemFacts;
}

/** The best candidates of the weighted blend, best first; ties: lower row first. No scorer or no candidate: empty. */
export function blend(
  scorers: readonly Scorer[],
  query: ScoringQuery,
  settings: Blend,
  { limit, keep, facts }: BlendLimits,
  scratch: BlendScratch,
): Candidate[] {
  const fused = fuse(scorers, query, settings, scratch, facts);
  if (limit < 1 || fused.rows.length === 0) return [];
  const best = new TopK(Math.min(limit, fused.rows.length));
  for (const row of fused.rows) {
    const score = fused.get(row);
    // What cannot get in any more needs no look at its item: while the heap is full, entry 0 is its worst.
    if (best.size === best.capacity && score < best.scoreAt(0)) continue;
    if (keep === undefined || keep(row)) best.offer(row, score);
  }
  best.sort();
  return Array.from({ length: best.size }, (_, k) => {
    const row = best.rowAt(k);
    return { row, score: best.scoreAt(k), shares: sharesOf(scorers, row, scratch) };
  });
}
