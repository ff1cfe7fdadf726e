import { setTimeout as after } from 'node:timers/promises';
import { BeckonError } from './errors';
import { asUnavailable } from './redis';

const PAUSE_MS = 200;

/**
 * Runs `work` until it succeeds once, with a pause after each failure that lies in Redis being away; any other failure is
 * the last. Never rejects. For what must be done after a broken connection when the work needs another connection, which
 * may come back a little later.
 */
export async function keepTrying(
  work: () => Promise<unknown>,
  { until, onFailure }: { readonly until: () => boolean; readonly onFailure: (error: unknown) => void },
): Promise<void> {
  while (!until()) {
    try {
      await work();
      return;
    } catch (error) {
      onFailure(error);
      if (!isWorthTrying(error)) return;
      await after(PAUSE_MS, undefined, { ref: false });
    }
  }
}

/** Whether a failure lies in Redis being away, so that the same may succeed later. */
export function isWorthTrying(error: unknown): boolean {
  const known = asUnavailable(error);
  return known instanceof BeckonError && known.retryable;
}
