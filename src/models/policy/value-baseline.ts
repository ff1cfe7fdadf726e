import { STATE_WIDTH, type JudgedDecision } from './decision';

/** Constant, moment, their squares, and the place. */
const TERMS = 1 + 2 * STATE_WIDTH + 2;

/** [TERMS] of one place of a list. */
function termsOf(state: Uint8Array, place: number, into: Float64Array): void {
  into[0] = 1;
  for (let s = 0; s < STATE_WIDTH; s++) {
    const value = state[s]! / 255;
    into[1 + s] = value;
    into[1 + STATE_WIDTH + s] = value * value;
  }
  into[TERMS - 2] = 1 / Math.log2(place + 2);
  into[TERMS - 1] = 1 / (place + 1);
}

/**
 * What a place of a list is worth in a moment, whatever gets it: the mean reward there, by ridge regression on what is known of the moment and the
 * place. Knowing nothing of the candidates it leaves the mean of the gradient alone and takes variance from it. (Williams 1992.)
 */
export class ValueBaseline {
  private readonly terms = new Float64Array(TERMS);

  private constructor(readonly weights: Float64Array) {}

  static of(weights: Float64Array): ValueBaseline {
    return new ValueBaseline(weights);
  }

  /** Learns from every place of the decisions. None: everything is worth 0. @param ridge added to the diagonal, in places */
  static fit(decisions: readonly JudgedDecision[], ridge = 10): ValueBaseline {
    const gram = new Float64Array(TERMS * TERMS);
    const target = new Float64Array(TERMS);
    const terms = new Float64Array(TERMS);
    for (const { state, rewards } of decisions) {
      rewards.forEach((reward, place) => {
        termsOf(state, place, terms);
        for (let a = 0; a < TERMS; a++) {
          target[a]! += terms[a]! * reward;
          for (let b = 0; b < TERMS; b++) gram[a * TERMS + b]! += terms[a]! * terms[b]!;
        }
      });
    }
    for (let a = 0; a < TERMS; a++) gram[a * TERMS + a]! += ridge;
    return new ValueBaseline(solve(gram, target));
  }

  valueOf(state: Uint8Array, place: number): number {
    termsOf(state, place, this.terms);
    let value = 0;
    for (let a = 0; a < TERMS; a++) value += this.weights[a]! * this.terms[a]!;
    return value;
  }
}

/** x of A x = b, A positive definite, by Cholesky; A and b are used up. */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i * n + k]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k * n + i]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  return b;
}
