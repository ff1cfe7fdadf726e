import type { Redis } from 'ioredis';
import type { LoggedBehaviour } from '../src/behaviour/behaviour';
import { decodeLogEntry } from '../src/behaviour/log-entry';
import type { TrainableModelName } from '../src/models/model-catalogue';
import type { Scorer } from '../src/models/model';
import { POLICY_LAYOUT, type PolicySnapshot } from '../src/models/policy/policy';
import { decodeSnapshot } from '../src/models/snapshot-codec';
import type { Keys } from '../src/platform/keys';
import type { Log } from '../src/platform/log';
import type { RedisConnection } from '../src/platform/redis-connection';
import type { StreamEntry } from '../src/platform/stream-tail';
import { StreamTails } from '../src/platform/stream-tails';
import type { ModelName } from '../src/push/recommendation-list';
import { decodeCreatives } from '../src/content/creatives/creatives-snapshot';
import { decodeHybrid } from '../src/training/hybrid-blends';
import type { ModelStore, ModelRecord } from '../src/training/model-store';
import type { TenantModels } from './tenant-models';

export interface LiveLogOptions {
  readonly redis: RedisConnection;
  /** Opens a connection to the server that holds a stream, for the blocking read; closed with this. */
  readonly connect: (stream: string) => Redis;
  readonly keys: Keys;
  readonly store: ModelStore;
  readonly models: ReadonlyMap<string, TenantModels>;
  readonly log: Log;
  /** Told of a live snapshot that cannot be used, once for each model. */
  readonly onRefused: (tenant: string, model: ModelName) => void;
}

const PAGE = 2000;
/** Neighbours may be so much behind the log: the price of not waking up for every single behaviour, while a list is waiting to be made. */
const GATHER_MS = 25;

/**
 * Teaches the live models every behaviour of the log, once and in the order of its shard: what a worker counts is the
 * snapshot plus the log after it, so every worker counts the same, also one that has just started.
 */
export class LiveLog {
  private tail: StreamTails | undefined;
  private readonly inUse = new Map<string, Map<ModelName, ModelRecord>>();
  private readonly tenantOf = new Map<string, string>();
  private readonly refused = new Set<string>();

  /** What learns nothing of the log between its versions, and how it is put in use. */
  private readonly wholes = new Map<ModelName, (tenant: string, record: ModelRecord) => Promise<void>>([
    ['traits', (tenant, record) => this.startTraits(tenant, record)],
    ['hybrid', (tenant, record) => this.startHybrid(tenant, record)],
    ['creatives', (tenant, record) => this.startCreatives(tenant, record)],
    ['policy', (tenant, record) => this.startPolicy(tenant, record)],
  ]);

  constructor(private readonly options: LiveLogOptions) {
    const { keys, models } = options;
    for (const tenant of models.keys())
      for (let shard = 0; shard < keys.shards; shard++) this.tenantOf.set(keys.log(tenant, shard), tenant);
  }

