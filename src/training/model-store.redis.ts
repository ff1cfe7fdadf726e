import { join } from 'node:path';
import { publishCommand, type RedisConnection } from '../platform/redis-connection';
import { BeckonError } from '../platform/errors';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { onRedis } from '../platform/redis';
import type { ModelName } from '../push/recommendation-list';
import {
  modelRecord,
  trainingRun,
  type Dropped,
  type ModelRecord,
  type ModelStore,
  type Publication,
  type PublishOptions,
  type TrainingRun,
} from './model-store';

/** Large values are cut, so that no command holds the server or a buffer for long. */
const CHUNK_BYTES = 1024 * 1024;
const VERSIONS_KEPT = 3;
/** A snapshot whose writer died goes by itself. */
const UNFINISHED_SECONDS = 3600;

export class RedisModelStore implements ModelStore {
  private readonly publishing = new LuaScript(join(__dirname, 'publish-model.lua'));

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async publish(tenant: string, record: ModelRecord, snapshot: Buffer, { releases = false }: PublishOptions = {}): Promise<Publication> {
    const { redis, keys } = this;
    const { model, version } = record;
    const key = keys.snapshot(tenant, model, version);
    await redis.del(key);
    for (let from = 0; from < snapshot.length; from += CHUNK_BYTES) {
      await redis.rpush(key, snapshot.subarray(from, from + CHUNK_BYTES));
      await redis.expire(key, UNFINISHED_SECONDS);
    }
    const published = await this.publishing.run(
      redis,
      [keys.liveModels(tenant), keys.modelVersions(tenant, model), key, keys.erasureCount(tenant)],
      [model, version, JSON.stringify(record), keys.modelSwaps(tenant), releases ? '1' : '0', publishCommand(redis), record.erasures ?? 0],
    );
    await this.deleteOld(tenant, model);
    return published as Publication;
  }

  async live(tenant: string): Promise<ReadonlyMap<ModelName, ModelRecord>> {
    const held = await onRedis(() => this.redis.hgetall(this.keys.liveModels(tenant)));
    const records = Object.values(held).map((json) => modelRecord.parse(JSON.parse(json)));
    return new Map(records.map((record) => [record.model, record]));
  }

  async load(tenant: string, model: ModelName, version: string): Promise<Buffer> {
    const key = this.keys.snapshot(tenant, model, version);
    const chunks: Buffer[] = [];
    const count = await this.redis.llen(key);
    for (let k = 0; k < count; k++) {
      const chunk = await this.redis.lindexBuffer(key, k);
      if (chunk) chunks.push(chunk);
    }
    if (chunks.length === 0) throw notFound(model, version);
    return Buffer.concat(chunks);
  }

  async versions(tenant: string, model: ModelName): Promise<readonly ModelRecord[]> {
    return (await this.storedVersions(tenant, model)).map(({ record }) => record);
  }

  async rollback(tenant: string, model: ModelName, version: string, hold: boolean): Promise<ModelRecord> {
    const stored = (await this.versions(tenant, model)).find((candidate) => candidate.version === version);
    if (!stored) throw notFound(model, version);
    const record: ModelRecord = { ...stored, ...(hold && { pinned: true }) };
    const { redis, keys } = this;
    await onRedis(() =>
      redis
        .multi()
        .hset(keys.liveModels(tenant), model, JSON.stringify(record))
        .call(publishCommand(redis), keys.modelSwaps(tenant), model)
        .exec(),
    );
    return record;
  }

  async erasuresCleaned(tenant: string): Promise<number> {
    return Number((await this.redis.hget(this.keys.erasureCount(tenant), 'cleaned')) ?? 0);
  }

  async dropBefore(tenant: string, model: ModelName, erasures: number, { keepLive }: { readonly keepLive: boolean }): Promise<Dropped> {
    const { redis, keys } = this;
    const isOld = (record: ModelRecord): boolean => (record.erasures ?? 0) < erasures;
    const live = (await this.live(tenant)).get(model);
    let versions = 0;
    const stale = live !== undefined && isOld(live);
    for (const { json, record } of await this.storedVersions(tenant, model)) {
      if (!isOld(record) || (keepLive && record.version === live?.version)) continue;
      await redis.del(keys.snapshot(tenant, model, record.version));
      await redis.lrem(keys.modelVersions(tenant, model), 0, json);
      versions++;
    }
    if (stale && !keepLive) await redis.multi().hdel(keys.liveModels(tenant), model).publish(keys.modelSwaps(tenant), model).exec();
    return { versions, stale: stale && keepLive };
  }

  async noteRun(tenant: string, run: TrainingRun): Promise<void> {
    await onRedis(() => this.redis.hset(this.keys.trainingRuns(tenant), run.model, JSON.stringify(run)));
  }

  async lastRuns(tenant: string): Promise<ReadonlyMap<ModelName, TrainingRun>> {
    const held = await onRedis(() => this.redis.hgetall(this.keys.trainingRuns(tenant)));
    const runs = Object.values(held).map((json) => trainingRun.parse(JSON.parse(json)));
    return new Map(runs.map((run) => [run.model, run]));
  }

  /** With the text that stands in the store: a record that another version of Beckon wrote may read as less than it says. */
  private async storedVersions(tenant: string, model: ModelName): Promise<{ readonly json: string; readonly record: ModelRecord }[]> {
    const held = await onRedis(() => this.redis.lrange(this.keys.modelVersions(tenant, model), 0, -1));
    return held.map((json) => ({ json, record: modelRecord.parse(JSON.parse(json)) }));
  }

  private async deleteOld(tenant: string, model: ModelName): Promise<void> {
    const live = (await this.live(tenant)).get(model)?.version;
    const versions = await this.storedVersions(tenant, model);
    for (const { json, record } of versions.slice(VERSIONS_KEPT)) {
      if (record.version === live) continue;
      await this.redis.del(this.keys.snapshot(tenant, model, record.version));
      await this.redis.lrem(this.keys.modelVersions(tenant, model), 0, json);
    }
  }
}

const notFound = (model: string, version: string): BeckonError =>
  new BeckonError('NOT_FOUND', `model ${model} has no stored version ${version}`, { field: 'version' });
