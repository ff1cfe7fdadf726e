import { ApiError } from '../../src/cli/api-error';
import { replayHistory, type BehaviourInput, type RecordPayload, type ReplayDeps, type ReplayOptions } from '../../src/cli/replay-history';
import { retrying } from '../../src/cli/retry';
import { run } from '../../src/cli/run';
import type { BehaviourRow } from '../../src/datasets/behaviour-mapping';
import type { GoodRow } from '../../src/datasets/row';
import { seededRandom } from '../../src/platform/random';
import { fakeTerminal, makeScratch } from './import-support';
import { startStubGateway, stubSchema } from './stub-gateway';

const rows = (count: number, users: number): GoodRow<BehaviourRow>[] =>
  Array.from({ length: count }, (_, k) => ({
    line: k + 2,
    record: { userId: `u${k % users}`, itemId: `i${k}`, type: 'view', at: 1_000 * k },
  }));
const stream = async function* <T>(things: readonly T[]): AsyncGenerator<T> {
  yield* things;
};
const accepted = (batch: readonly BehaviourInput[]): RecordPayload => ({
  recorded: batch.map(({ userId }, index) => ({ index, userId, status: 'ACCEPTED', seq: index })),
  rejections: [],
});

/** A clock that jumps to where a sleeper wants to be. */
class SleepersClock {
  time = 1_000_000;
  now = (): number => this.time;
  sleep = async (ms: number): Promise<void> => {
    this.time += ms;
    await Promise.resolve();
  };
}

function replay(
  send: ReplayDeps['send'],
  things: readonly GoodRow<BehaviourRow>[],
  options: Partial<ReplayOptions> = {},
  clock = new SleepersClock(),
): ReturnType<typeof replayHistory> {
  return replayHistory({ send, now: clock.now, sleep: clock.sleep }, stream(things), { fingerprint: 'f', ...options });
}

