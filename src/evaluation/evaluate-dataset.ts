import { badInput } from '../platform/errors';
import type { EvaluationResult } from './evaluate-split';
import type { EvaluationContext } from './evaluation-context';
import { evaluateNextItem } from './next-item-suite';
import type { EvaluationReport } from './report';
import { evaluateSessions, tuneSessions } from './session-suite';
import { tuneBlend } from './tune-blend';

/** The protocols of one data set. */
interface Suite {
  evaluate(name: string, context: EvaluationContext): Promise<EvaluationResult[]>;
  /** What its validation part says the parameters should be. */
  tune(name: string, context: EvaluationContext): Promise<object>;
}

const SUITES: Readonly<Record<string, Suite>> = {
  'ml-100k': { evaluate: evaluateNextItem, tune: tuneBlend },
  'serenade-toy': { evaluate: evaluateSessions, tune: tuneSessions },
};

export const EVALUATED_DATASETS: readonly string[] = Object.keys(SUITES);

function suiteOf(name: string): Suite {
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (suite === undefined) throw badInput('dataset', `"${name}" has no protocol here; there are ${EVALUATED_DATASETS.join(', ')}`);
  return suite;
}

/** Fits and asks every model on the test parts of a data set. @throws BeckonError BAD_INPUT: no such data set, or its files are not right. */
export async function evaluateDataset(name: string, context: EvaluationContext): Promise<EvaluationReport> {
  return { dataset: name, seed: context.seed, results: await suiteOf(name).evaluate(name, context) };
}

/** Searches the parameters of a data set on its validation part. @throws BeckonError BAD_INPUT: no such data set, or its files are not right. */
export const tuneDataset = (name: string, context: EvaluationContext): Promise<object> => suiteOf(name).tune(name, context);
