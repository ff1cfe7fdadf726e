import { join } from 'node:path';
import { publishCommand, type RedisConnection } from '../platform/redis-connection';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import { readListBody } from './is-list-body';
import type { ListKey, Lists, StoredList } from './ports';
import { encodePrepared, NOTHING_PREPARED, type PreparedList } from './prepared-texts';
import type { ListBody, Position } from './recommendation-list';

/** A list that was not made anew in this time is forgotten; the next one starts a new epoch. */
const LIFETIME_MS = 7 * 86_400_000;

export class RedisLists implements Lists {
  private readonly script = new LuaScript(join(__dirname, 'replace-list.lua'));

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    private readonly newEpoch: () => string,
    private readonly lifetimeMsOf: (tenant: string) => number = () => LIFETIME_MS,
  ) {}

  async read(key: ListKey): Promise<StoredList> {
    const [[epoch, revision, body], seq] = await onRedis(() =>
      Promise.all([
        this.redis.hmget(this.keys.list(key, key.surface), 'epoch', 'revision', 'body'),
        this.redis.hget(this.keys.profile(key), 'seq'),
      ]),
    );
    const list = body && epoch ? Object.assign(readListBody(body), { epoch, revision: Number(revision) }) : undefined;
    return { list, seq: Number(seq ?? 0) };
  }

  async appliedThrough(key: ListKey): Promise<number> {
    return Number((await onRedis(() => this.redis.hget(this.keys.list(key, key.surface), 'appliedThrough'))) ?? 0);
  }

  async digest(key: ListKey): Promise<string | undefined> {
    return (await onRedis(() => this.redis.hget(this.keys.list(key, key.surface), 'digest'))) ?? undefined;
  }

  async replace(body: ListBody, prepared: PreparedList = NOTHING_PREPARED): Promise<{ position: Position; seq: number } | undefined> {
    return this.store(body, undefined, prepared);
  }

  async amend(body: ListBody, expected: Position): Promise<Position | undefined> {
    return (await this.store(body, expected, NOTHING_PREPARED))?.position;
  }

  private async store(
    body: ListBody,
    expected: Position | undefined,
    { texts, suffices }: PreparedList,
  ): Promise<{ position: Position; seq: number } | undefined> {
    const { keys } = this;
    const shard = keys.shardOf(body);
    const reply = (await onRedis(() =>
      this.script.run(
        this.redis,
        [keys.list(body, body.surface), keys.profile(body), keys.pending(body.tenant, shard), keys.feed(body.tenant, shard)],
        [
          `${body.userId}\n${body.surface}`,
          body.appliedThrough,
          JSON.stringify(body),
          this.newEpoch(),
          this.lifetimeMsOf(body.tenant),
          expected?.epoch ?? '',
          expected?.revision ?? '',
          body.digest,
          publishCommand(this.redis),
          encodePrepared(body, texts),
          suffices ? '1' : '',
        ],
      ),
    )) as [string, number, number] | null;
    if (!reply) return undefined;
    const [epoch, revision, seq] = reply;
    return { position: { epoch, revision }, seq };
  }
}
