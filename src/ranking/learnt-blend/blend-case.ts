import type { SourceName } from '../../push/recommendation-list';
import { CONTEXT_FEATURES } from './learnt-blend';

/** What was shown or could have been, and which of it was right: one list to learn from. */
export interface BlendCase {
  /** Small non-negative number of the user: what goes together in a fold and in a resample. */
  readonly user: number;
  /** How many items of history the models saw. */
  readonly history: number;
  /** [candidates × features], row-major, each in [0, 1]; see `FeatureLayout`. */
  readonly features: Float32Array;
  /** [candidates] ln of how many candidates each one stands for: those that no model ranks high are a sample. */
  readonly offsets: Float32Array;
  /** Candidates that were right, by their number, ascending; may be empty: none of the right ones was a candidate. */
  readonly positives: readonly number[];
  /** How many were right in all, candidates or not. */
  readonly right: number;
}

/** A blended model: any but the blend itself. */
export type { SourceName };

const BY_MODEL = 2;

/** Where features stand: score and log of each model in order (0, 0: it did not name the candidate; a log is above 0), then the context features. */
export class FeatureLayout {
  readonly width: number;

  constructor(readonly models: readonly SourceName[]) {
    this.width = BY_MODEL * models.length + CONTEXT_FEATURES.length;
  }

  scoreColumn(model: SourceName): number {
    return BY_MODEL * this.models.indexOf(model);
  }

  logColumn(model: SourceName): number {
    return this.scoreColumn(model) + 1;
  }

  contextColumn(k: number): number {
    return BY_MODEL * this.models.length + k;
  }
}

/** Cases of one layout. */
export interface BlendCases {
  readonly layout: FeatureLayout;
  readonly candidatesPerModel: number;
  /** Whether items that the user has had were candidates too. */
  readonly repeats: boolean;
  readonly cases: readonly BlendCase[];
}

/**
 * All cases of parts that were built with the same models and candidates, for one blend of them all. The numbers of users mean the same in each.
 * @throws RangeError for none, or when layouts differ.
 */
export function joinCases(parts: readonly BlendCases[]): BlendCases {
  const [first] = parts;
  const isSame = ({ layout, candidatesPerModel, repeats }: BlendCases): boolean =>
    layout.models.join() === first!.layout.models.join() && candidatesPerModel === first!.candidatesPerModel && repeats === first!.repeats;
  if (first === undefined || !parts.every(isSame)) throw new RangeError('only cases of one layout can be joined');
  return { ...first, cases: parts.flatMap(({ cases }) => cases) };
}

/** What a part of the blend looks at: columns of some models, and the context or not. */
export interface Selection {
  readonly models: readonly SourceName[];
  readonly context: boolean;
}

/** Columns of a selection: score and log of each of its models, then the context. */
export function columnsOf(layout: FeatureLayout, { models, context }: Selection): number[] {
  const ofModels = models.flatMap((model) => [layout.scoreColumn(model), layout.logColumn(model)]);
  return context ? [...ofModels, ...CONTEXT_FEATURES.map((_, k) => layout.contextColumn(k))] : ofModels;
}

/** Cases with the features of a selection alone. */
export interface SelectedCases {
  readonly cases: readonly BlendCase[];
  /** [features of a candidate] 1: of a model, whose weight may not be negative. */
  readonly nonNegative: Uint8Array;
}

/** The cases as a blend of this selection sees them: its columns, of the candidates that one of its models named. */
export function selectCases({ layout, cases }: BlendCases, selection: Selection): SelectedCases {
  const columns = columnsOf(layout, selection);
  const logs = selection.models.map((model) => layout.logColumn(model));
  return {
    cases: cases.map((example) => selectCase(example, layout.width, columns, logs)),
    nonNegative: Uint8Array.from(columns, (column) => (column < layout.contextColumn(0) ? 1 : 0)),
  };
}

function selectCase(
  { features, offsets, positives, ...rest }: BlendCase,
  width: number,
  columns: readonly number[],
  logs: readonly number[],
): BlendCase {
  const named: number[] = [];
  for (let i = 0; i < offsets.length; i++) if (logs.some((column) => features[i * width + column]! > 0)) named.push(i);
  const selected = new Float32Array(named.length * columns.length);
  named.forEach((i, k) => columns.forEach((column, f) => (selected[k * columns.length + f] = features[i * width + column]!)));
  return {
    ...rest,
    features: selected,
    offsets: Float32Array.from(named, (i) => offsets[i]!),
    positives: positives.map((i) => named.indexOf(i)).filter((k) => k >= 0),
  };
}
