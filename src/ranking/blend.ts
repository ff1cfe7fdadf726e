import type { Scorer, ScoringQuery } from '../models/model';
import { SparseScores } from '../models/sparse-scores';
import { TopK } from '../models/top-k';
import type { ModelName } from '../push/recommendation-list';

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

export interface Share {
  readonly model: ModelName;
  /** In (0, 1]. */
  readonly share: number;
}

export interface Candidate {
  readonly row: number;
  /** Weighted sum of the normalised scores; > 0. */
  readonly score: number;
  /** Share of each model in the score, largest first (ties: order of the scorers); sums to 1. */
  readonly shares: readonly Share[];
}

/** What a model's weakest candidate is worth: it was named, so it stands above what was not. */
const FLOOR = 1e-6;

/** contribution(score) = weight · (1 if factor is 0, else FLOOR + (score − offset) · factor); factor 0 stands for equal scores. */
interface Scale {
  readonly weight: number;
  readonly offset: number;
  readonly factor: number;
}

const contribution = ({ weight, offset, factor }: Scale, score: number): number =>
  weight * (factor === 0 ? 1 : FLOOR + (score - offset) * factor);

/** Memory that blends reuse, so that a query costs what it touches. Never shared between concurrent blends. */
export class BlendScratch {
  readonly fused = new SparseScores();
  private readonly parts: SparseScores[] = [];
  private readonly scales: (Scale | undefined)[] = [];

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
    for (const row of part.rows) this.fused.add(row, contribution(scale, part.get(row)));
  }

  /** What the k-th scorer added to a row in the last blend; 0 where it did not name it. */
  contributionOf(k: number, row: number): number {
    const scale = this.scales[k];
    return scale !== undefined && this.parts[k]!.has(row) ? contribution(scale, this.parts[k]!.get(row)) : 0;
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
  return largest > smallest && Number.isFinite(factor) ? { weight, offset, factor } : { weight, offset: 0, factor: 0 };
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
 * fused(row) = Σ over models m of weight(m) · normalised(m, row). Items of the history are in it where a model named them.
 * The result lives in `scratch` and is valid until the next blend with it. Deterministic for one order of the scorers.
 */
export function fuse(scorers: readonly Scorer[], query: ScoringQuery, settings: BlendSettings, scratch: BlendScratch): SparseScores {
  const { fused } = scratch;
  fused.clear();
  scorers.forEach((scorer, k) => {
    const part = scratch.part(k);
    const weight = weightOf(settings.weights, scorer);
    if (!(weight > 0)) return;
    scorer.score(query, part, settings.candidatesPerModel);
    scratch.fusePart(k, scaleOf(part, settings.fusion, weight));
  });
  return fused;
}

/** Share of each scorer in the fused score of a row, after `fuse` with this scratch. */
function sharesOf(scorers: readonly Scorer[], row: number, scratch: BlendScratch): Share[] {
  const total = scratch.fused.get(row);
  const shares: Share[] = [];
  for (let k = 0; k < scorers.length; k++) {
    const part = scratch.contributionOf(k, row);
    if (part > 0) shares.push({ model: scorers[k]!.name, share: part / total });
  }
  return shares.sort((a, b) => b.share - a.share); // stable: ties stay in the order of the scorers
}

export interface BlendLimits {
  /** How many candidates to return at most. */
  readonly limit: number;
  /** Rows to leave out before the cut; absent: none. */
  readonly keep?: (row: number) => boolean;
}

/** The best candidates of the weighted blend, best first; ties: lower row first. No scorer or no candidate: empty. */
export function blend(
  scorers: readonly Scorer[],
  query: ScoringQuery,
  settings: BlendSettings,
  { limit, keep }: BlendLimits,
  scratch: BlendScratch,
): Candidate[] {
  const fused = fuse(scorers, query, settings, scratch);
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
