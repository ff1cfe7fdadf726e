import type { EvaluationContext } from '../evaluation-context';

/** What a part of the product gains and costs, asked by construction or on data: one section of the scoreboard. */
export interface Experiment {
  /** `npm run experiment -- --name` takes it; kebab-case. */
  readonly name: string;
  readonly title: string;
  /** Data sets that must be there; without one the stored result stays as it is. */
  readonly datasets: readonly string[];
  readonly run: (context: EvaluationContext) => Promise<readonly ExperimentTable[]>;
}

/** Cells are text; numbers are shortened to four significant digits by whoever fills them in. The first column names the row. */
export interface ExperimentTable {
  /** What was asked, of what, and what decides; Markdown, before the table. */
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What `--write` keeps as `docs/experiments/NAME.json`. */
export interface ExperimentResult {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly tables: readonly ExperimentTable[];
}
