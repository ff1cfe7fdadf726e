import type { Clock } from '../platform/clock';
import type { Progress } from './progress';

/** What every evaluation needs besides its data. */
export interface EvaluationContext {
  /** Folder of the data sets. */
  readonly dataDir: string;
  /** Of the bootstrap and of every model that draws. */
  readonly seed: number;
  /** Times the fits. */
  readonly clock: Clock;
  readonly progress: Progress;
}
