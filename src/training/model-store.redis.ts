import type { Redis } from 'ioredis';
import { BeckonError } from '../platform/errors';
import type { Keys } from '../platform/keys';
import { onRedis } from '../platform/redis';
import type { ModelName } from '../push/recommendation-list';
import { modelRecord, type ModelRecord, type ModelStore } from './model-store';

/** Large values are cut, so that no command holds the server or a buffer for long. */
const CHUNK_BYTES = 1024 * 1024;
const VERSIONS_KEPT = 3;
/** A snapshot whose writer died goes by itself. */
const UNFINISHED_SECONDS = 3600;

export class RedisModelStore implements ModelStore {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  async publish(tenant: string, record: ModelRecord, snapshot: Buffer): Promise<void> {
    const { redis, keys } = this;
    const { model, version } = record;
    const key = keys.snapshot(tenant, model, version);
    await redis.del(key);
    for (let from = 0; from < snapshot.length; from += CHUNK_BYTES) {
      await redis.rpush(key, snapshot.subarray(from, from + CHUNK_BYTES));
      await redis.expire(key, UNFINISHED_SECONDS);
    }
    const json = JSON.stringify(record);
    const step = redis.multi().persist(key).lpush(keys.modelVersions(tenant, model), json);
    const live = (await this.live(tenant)).get(model);
    // A run that began earlier and ends later than another does not take its place.
    if (!live || live.version <= version) step.hset(keys.liveModels(tenant), model, json).publish(keys.modelSwaps(tenant), model);
    await step.exec();
    await this.deleteOld(tenant, model);
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
    const held = await onRedis(() => this.redis.lrange(this.keys.modelVersions(tenant, model), 0, -1));
    return held.map((json) => modelRecord.parse(JSON.parse(json)));
  }

  async rollback(tenant: string, model: ModelName, version: string): Promise<ModelRecord> {
    const record = (await this.versions(tenant, model)).find((candidate) => candidate.version === version);
    if (!record) throw notFound(model, version);
    const { redis, keys } = this;
    await onRedis(() =>
      redis.multi().hset(keys.liveModels(tenant), model, JSON.stringify(record)).publish(keys.modelSwaps(tenant), model).exec(),
    );
    return record;
  }

  private async deleteOld(tenant: string, model: ModelName): Promise<void> {
    const live = (await this.live(tenant)).get(model)?.version;
    const versions = await this.versions(tenant, model);
    for (const old of versions.slice(VERSIONS_KEPT)) {
      if (old.version === live) continue;
      await this.redis.del(this.keys.snapshot(tenant, model, old.version));
      await this.redis.lrem(this.keys.modelVersions(tenant, model), 0, JSON.stringify(old));
    }
  }
}

const notFound = (model: string, version: string): BeckonError =>
  new BeckonError('NOT_FOUND', `model ${model} has no stored version ${version}`, { field: 'version' });
