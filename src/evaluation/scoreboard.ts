import type { EvaluationReport } from './evaluate-study';
import type { OffPolicyResult } from './off-policy/evaluate-policy';

/** What `npm run scoreboard` found: `docs/scoreboard.json`, from which the page is written. */
export interface Scoreboard {
  readonly seed: number;
  /** What was asked for; what computed each fit stands with it. */
  readonly backend: string;
  /** Processor cores of the machine, which is all that is told of it. */
  readonly cores: number;
  readonly node: string;
  /** Fits side by side; with 1 their times are honest. */
  readonly jobs: number;
  readonly reports: readonly EvaluationReport[];
  /** Empty: the data set was not there. */
  readonly offPolicy: readonly OffPolicyResult[];
  /** Data sets that were not there. */
  readonly absent: readonly string[];
}

/** JSON of a scoreboard: numbers to six significant digits, infinite ones as text. Ends with a line break. */
export const scoreboardJson = (board: Scoreboard): string =>
  `${JSON.stringify(board, (_, value: unknown) => (typeof value === 'number' ? shortNumber(value) : value), 1)}\n`;

const shortNumber = (value: number): number | string => (Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value));
