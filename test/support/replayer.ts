import { setTimeout as after } from 'node:timers/promises';
import type { ApiClient } from '../../src/cli/api-client';
import { ApiError } from '../../src/cli/api-error';
import { RECORD_BEHAVIOURS } from '../../src/cli/documents';
import { retrying } from '../../src/cli/retry';
import { seededRandom } from '../../src/platform/random';
import { itemId, type RecordPayload, type SentBehaviour } from './shop';

export type ReplayedBehaviour = Required<Omit<SentBehaviour, 'target' | 'recommendationId'>>;

const RETRIED_FOR_MS = 90_000;
const MINUTE_MS = 60_000;

/** A stream of behaviours over `users`, the same for the same seed: a minute apart for each user, so that none is a repeat. */
export function behaviourStream({
  seed,
  users,
  count,
  items,
  endAt,
}: {
  seed: number;
  users: readonly string[];
  count: number;
  items: number;
  endAt: number;
}): ReplayedBehaviour[] {
  const random = seededRandom(seed);
  const types = ['view', 'click', 'add_to_cart', 'purchase'];
  return Array.from({ length: count }, (_, n) => ({
    id: `replay-${seed}-${n}`,
    userId: users[Math.floor(random() * users.length)]!,
    type: types[Math.floor(random() * types.length)]!,
    itemId: itemId(Math.floor(random() * items)),
    at: new Date(endAt - (count - n) * MINUTE_MS).toISOString(),
  }));
}

/** What a replay was told. */
export class Acknowledgements {
  /** Behaviour id → seq, by the last answer. */
  readonly seqs = new Map<string, number>();
  /** User → largest seq acknowledged. */
  readonly users = new Map<string, number>();
  /** Codes of the errors that were tried again. */
  readonly retried = new Map<string, number>();

  take({ recorded }: RecordPayload['recordBehaviours']): void {
    for (const { id, userId, seq } of recorded) {
      this.seqs.set(id, seq);
      this.users.set(userId, Math.max(this.users.get(userId) ?? 0, seq));
    }
  }
}

export interface ReplayOptions {
  readonly client: ApiClient;
  readonly batch?: number;
  readonly inFlight?: number;
  /** Pause of each sender between two batches, to spread a stream over time. */
  readonly pauseMs?: number;
  /** Called after each batch with the number of behaviours acknowledged so far. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Sends a stream as a careful client does: batch after batch, and again with the same ids after anything that says it can be retried,
 * until all of it is acknowledged.
 * @throws ApiError for what cannot be retried, and Error for a behaviour that is rejected for good.
 */
export async function replay(
  stream: readonly ReplayedBehaviour[],
  { client, batch = 10, inFlight = 4, pauseMs = 0, onProgress }: ReplayOptions,
): Promise<Acknowledgements> {
  const acknowledged = new Acknowledgements();
  let next = 0;
  const sender = async (lane: number): Promise<void> => {
    const random = seededRandom(lane);
    while (next < stream.length) {
      let open = stream.slice(next, (next += batch));
      const send = async (): Promise<void> => {
        const { recordBehaviours: answer } = await client.request<RecordPayload>(RECORD_BEHAVIOURS, { behaviours: open });
        acknowledged.take(answer);
        const final = answer.rejections.find(({ code }) => code !== 'UNAVAILABLE');
        if (final) throw new Error(`${open[final.index]!.id}: ${final.code} ${final.message}`);
        open = answer.rejections.map(({ index }) => open[index]!);
        if (open.length > 0) throw new ApiError('UNAVAILABLE', 'some users of the batch could not be recorded', { retryable: true });
      };
      const onRetry = ({ code }: ApiError): void => void acknowledged.retried.set(code, (acknowledged.retried.get(code) ?? 0) + 1);
      await retrying(send, { random, sleep: after, patienceMs: RETRIED_FOR_MS, onRetry });
      onProgress?.(acknowledged.seqs.size);
      if (pauseMs > 0) await after(pauseMs); // the pace of the stream
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, lane) => sender(lane)));
  return acknowledged;
}