describe('replayHistory', () => {
  it('keeps the order of each user with many requests under way', async () => {
    const seen = new Map<string, string[]>();
    const random = seededRandom(1);
    const counts = await replay(
      async (batch) => {
        for (let turns = Math.floor(random() * 5); turns > 0; turns--) await Promise.resolve();
        for (const { userId, itemId } of batch) seen.set(userId, [...(seen.get(userId) ?? []), itemId!]);
        return accepted(batch);
      },
      rows(1_000, 40),
      { concurrency: 7, batch: 9 },
    );
    expect(counts).toEqual({ sent: 1_000, accepted: 1_000, duplicates: 0, repeats: 0, rejected: 0, lost: 0 });
    for (const items of seen.values()) expect(items).toEqual([...items].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
  });

  it('never has two requests with one user under way, nor more than allowed, nor larger ones', async () => {
    const underWay = new Map<string, number>();
    let [now, most, largest] = [0, 0, 0];
    await replay(
      async (batch) => {
        const users = new Set(batch.map(({ userId }) => userId));
        for (const user of users) expect(underWay.get(user) ?? 0).toBe(0);
        for (const user of users) underWay.set(user, 1);
        most = Math.max(most, ++now);
        largest = Math.max(largest, batch.length);
        await new Promise(setImmediate);
        for (const user of users) underWay.set(user, 0);
        now--;
        return accepted(batch);
      },
      rows(500, 60),
      { concurrency: 5, batch: 4 },
    );
    expect(most).toBe(5);
    expect(largest).toBe(4);
  });

  it('holds a rate, and stamps each behaviour with the time at which it is due', async () => {
    const clock = new SleepersClock();
    const times: number[] = [];
    await replay(
      async (batch) => (times.push(...batch.map(({ at }) => Date.parse(at))), accepted(batch)),
      rows(100, 10),
      { rate: 50, concurrency: 1 },
      clock,
    );
    expect(times[0]).toBe(1_000_000);
    expect(times.at(-1)).toBe(1_000_000 + 99 * 20);
    expect(clock.time).toBe(1_000_000 + 99 * 20);
  });

  it('follows the real distances at a speed', async () => {
    const clock = new SleepersClock();
    await replay(async (batch) => accepted(batch), rows(11, 3), { speed: 10 }, clock);
    expect(clock.time).toBe(1_000_000 + 1_000); // 10 s of history in one second
  });

  it('can keep the times as they were', async () => {
    const times: string[] = [];
    await replay(async (batch) => (times.push(...batch.map(({ at }) => at)), accepted(batch)), rows(2, 1), { times: 'keep' });
    expect(times).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:01.000Z']);
  });

  it('sends again only what the store failed to take, and counts the rest by what was said', async () => {
    const sent: string[][] = [];
    const reasons: [number, string][] = [];
    const counts = await replay(
      async (batch) => {
        sent.push(batch.map(({ id }) => id));
        if (sent.length > 1) return accepted(batch);
        return {
          recorded: [
            { index: 0, userId: 'u0', status: 'DUPLICATE', seq: 1 },
            { index: 1, userId: 'u0', status: 'REPEAT', seq: 1 },
          ],
          rejections: [
            { index: 2, code: 'UNAVAILABLE', field: 'userId', message: 'send it again' },
            { index: 3, code: 'UNKNOWN_TYPE', field: 'type', message: 'is not known' },
          ],
        };
      },
      rows(4, 1),
      { onReject: (line, reason) => reasons.push([line, reason]) },
    );
    expect(sent).toEqual([['file-f-2', 'file-f-3', 'file-f-4', 'file-f-5'], ['file-f-4']]);
    expect(counts).toEqual({ sent: 4, accepted: 1, duplicates: 1, repeats: 1, rejected: 1, lost: 0 });
    expect(reasons).toEqual([[5, 'UNKNOWN_TYPE type: is not known']]);
  });

  it('counts as lost what nobody answered for, as rejected what was refused as a whole', async () => {
    const away = (): Promise<RecordPayload> => Promise.reject(new ApiError('UNREACHABLE', 'no answer', { retryable: true }));
    expect(await replay(away, rows(3, 1))).toMatchObject({ sent: 3, lost: 3, rejected: 0 });
    const refused = (): Promise<RecordPayload> => Promise.reject(new ApiError('FORBIDDEN', 'needs a scope', { retryable: false }));
    expect(await replay(refused, rows(3, 1))).toMatchObject({ sent: 3, lost: 0, rejected: 3 });
  });

  it('does not hide a mistake of its own', async () => {
    await expect(replay(() => Promise.reject(new TypeError('ours')), rows(3, 1))).rejects.toThrow('ours');
  });
});

describe('retrying', () => {
  const away = new ApiError('UNAVAILABLE', 'away', { retryable: true });
  const failing = (times: number, error: Error = away): (() => Promise<string>) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw error;
      return 'done';
    };
  };
  const options = (waits: number[]): Parameters<typeof retrying>[1] => ({
    random: () => 0,
    sleep: async (ms) => waits.push(ms),
    patienceMs: 10_000,
  });

  it('waits 50 ms, doubled up to 2 s', async () => {
    const waits: number[] = [];
    expect(await retrying(failing(8), options(waits))).toBe('done');
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('waits as long as the server says', async () => {
    const waits: number[] = [];
    await retrying(failing(2, new ApiError('OVERLOADED', 'busy', { retryable: true, retryAfterMs: 700 })), options(waits));
    expect(waits).toEqual([700, 700]);
  });

  it('gives up when patience is at its end, and at once when trying again is no use', async () => {
    const waits: number[] = [];
    await expect(retrying(failing(1_000), options(waits))).rejects.toBe(away);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(10_000);
    const forbidden = new ApiError('FORBIDDEN', 'no', { retryable: false });
    const none: number[] = [];
    await expect(retrying(failing(1, forbidden), options(none))).rejects.toBe(forbidden);
    expect(none).toEqual([]);
  });
});

describe('beckon replay', () => {
  it('sends the later part of a file over HTTP with retries, prints the counts and sets the exit code', async () => {
    const scratch = await makeScratch();
    const received: BehaviourInput[] = [];
    const schema = stubSchema({
      Mutation: {
        recordBehaviours: (_: unknown, { behaviours }: { behaviours: BehaviourInput[] }) => {
          received.push(...behaviours);
          return {
            ...accepted(behaviours),
            recorded: behaviours.map(({ id, userId }, index) => ({ index, id, userId, status: 'ACCEPTED', seq: 1 })),
            users: [],
          };
        },
      },
    });
    const gateway = await startStubGateway(schema);
    const csv = ['user,item,at', ...Array.from({ length: 100 }, (_, k) => `u${k % 5},i${k},${1_700_000_000 + ((k * 37) % 100)}`)].join(
      '\n',
    );
    const file = await scratch.write('events.csv', csv);
    const terminal = fakeTerminal();
    const nothing = {
      openStore: () => Promise.reject(new Error('not needed')),
      inspectBacklog: () => Promise.reject(new Error('not needed')),
      onInterrupt: () => () => undefined,
    };
    expect(await run(['replay', file, '--from-fraction', '0.8', '--url', gateway.url, '--json'], { ...nothing, terminal })).toBe(0);
    expect(JSON.parse(terminal.text.out)).toMatchObject({ sent: 20, accepted: 20, lost: 0, unreadable: 0 });
    expect(new Set(received.map(({ itemId }) => (Number(itemId!.slice(1)) * 37) % 100))).toEqual(
      new Set(Array.from({ length: 20 }, (_, k) => 80 + k)),
    );
    await gateway.stop();

    const gone = fakeTerminal();
    expect(
      await run(['replay', file, '--from-fraction', '0.9', '--url', gateway.url, '--patience', '0', '--json'], {
        ...nothing,
        terminal: gone,
      }),
    ).toBe(1);
    expect(JSON.parse(gone.text.out)).toMatchObject({ sent: 10, accepted: 0, lost: 10 });
    await scratch.remove();
  });
});
