import type { RedisConnection } from '../platform/redis-connection';
import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { TrainingEvents } from '../models/model';
import { readLearnable, type LearnableDeps } from './learnable-history';
import { TrainingEventsBuilder } from './training-events';

export interface CollectedHistory {
  readonly events: TrainingEvents;
  /** Log shard → id of the last entry that was read. */
  readonly positions: Readonly<Record<string, string>>;
}

interface CollectOptions {
  /** Told how many shards are read. */
  readonly onShard?: (done: number, total: number) => void;
  /** Shown every behaviour that may be learnt from, also those that say nothing about taste, shard by shard. */
  readonly onBehaviour?: (behaviour: LoggedBehaviour) => void;
}

/** Everything that a tenant's users did, and let be learnt from, to items that the catalogue knows: ids that it does not know are not learnt, which bounds a snapshot. */
export async function collectHistory(
  deps: LearnableDeps,
  tenant: string,
  { onShard, onBehaviour }: CollectOptions = {},
): Promise<CollectedHistory> {
  const { redis, keys } = deps;
  const history = new TrainingEventsBuilder();
  const positions = new Map<string, string>();
  const known = await catalogueIds(redis, keys.items(tenant));
  for (let shard = 0; shard < keys.shards; shard++) {
    for await (const behaviour of readLearnable(deps, tenant, shard, positions)) {
      const { itemId, ...withoutItem } = behaviour;
      const cleaned = itemId !== undefined && known.has(itemId) ? behaviour : withoutItem;
      history.add(cleaned);
      onBehaviour?.(cleaned);
    }
    onShard?.(shard + 1, keys.shards);
  }
  return { events: history.build(), positions: Object.fromEntries(positions) };
}

async function catalogueIds(redis: RedisConnection, key: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor = '0';
  do {
    const [next, page] = await redis.hscan(key, cursor, 'COUNT', 1000);
    for (let k = 0; k < page.length; k += 2) ids.add(page[k]!);
    cursor = next;
  } while (cursor !== '0');
  return ids;
}
