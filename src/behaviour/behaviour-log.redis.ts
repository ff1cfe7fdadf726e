import { join } from 'node:path';
import type { RedisConnection } from '../platform/redis-connection';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { AppendedBehaviours, AppendRequest, BehaviourLog } from './behaviour-log';
import { encodeLogBody } from './log-entry';
import type { RecordStatus } from './outcome';

/** Bounds how long one script can hold the server: about 10 ms. */
const MOST_PER_STEP = 250;

const STATUS: Readonly<Record<string, RecordStatus>> = { a: 'accepted', d: 'duplicate', r: 'repeat' };

export class RedisBehaviourLog implements BehaviourLog {
  private readonly script = new LuaScript(join(__dirname, 'record.lua'));

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async append(request: AppendRequest): Promise<AppendedBehaviours> {
    const { behaviours } = request;
    let whole = await this.step({ ...request, behaviours: behaviours.slice(0, MOST_PER_STEP) });
    for (let from = MOST_PER_STEP; from < behaviours.length; from += MOST_PER_STEP) {
      const part = await this.step({ ...request, behaviours: behaviours.slice(from, from + MOST_PER_STEP) }).catch(asError);
      if (part instanceof Error) return { ...whole, failure: part };
      whole = { ...part, verdicts: [...whole.verdicts, ...part.verdicts], watched: [...new Set([...whole.watched, ...part.watched])] };
    }
    return whole;
  }

  private async step({
    user,
    behaviours,
    receivedAt,
    shortHalfLifeMs,
    longHalfLifeMs,
    topicsOf,
    mergedFrom,
  }: AppendRequest): Promise<AppendedBehaviours> {
    const { keys } = this;
    const packed = behaviours.flatMap(({ behaviour, weight, debounceMs, sentId }) => [
      JSON.stringify({
        i: behaviour.id,
        d: sentId ? 1 : 0,
        t: behaviour.type,
        m: behaviour.itemId,
        a: behaviour.at,
        w: weight,
        r: debounceMs,
        k: behaviour.itemId === undefined ? [] : topicsOf(behaviour.itemId),
        f: behaviour.target,
      }),
      encodeLogBody(behaviour, receivedAt, mergedFrom),
    ]);
    const reply = (await onRedis(() =>
      this.script.run(
        this.redis,
        [
          keys.log(user.tenant, keys.shardOf(user)),
          ...keys.profileParts(user),
          keys.watches(user),
          keys.pending(user.tenant, keys.shardOf(user)),
        ],
        [user.userId, receivedAt, shortHalfLifeMs, longHalfLifeMs, ...packed],
      ),
    )) as [number, string, string[], string[]];
    const [seq, recordedAt, verdicts, watched] = reply;
    return {
      seq,
      recordedAt: Number(recordedAt),
      verdicts: verdicts.map((verdict) => ({ status: STATUS[verdict[0]!]!, seq: Number(verdict.slice(2)) })),
      watched,
    };
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
