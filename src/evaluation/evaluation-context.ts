import type { TensorBackend } from '../models/tensor/open-tensors';
import type { Clock } from '../platform/clock';
import type { FitModel } from './fit-model';
import type { Progress } from './progress';

/** What every evaluation needs besides its data. */
export interface EvaluationContext {
  /** Folder of the data sets. */
  readonly dataDir: string;
  /** Of the bootstrap and of every model that draws. */
  readonly seed: number;
  /** What computes tensors in the fits. @default 'auto' */
  readonly backend?: TensorBackend | 'auto';
  readonly clock: Clock;
  readonly progress: Progress;
  readonly fit: FitModel;
  /** Where learnt hybrids and reports are kept; absent: nowhere. */
  readonly cacheFolder?: string;
  /** Make again what is kept. @default false */
  readonly fresh?: boolean;
  /** Fits that run side by side; with more than 1 their times are no longer comparable. @default 1 */
  readonly jobs?: number;
}
