import type { Scorer, ScoringQuery } from '../../models/model';
import { SparseScores } from '../../models/sparse-scores';
import { TopK } from '../../models/top-k';
import { FeatureLayout, type BlendCase, type BlendCases, type SourceName } from './blend-case';
import { factsOf, type ItemFacts } from './item-facts';
import { CONTEXT_FEATURES, rowsHad } from './learnt-blend';
import { ModelFeatures } from './model-features';
import { RowMarks } from './row-marks';

/** A question of which the answer is known. */
export interface BlendQuestion {
  readonly user: number;
  readonly query: ScoringQuery;
  /** Rows that were right. */
  readonly positives: readonly number[];
  /** Rows that are left out. */
  readonly excluded?: readonly number[];
  /** The only rows to choose from, e.g. what was shown; absent: whatever the models name. */
  readonly given?: readonly number[];
}

/** Candidates of a case that are kept: those that some model ranks highest, which alone can reach a list, and a sample of the others. */
export const HIGHEST_KEPT = 120;
export const SAMPLED = 80;

/** Logged groups of items shown together, some taken and some not, from which a blend is learnt rather than from a time split of history. */
export const ENOUGH_IMPRESSIONS = 2_000;

/** Whether there are enough logged groups to learn from: those with something taken and something not. */
export const isEnough = (questions: readonly BlendQuestion[]): boolean =>
  questions.filter(({ positives, given }) => positives.length > 0 && given !== undefined && given.length > positives.length).length >=
  ENOUGH_IMPRESSIONS;

interface Part {
  readonly scores: SparseScores;
  readonly features: ModelFeatures;
}

export interface CaseOptions {
  readonly candidatesPerModel: number;
  /** Whether items that the user has had are candidates too. @default false */
  readonly repeats?: boolean;
  /** @default what the scorers know */
  readonly facts?: ItemFacts;
}

/**
 * What to learn a blend from, by asking the models as they serve: of a time split of history, with models that have not seen what was next (`positives`:
 * the next items that the user liked), or of logged impressions (`given`: what was shown together, `positives`: what of it earned a positive behaviour).
 * One question after another is read; deterministic.
 */
export function blendCases(
  scorers: readonly Scorer[],
  questions: Iterable<BlendQuestion>,
  { candidatesPerModel, repeats = false, facts = factsOf(scorers) }: CaseOptions,
): BlendCases {
  const builder = new CaseBuilder(scorers, { candidatesPerModel, repeats, facts });
  const cases: BlendCase[] = [];
  for (const question of questions) cases.push(builder.build(question));
  return { layout: builder.layout, candidatesPerModel, repeats, cases };
}

export class CaseBuilder {
  readonly layout: FeatureLayout;
  private readonly parts: readonly Part[];
  private readonly had = new RowMarks();
  private readonly bestRanks = new SparseScores();

  constructor(
    private readonly scorers: readonly Scorer[],
    private readonly options: Required<CaseOptions>,
  ) {
    this.layout = new FeatureLayout(scorers.map(({ name }) => name as SourceName));
    this.parts = scorers.map(() => ({ scores: new SparseScores(), features: new ModelFeatures() }));
  }

  build({ user, query, positives, excluded = [], given }: BlendQuestion): BlendCase {
    this.ask(query);
    this.rank(new Set(excluded), given === undefined ? undefined : new Set(given));
    const { rows, offsets } = this.choose(positives);
    return {
      user,
      history: query.history.length,
      features: this.featuresOf(rows),
      offsets,
      positives: rows.flatMap((row, k) => (positives.includes(row) ? [k] : [])),
      right: positives.length,
    };
  }

  private ask(query: ScoringQuery): void {
    const { candidatesPerModel, repeats } = this.options;
    this.had.with(rowsHad(query.seen, repeats), (had) => {
      this.scorers.forEach((scorer, k) => {
        const { scores, features } = this.parts[k]!;
        scores.clear();
        scorer.score(query, scores, candidatesPerModel);
        features.read(scores, had);
      });
    });
    this.options.facts.ask(query);
  }

  /** Leaves −(1 + the best rank that a model gives), counted from 0, of each row to choose from in `bestRanks`, which is exact for whole numbers. */
  private rank(excluded: ReadonlySet<number>, given: ReadonlySet<number> | undefined): void {
    const { bestRanks } = this;
    bestRanks.clear();
    for (const { scores } of this.parts) {
      const rows = scores.rows.filter((row) => !excluded.has(row) && given?.has(row) !== false);
      rows.sort((a, b) => scores.get(b) - scores.get(a) || a - b);
      rows.forEach((row, rank) => {
        if (!bestRanks.has(row) || -1 - rank > bestRanks.get(row)) bestRanks.set(row, -1 - rank);
      });
    }
  }

  /** The right rows, the highest, and of the others one in so many, which stands for so many. */
  private choose(positives: readonly number[]): { readonly rows: readonly number[]; readonly offsets: Float32Array } {
    const { bestRanks } = this;
    const right = positives.filter((row) => bestRanks.has(row));
    const order = new TopK(Math.max(1, bestRanks.rows.length));
    for (const row of bestRanks.rows) if (!right.includes(row)) order.offer(row, bestRanks.get(row));
    order.sort();
    const highest = Math.min(order.size, HIGHEST_KEPT);
    const others = order.size - highest;
    const sampled = Math.min(others, SAMPLED);
    const rows = [...right];
    for (let k = 0; k < highest; k++) rows.push(order.rowAt(k));
    for (let k = 0; k < sampled; k++) rows.push(order.rowAt(highest + Math.floor(((k + 0.5) * others) / sampled)));
    const offset = Math.log(others / Math.max(1, sampled));
    return { rows, offsets: Float32Array.from(rows, (_, k) => (k < right.length + highest ? 0 : offset)) };
  }

  private featuresOf(rows: readonly number[]): Float32Array {
    const { width } = this.layout;
    const values = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      this.parts.forEach(({ scores, features }, k) => {
        if (!scores.has(row)) return;
        values[i * width + 2 * k] = features.score(scores.get(row));
        values[i * width + 2 * k + 1] = features.log(scores.get(row));
      });
      CONTEXT_FEATURES.forEach((name, k) => (values[i * width + this.layout.contextColumn(k)] = this.options.facts.feature(name, row)));
    });
    return values;
  }
}
