import SVM from 'libsvm-js/asm';
import type { Feature } from './behaviour-features';
import { scaled, scalingOf, type LinearModel } from './linear';

export interface SvmOptions {
  /** Of a user on the wrong side. @default 0.1 */
  readonly cost?: number;
}

/**
 * A linear support vector machine (C-SVC of LIBSVM: Chang and Lin, ACM TIST 2011) that tells rows with label 1 from those with 0, both of which must be there.
 * The rarer label counts more, so that both weigh the same. The weights are read from the model's text: w = Σ coefficient · support vector. Deterministic.
 */
export function fitLinearSvm(
  features: readonly Feature[],
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  { cost = 0.1 }: SvmOptions = {},
): LinearModel {
  const scaling = scalingOf(features, rows);
  const targets = Array.from(rows, (_, k) => labels[k]!);
  const positives = targets.reduce((sum, label) => sum + label, 0);
  const half = targets.length / 2;
  const svm = new SVM({
    type: SVM.SVM_TYPES.C_SVC,
    kernel: SVM.KERNEL_TYPES.LINEAR,
    cost,
    weight: { 0: half / (targets.length - positives), 1: half / positives },
    quiet: true,
  });
  try {
    svm.train(
      rows.map((row) => scaled(scaling, row)),
      targets,
    );
    return { scaling, ...weightsOf(svm.serializeModel(), features.length) };
  } finally {
    svm.free();
  }
}

/** LIBSVM's decision is Σ coefficient · ⟨sv, x⟩ − rho, above 0 for the label that stands first. */
function weightsOf(text: string, length: number): { readonly weights: Float64Array; readonly bias: number } {
  const lines = text.split('\n');
  const header = new Map(lines.slice(0, lines.indexOf('SV')).map((line): [string, string] => [line.split(' ')[0]!, line]));
  const numbers = (name: string): number[] => header.get(name)!.split(' ').slice(1).map(Number);
  const sign = numbers('label')[0] === 1 ? 1 : -1;
  const weights = new Float64Array(length);
  for (const line of lines.slice(lines.indexOf('SV') + 1)) {
    const [coefficient, ...entries] = line.trim().split(' ');
    for (const entry of entries) {
      const [place, value] = entry.split(':');
      weights[Number(place) - 1]! += sign * Number(coefficient) * Number(value);
    }
  }
  return { weights, bias: -sign * numbers('rho')[0]! };
}
