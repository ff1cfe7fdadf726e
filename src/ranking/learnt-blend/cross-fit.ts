import { seededRandom } from '../../platform/random';
import type { BlendCase, SelectedCases } from './blend-case';
import { caseNdcg } from './case-ndcg';
import { fitWeights } from './fit-weights';

/** Weights of a selection's columns for users with fewer items of history than `below`; the last set is for all the others. */
export interface FittedSet {
  readonly below: number;
  readonly weights: Float64Array;
}

export interface FitOptions {
  /** Pull of weights towards 0. */
  readonly l2: number;
  /** Lengths of history at which weights change, ascending; empty: the same weights for all. */
  readonly bounds: readonly number[];
}

/** A length of history with fewer cases than this is weighed as all are. */
const FEWEST_CASES = 100;
/** How much stronger the weights of one length of history are pulled to those of all than those to 0: there are fewer cases to learn from. */
const OWN_PULL = 10;

/** The weights of these cases, one set for each length of history. `start` changes how long it takes. */
export function fitSets({ cases, nonNegative }: SelectedCases, { l2, bounds }: FitOptions, start?: Float64Array): FittedSet[] {
  const centre = new Float64Array(nonNegative.length);
  const all = fitWeights({ cases, nonNegative, l2, centre, ...(start !== undefined && { start }) });
  const ends = [...bounds, Infinity];
  return ends.map((below, k) => {
    const from = ends[k - 1] ?? 0;
    const own = cases.filter(({ history }) => history >= from && history < below);
    const isOwn = bounds.length > 0 && own.length >= FEWEST_CASES;
    return { below, weights: isOwn ? fitWeights({ cases: own, nonNegative, l2: OWN_PULL * l2, centre: all }) : all };
  });
}

const setFor = (sets: readonly FittedSet[], { history }: BlendCase): FittedSet => sets.find(({ below }) => history < below)!;

/** [cases] 0 or 1: which half a case is in. All cases of a user are in one half; the halves are drawn with the seed. */
export function halvesOf(cases: readonly BlendCase[], seed: number): Uint8Array {
  const random = seededRandom(seed);
  const halves = new Map<number, number>();
  return Uint8Array.from(cases, ({ user }) => {
    const half = halves.get(user) ?? (random() < 0.5 ? 0 : 1);
    halves.set(user, half);
    return half;
  });
}

export interface CrossFit {
  /** [cases] NDCG@10 of each case, by weights that were learnt from the other half of the users. */
  readonly ndcgs: Float64Array;
  /** Of the last half, where the search for the weights of a similar blend may start. */
  readonly weights: Float64Array;
}

/** Learns from one half and asks the other, both ways. `start` changes how long it takes. */
export function crossFit({ cases, nonNegative }: SelectedCases, halves: Uint8Array, options: FitOptions, start?: Float64Array): CrossFit {
  const ndcgs = new Float64Array(cases.length);
  let weights = start ?? new Float64Array(nonNegative.length);
  for (const asked of [0, 1]) {
    const sets = fitSets({ cases: cases.filter((_, k) => halves[k] !== asked), nonNegative }, options, weights);
    weights = sets.at(-1)!.weights;
    cases.forEach((example, k) => {
      if (halves[k] === asked) ndcgs[k] = caseNdcg(example, setFor(sets, example).weights);
    });
  }
  return { ndcgs, weights };
}
