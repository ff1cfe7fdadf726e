import { setTimeout as after } from 'node:timers/promises';

/**
 * Calls `send` at a steady rate for so many seconds, each time with the moment for which it was scheduled. Never waits for what was sent
 * before: whoever measures from the scheduled moment measures the waiting of those who come while the system is slow, too.
 */
export async function openLoop(
  { ratePerSecond, seconds }: { readonly ratePerSecond: number; readonly seconds: number },
  send: (scheduledAt: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(ratePerSecond * seconds);
  for (let n = 0; n < total; n++) {
    const scheduledAt = startedAt + (n * 1000) / ratePerSecond;
    for (let early = scheduledAt - performance.now(); early > 0; early = scheduledAt - performance.now()) await after(early);
    send(scheduledAt);
  }
}
