import type { BlendCase } from './blend-case';
import { ListwiseLoss, lossTerms, type LossTerms } from './listwise-loss';

export interface WeightProblem {
  /** Their features are those that are weighed, [weights] of each candidate. */
  readonly cases: readonly BlendCase[];
  /** [weights] 1: the weight may not be negative. */
  readonly nonNegative: Uint8Array;
  /** Strength of the pull towards `centre`: (l2 / 2) · |weights − centre|² is added to the mean loss of a case. > 0 */
  readonly l2: number;
  /** [weights] */
  readonly centre: Float64Array;
  /** [weights] Where the search starts, which changes how long it takes; absent: at the centre. */
  readonly start?: Float64Array;
}

const MOST_STEPS = 40;
/** A step that promises to lower the mean loss by less than this ends the search. */
const LEAST_DECREASE = 1e-6;
const MOST_HALVINGS = 20;

/**
 * The weights, [weights], with the least mean loss of a case plus the pull to the centre, none of those that may not be negative below 0. The problem is
 * strictly convex, so that there is one answer, found by projected Newton steps with an Armijo rule along the projection (Bertsekas, SIAM J. Control
 * 1982). No random numbers: the same cases in the same order give the same bits. No case with a positive: the centre.
 */
export function fitWeights(problem: WeightProblem): Float64Array {
  const { centre, start = centre } = problem;
  const loss = new ListwiseLoss(centre.length);
  let weights = Float64Array.from(start);
  const terms = lossTerms(centre.length);
  for (let step = 0; step < MOST_STEPS; step++) {
    evaluate(problem, loss, weights, terms);
    const direction = directionOf(problem, weights, terms);
    const promised = -dot(direction, terms.gradient);
    if (!(promised > LEAST_DECREASE)) break;
    const next = lineSearch(problem, loss, { weights, direction, value: terms.value, gradient: terms.gradient });
    if (next === undefined) break;
    weights = next;
  }
  return weights;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

function pull({ l2, centre }: WeightProblem, weights: Float64Array): number {
  let squares = 0;
  for (let f = 0; f < weights.length; f++) squares += (weights[f]! - centre[f]!) ** 2;
  return (l2 / 2) * squares;
}

/** Value, gradient and Hessian of the whole objective. */
function evaluate(problem: WeightProblem, loss: ListwiseLoss, weights: Float64Array, terms: LossTerms): void {
  const size = weights.length;
  terms.value = 0;
  terms.gradient.fill(0);
  terms.hessian.fill(0);
  for (const example of problem.cases) loss.add(example, weights, terms);
  const count = Math.max(1, problem.cases.length);
  terms.value = terms.value / count + pull(problem, weights);
  for (let f = 0; f < size; f++) {
    terms.gradient[f] = terms.gradient[f]! / count + problem.l2 * (weights[f]! - problem.centre[f]!);
    for (let g = 0; g < size; g++) terms.hessian[f * size + g]! /= count;
    terms.hessian[f * size + f]! += problem.l2;
  }
}

function valueAt(problem: WeightProblem, loss: ListwiseLoss, weights: Float64Array): number {
  let sum = 0;
  for (const example of problem.cases) sum += loss.valueOf(example, weights);
  return sum / Math.max(1, problem.cases.length) + pull(problem, weights);
}

/** The Newton step of the weights that may move: not those at their bound that the gradient, or the step itself, pushes against it. */
function directionOf({ nonNegative }: WeightProblem, weights: Float64Array, terms: LossTerms): Float64Array {
  const isBound = (f: number, push: number): boolean => nonNegative[f] === 1 && weights[f]! <= 0 && push < 0;
  let free = [...weights.keys()].filter((f) => terms.gradient[f] !== 0 && !isBound(f, -terms.gradient[f]!));
  for (;;) {
    const direction = newtonDirection(terms, free);
    const left = free.filter((f) => !isBound(f, direction[f]!));
    if (left.length === free.length) return direction;
    free = left;
  }
}

/** −H⁻¹ g over the free weights (Cholesky), 0 for the others. */
function newtonDirection({ gradient, hessian }: LossTerms, free: readonly number[]): Float64Array {
  const size = gradient.length;
  const n = free.length;
  const lower = new Float64Array(n * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let rest = -gradient[free[i]!]!;
    for (let j = 0; j <= i; j++) {
      let sum = hessian[free[i]! * size + free[j]!]!; // i ≥ j and `free` ascends: in the lower triangle
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.EPSILON)) : sum / lower[j * n + j]!;
      if (j < i) rest -= lower[i * n + j]! * y[j]!;
    }
    y[i] = rest / lower[i * n + i]!;
  }
  const direction = new Float64Array(size);
  for (let i = n - 1; i >= 0; i--) {
    let value = y[i]!;
    for (let k = i + 1; k < n; k++) value -= lower[k * n + i]! * direction[free[k]!]!;
    direction[free[i]!] = value / lower[i * n + i]!;
  }
  return direction;
}

interface SearchState {
  readonly weights: Float64Array;
  readonly direction: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The first of the steps 1, 1/2, 1/4 … that, projected, lowers the objective enough; undefined: none does. */
function lineSearch(problem: WeightProblem, loss: ListwiseLoss, { weights, direction, value, gradient }: SearchState) {
  for (let halving = 0, step = 1; halving < MOST_HALVINGS; halving++, step /= 2) {
    const next = weights.map((weight, f) => {
      const moved = weight + step * direction[f]!;
      return problem.nonNegative[f] === 1 ? Math.max(0, moved) : moved;
    });
    const moved = next.map((weight, f) => weight - weights[f]!);
    const enough = 1e-4 * dot(moved, gradient);
    if (enough < 0 && valueAt(problem, loss, next) <= value + enough) return next;
  }
  return undefined;
}