  /** Loads the given snapshots, replays the log after each of them, and follows the log from there. */
  async open(live: (tenant: string) => ReadonlyMap<ModelName, ModelRecord>): Promise<void> {
    const from = new Map<string, string>();
    for (const stream of this.tenantOf.keys())
      from.set(stream, (await this.options.redis.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0');
    for (const [tenant, models] of this.options.models) {
      this.inUse.set(tenant, new Map(live(tenant)));
      for (const name of models.trainable) await this.start(tenant, name, live(tenant).get(name), from);
      for (const [name, start] of this.wholes) {
        const record = live(tenant).get(name);
        if (record) await start(tenant, record);
      }
    }
    this.tail = new StreamTails({
      redis: this.options.redis,
      connect: this.options.connect,
      from,
      onEntries: (stream, entries) => this.follow(stream, entries),
      log: this.options.log,
      gatherMs: GATHER_MS,
    });
  }

  /** The version of each model that lists are made with at this moment. */
  versionsOf(tenant: string): ReadonlyMap<ModelName, ModelRecord> {
    return this.inUse.get(tenant) ?? new Map();
  }

  /**
   * Replaces a model by another snapshot while the log stands still, so that it misses nothing and counts nothing twice. Returns false, having
   * done nothing, for the version in use.
   */
  async swap(tenant: string, record: ModelRecord): Promise<boolean> {
    const { tail } = this;
    if (!tail || this.versionsOf(tenant).get(record.model)?.version === record.version) return false;
    const startWhole = this.wholes.get(record.model);
    if (startWhole) {
      await startWhole(tenant, record);
      this.inUse.get(tenant)?.set(record.model, record);
      return true;
    }
    await tail.whileHeld(async () => {
      const until = new Map([...this.tenantOf.keys()].map((stream) => [stream, tail.positionOf(stream)]));
      if (this.options.models.get(tenant)!.trainable.includes(record.model as TrainableModelName)) {
        await this.start(tenant, record.model as TrainableModelName, record, until);
      }
      this.inUse.get(tenant)?.set(record.model, record);
    });
    return true;
  }

  async close(): Promise<void> {
    await this.tail?.close();
  }

  /**
   * Puts one model in use: its snapshot, or an empty start where it has none, with the log up to `until` on top. A snapshot that cannot be
   * used leaves what is in use where it is.
   */
  private async start(
    tenant: string,
    name: TrainableModelName,
    record: ModelRecord | undefined,
    until: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { store, log } = this.options;
    const models = this.options.models.get(tenant)!;
    let scorer: Scorer | undefined;
    let positions: Readonly<Record<string, string>> = {};
    if (record) {
      try {
        scorer = models.prepare(name, await store.load(tenant, name, record.version));
        positions = record.positions;
      } catch (error) {
        log.error({ err: error, tenant, model: name, version: record.version }, 'a snapshot cannot be used; the model is trained again');
        this.refuse(tenant, name);
        if (models.has(name)) return;
      }
    }
    scorer ??= models.empty(name);
    if (!scorer) return;
    if (scorer.observe) for await (const behaviour of this.between(tenant, positions, until)) models.teach(scorer, behaviour);
    models.swap(name, scorer);
    log.info({ tenant, model: name, version: record?.version ?? 'none' }, 'model in use');
  }

  /** Puts the learnt blends in use; such as cannot be read leave what is in use where it is. */
  private async startHybrid(tenant: string, { version }: ModelRecord): Promise<void> {
    const { store, log, models } = this.options;
    if (!models.get(tenant)!.blends) return;
    try {
      models.get(tenant)!.swapBlends(decodeHybrid(await store.load(tenant, 'hybrid', version)));
      log.info({ tenant, model: 'hybrid', version }, 'model in use');
    } catch (error) {
      log.error({ err: error, tenant, model: 'hybrid', version }, 'a snapshot cannot be used; the model is trained again');
      this.refuse(tenant, 'hybrid');
    }
  }

  /** Puts what is popular in each segment in use; nothing that happens changes it. */
  private async startTraits(tenant: string, { version }: ModelRecord): Promise<void> {
    const { store, log, models } = this.options;
    const held = models.get(tenant)!;
    if (!held.traits) return;
    try {
      const scorer = held.prepare('traits', await store.load(tenant, 'traits', version));
      if (scorer) held.swap('traits', scorer);
      log.info({ tenant, model: 'traits', version }, 'model in use');
    } catch (error) {
      log.error({ err: error, tenant, model: 'traits', version }, 'a snapshot cannot be used; the model is trained again');
      this.refuse(tenant, 'traits');
    }
  }

  /** Puts learnt creatives in use; such as cannot be read leave what is in use where it is. */
  private async startCreatives(tenant: string, { version }: ModelRecord): Promise<void> {
    const { store, log, models } = this.options;
    if (!models.get(tenant)!.words) return;
    try {
      models.get(tenant)!.swapCreatives(decodeCreatives(await store.load(tenant, 'creatives', version)), version);
      log.info({ tenant, model: 'creatives', version }, 'model in use');
    } catch (error) {
      log.error({ err: error, tenant, model: 'creatives', version }, 'a snapshot cannot be used; the model is trained again');
      this.refuse(tenant, 'creatives');
    }
  }

  /** Puts a policy in use; one that cannot be read leaves what is in use where it is. */
  private async startPolicy(tenant: string, { version }: ModelRecord): Promise<void> {
    const { store, log, models } = this.options;
    if (!models.get(tenant)!.usesPolicy) return;
    try {
      const { snapshot } = decodeSnapshot(await store.load(tenant, 'policy', version), { model: 'policy', layout: POLICY_LAYOUT });
      models.get(tenant)!.swapPolicy(snapshot as PolicySnapshot);
      log.info({ tenant, model: 'policy', version }, 'model in use');
    } catch (error) {
      log.error({ err: error, tenant, model: 'policy', version }, 'a snapshot cannot be used; the model is trained again');
      this.refuse(tenant, 'policy');
    }
  }

  /** Once: a worker of another version, which cannot read what this one would have trained, must not be answered in turn. */
  private refuse(tenant: string, name: ModelName): void {
    const which = `${tenant}/${name}`;
    if (this.refused.has(which)) return;
    this.refused.add(which);
    this.options.onRefused(tenant, name);
  }

  private async *between(
    tenant: string,
    after: Readonly<Record<string, string>>,
    until: ReadonlyMap<string, string>,
  ): AsyncGenerator<LoggedBehaviour> {
    for (const [stream, owner] of this.tenantOf) {
      const end = until.get(stream) ?? '0';
      if (owner !== tenant || end === '0') continue;
      let from = after[stream] === undefined || after[stream] === '0' ? '-' : `(${after[stream]}`;
      for (;;) {
        const page = await this.options.redis.xrange(stream, from, end, 'COUNT', PAGE);
        for (const [, fields] of page) yield decodeLogEntry(tenant, fields);
        if (page.length < PAGE) break;
        from = `(${page[page.length - 1]![0]}`;
      }
    }
  }

  private follow(stream: string, entries: readonly StreamEntry[]): void {
    const tenant = this.tenantOf.get(stream)!;
    const models = this.options.models.get(tenant)!;
    for (const [, fields] of entries) models.observe(decodeLogEntry(tenant, fields));
  }
}
