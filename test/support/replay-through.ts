import { TENANT, type Beckon } from './beckon';
import type { ListWatcher } from './list-watcher';
import { behaviourStream, replay, type Acknowledgements } from './replayer';
import { readLog } from './stored-log';

interface ReplayThroughOptions {
  readonly seed: number;
  readonly users: readonly string[];
  readonly items: number;
  readonly count: number;
}

/**
 * Replays a stream, and does `harm` when a third of it is acknowledged. Resolves when everything is, and is in the log once, with the
 * numbers that were acknowledged.
 */
export async function replayThrough(
  beckon: Beckon,
  { seed, users, items, count }: ReplayThroughOptions,
  harm: () => Promise<void>,
): Promise<Acknowledgements> {
  const stream = behaviourStream({ seed, users, count, items, endAt: Date.now() });
  let harmed: Promise<void> | undefined;
  const acknowledged = await replay(stream, {
    client: beckon.as('replayer'),
    pauseMs: 5,
    onProgress: (done) => {
      if (done >= count / 3) harmed ??= harm();
    },
  });
  expect(harmed).toBeDefined();
  await harmed;
  expect(acknowledged.seqs.size).toBe(count);
  const log = await readLog(beckon.redis, beckon.keys, TENANT);
  const replayed = log.filter(({ id }) => id.startsWith(`replay-${seed}-`));
  expect(replayed.length).toBe(count);
  expect(new Map(replayed.map(({ id, seq }) => [id, seq]))).toEqual(acknowledged.seqs);
  return acknowledged;
}

/** Every screen shows its user's last behaviour, never having gone back. */
export async function expectShown(screens: readonly ListWatcher[], { users }: Acknowledgements, withinMs: number): Promise<void> {
  await Promise.all(
    screens.map(async (screen) => {
      const seq = users.get(screen.userId);
      if (seq !== undefined) await screen.covering(seq, { withinMs });
    }),
  );
  expect(screens.map(({ failure }) => failure).filter(Boolean)).toEqual([]);
}
