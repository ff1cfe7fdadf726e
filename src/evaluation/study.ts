import type { NewItem } from '../catalogue/catalogue';
import type { TrainableModelName } from '../models/model-catalogue';
import type { MetricSpec } from './metric-table';
import type { Part, Split } from './protocols';
import type { LackingQuery } from './staleness';

/** One protocol on one data set: what is asked, and how answers are counted. */
export interface StudyProtocol {
  /** Names it within the data set. */
  readonly protocol: string;
  readonly metrics: readonly MetricSpec[];
  /** How long a list is that a user would get. */
  readonly listSize: number;
  /** What parameters and blends are chosen by, on the validation part. */
  readonly goal: MetricSpec;
  /** What a profile looks like that lags behind; absent: the protocol has no staleness curve. */
  readonly lacking?: LackingQuery;
  /** What a part is fitted on and asks; the same object each time. */
  split(part: Part): Split;
}

/** A model once more, with settings that somebody else published. */
export interface StudyVariant {
  readonly model: TrainableModelName;
  readonly variant: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A data set as it is evaluated, in memory. */
export interface Study {
  readonly dataset: string;
  /** What is known of the items; empty: nothing. */
  readonly catalogue: readonly NewItem[];
  readonly protocols: readonly StudyProtocol[];
  readonly variants: readonly StudyVariant[];
}

/** A protocol whose splits are made when first asked for. */
export function studyProtocol(description: Omit<StudyProtocol, 'split'>, makeSplit: (part: Part) => Split): StudyProtocol {
  const made = new Map<Part, Split>();
  return {
    ...description,
    split(part) {
      const split = made.get(part) ?? makeSplit(part);
      made.set(part, split);
      return split;
    },
  };
}
