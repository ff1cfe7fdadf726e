import type { Random } from '../platform/random';
import { ApiError } from './api-error';

export interface RetryOptions {
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Give up after so much waiting in all. */
  readonly patienceMs: number;
  readonly onRetry?: (error: ApiError) => void;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/**
 * The result of `work`, tried again after errors that say they are retryable: after `retryAfterMs` where the server names
 * it, else after 50 ms, doubled up to 2 s; up to half of it more by chance, so that many clients do not come back at once.
 * @throws the last error, when it is not retryable or patience is at its end.
 */
export async function retrying<T>(work: () => Promise<T>, { random, sleep, patienceMs, onRetry }: RetryOptions): Promise<T> {
  let waitedMs = 0;
  for (let backoffMs = FIRST_WAIT_MS; ; backoffMs = Math.min(LONGEST_WAIT_MS, 2 * backoffMs)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.retryable || waitedMs >= patienceMs) throw error;
      onRetry?.(error);
      const waitMs = (error.retryAfterMs ?? backoffMs) * (1 + random() / 2);
      waitedMs += waitMs;
      await sleep(waitMs);
    }
  }
}
