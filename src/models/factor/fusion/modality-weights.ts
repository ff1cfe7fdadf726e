import { type Matrix } from 'ml-matrix';
import type { ModalityLayout } from './modality-sets';
import { Moments, solveRidge } from './moments';

/** What a modality may count; its λ is that of the options divided by this. 0: it says nothing. */
const LEVELS = [0, 0.1, 0.3, 1, 3, 10] as const;
const NEUTRAL = LEVELS.indexOf(1);
const FOLDS = 5;
/** As good as leaving the modality out. */
const SHUT_OUT = 1e12;
/** Times that all modalities are gone through at most. */
const MOST_PASSES = 4;

export const lambdaOf = (weight: number, ridge: number): number => (weight === 0 ? SHUT_OUT : ridge / weight);

/** What was left out, and what is learnt from the rest of the rows: about the means of that rest. */
interface Fold {
  readonly products: Matrix;
  readonly right: Matrix;
  readonly heldOut: { readonly products: Matrix; readonly right: Matrix };
}

/**
 * How much each modality is to count in a regression of outputs on all of them, such that outputs of items that were left out are told best (5 folds,
 * item k in fold k mod 5; squared error): from all alike, one modality after the other is moved by a step of its λ while that helps. A modality that
 * adds noise rather than knowledge ends low, or out. Deterministic. `rows[k]`: [all numbers]; `outputs[k]`: [dimensions].
 */
export function modalityWeights(
  rows: readonly Float64Array[],
  outputs: readonly ArrayLike<number>[],
  layout: ModalityLayout,
  ridge: number,
): number[] {
  const folds = foldsOf(rows, outputs, layout.total);
  const { modalityOf } = layout;
  const errorOf = (levels: readonly number[]): number =>
    folds.reduce((sum, fold) => sum + errorIn(fold, (p) => lambdaOf(LEVELS[levels[modalityOf[p]!]!]!, ridge)), 0);
  let levels = layout.widths.map(() => NEUTRAL);
  let least = errorOf(levels);
  const tryStep = (m: number, step: number): boolean => {
    const moved = levels.map((level, other) => (other === m ? level + step : level));
    if (LEVELS[moved[m]!] === undefined) return false;
    const error = errorOf(moved);
    if (!(error < least)) return false;
    [levels, least] = [moved, error];
    return true;
  };
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = least;
    for (let m = 0; m < levels.length; m++) {
      for (const step of [1, -1]) while (tryStep(m, step));
    }
    if (least === before) break;
  }
  return levels.map((level) => LEVELS[level]!);
}

function foldsOf(rows: readonly Float64Array[], outputs: readonly ArrayLike<number>[], width: number): Fold[] {
  const dimensions = outputs[0]!.length;
  const parts = Array.from({ length: FOLDS }, () => new Moments(width + dimensions));
  const joint = new Float64Array(width + dimensions);
  rows.forEach((row, k) => {
    joint.set(row);
    joint.set(outputs[k]!, width);
    parts[k % FOLDS]!.add(joint);
  });
  const inputColumns = Array.from({ length: width }, (_, p) => p);
  const outputColumns = Array.from({ length: dimensions }, (_, a) => width + a);
  return parts.map((part): Fold => {
    const rest = new Moments(width + dimensions);
    for (const other of parts) if (other !== part) rest.merge(other);
    const inputs = { columns: inputColumns, centres: rest.means(inputColumns) };
    const towards = { columns: outputColumns, centres: rest.means(outputColumns) };
    const both = (moments: Moments) => ({ products: moments.products(inputs, inputs), right: moments.products(inputs, towards) });
    return { ...both(rest), heldOut: both(part) };
  });
}

/** Squared error on what was left out, less the part that no slopes change. */
function errorIn({ products, right, heldOut }: Fold, lambda: (input: number) => number): number {
  const slopes = solveRidge(products, right, lambda);
  const fitted = heldOut.products.mmul(slopes);
  let error = 0;
  for (let p = 0; p < slopes.rows; p++) {
    for (let a = 0; a < slopes.columns; a++) error += slopes.get(p, a) * (fitted.get(p, a) - 2 * heldOut.right.get(p, a));
  }
  return error;
}
