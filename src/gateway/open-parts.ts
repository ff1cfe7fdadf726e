import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { RedisBehaviourLog } from '../behaviour/behaviour-log.redis';
import { CatalogueMirror } from '../catalogue/catalogue-mirror.redis';
import { topicsOf } from '../catalogue/item';
import { Channels } from '../platform/channels';
import { systemClock, type Clock } from '../platform/clock';
import { Keys } from '../platform/keys';
import { connectAt, connectForCommands, untilReady } from '../platform/redis';
import type { Metrics } from '../platform/metrics';
import type { RedisConnection } from '../platform/redis-connection';
import { connectReplicated, type ReplicatedConnection } from '../platform/redis-replicated';
import { claimLayout } from '../platform/store-layout';
import type { OnMessage } from '../platform/subscribed-replies';
import type { RedisErasures } from '../privacy/erasures.redis';
import { openErasures } from '../privacy/open-erasures';
import { AskWorkers } from '../push/ask-workers.bullmq';
import { RedisFeed, type RedisFeedOptions } from '../push/feed.redis';
import { RedisLists } from '../push/lists.redis';
import { QUESTIONS_QUEUE } from '../push/question-job';
import { queuePrefix } from '../push/recompute-job';
import { BullRecomputeQueue } from '../push/recompute-queue.bullmq';
import { RedisWatchLeases } from '../push/watch-leases.redis';
import { WatchedLists } from '../push/watched-lists';
import type { TenantSettings } from '../tenants/tenant-settings';
import { LiveModels } from '../training/live-models.redis';
import { MaintenanceQueue } from '../training/maintenance-queue.bullmq';
import { RedisModelStore } from '../training/model-store.redis';
import { TrainingQueue } from '../training/training-queue.bullmq';
import type { GatewayProcess } from './gateway-process';
import { openGuards, type Guards } from './open-guards';
import { openShapes, type OpenShapes } from './open-shapes';

const STORE_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 2000;

/** What a gateway is made of, open and ready. Of a tenant, only one that is in the settings may be asked for. */
export interface OpenParts extends GatewayProcess, Guards {
  readonly clock: Clock;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly lists: RedisLists;
  readonly feed: RedisFeed;
  readonly store: RedisModelStore;
  readonly live: LiveModels;
  readonly recompute: BullRecomputeQueue;
  readonly training: TrainingQueue;
  readonly erasures: RedisErasures;
  readonly workers: AskWorkers;
  readonly watched: WatchedLists;
  readonly served: OpenShapes;
  readonly mirrors: ReadonlyMap<string, CatalogueMirror>;
  readonly behaviourLog: RedisBehaviourLog;
  readonly confirmed: ReplicatedConnection['confirmed'];
  readonly settingsOf: (tenant: string) => TenantSettings;
  readonly itemsOf: (tenant: string) => CatalogueMirror;
  readonly surfacesOf: (tenant: string) => string[];
  readonly topicsOf: (tenant: string, itemId: string) => readonly string[];
}

/** Opens connections for what blocks or subscribes, each with a name. */
const connectingBeside =
  (redis: RedisConnection, { config, log }: GatewayProcess) =>
  (name: string, key: string, onMessage?: OnMessage): Redis =>
    connectAt(key, redis, { url: config.REDIS_URL, log, name: `beckon-gateway-${name}` }, onMessage);

async function openFeed(options: RedisFeedOptions, metrics: Metrics): Promise<RedisFeed> {
  const said = 'Lists read from the store because what was announced does not do: texts alone where somebody needs more, or another epoch';
  const reads = metrics.counter('beckon_feed_whole_reads_total', said);
  const feed = new RedisFeed({ ...options, onReadWhole: () => reads.inc() });
  await feed.open();
  metrics.observed('beckon_feed_listeners', 'Watches that listen to new lists', () => feed.listenerCount);
  return feed;
}

/** @throws Error when the store does not answer in time, or was written in another layout */
export async function openParts(own: GatewayProcess): Promise<OpenParts> {
  const { config, log, metrics, tenants } = own;
  const clock = systemClock;
  const redis = connectForCommands({ url: config.REDIS_URL, log, name: 'beckon-gateway-commands' });
  await untilReady(redis, STORE_DEADLINE_MS);
  const keys = new Keys(config.SHARDS);
  await claimLayout(redis, keys);
  const at = connectingBeside(redis, own);
  const names = [...tenants.keys()];
  const { REDIS_URL: url, REDIS_WAIT_REPLICAS: replicas } = config;
  const recording = await connectReplicated({ url, log, name: 'beckon-gateway-recording', replicas, shared: redis });

  const lists = new RedisLists(redis, keys, randomUUID, (tenant) => tenants.get(tenant)!.privacy.retention.listsMs);
  const channels = new Channels({ redis, connect: (channel, onMessage) => at('feed', channel, onMessage), log });
  const feed = await openFeed({ channels, keys, tenants: names, lists, log }, metrics);
  const guards = await openGuards({ ...own, clock, redis, channels, keys });
  const mirrors = new Map<string, CatalogueMirror>();
  const mirrorOf = (tenant: string) => ({ redis, blocking: at('catalogue', keys.itemChanges(tenant)), keys, tenant, log });
  for (const tenant of names) mirrors.set(tenant, await CatalogueMirror.open(mirrorOf(tenant)));
  const store = new RedisModelStore(redis, keys);
  const settingsDigestOf = (tenant: string): string => tenants.get(tenant)!.digest;
  const live = new LiveModels({ store, channels, keys, tenants: names, settingsDigestOf, log });
  await live.open();
  const recompute = new BullRecomputeQueue({ connection: redis, shards: config.QUEUE_SHARDS, clock, log });
  const training = new TrainingQueue(redis);
  const maintenance = new MaintenanceQueue(redis);
  const asking = { connection: redis, blocking: at('answers', queuePrefix(QUESTIONS_QUEUE)), deadlineMs: config.READ_DEADLINE_MS };
  const workers = new AskWorkers(asking, () => clock.now());
  const served = openShapes({ config, redis, keys, clock, log });
  const leases = new RedisWatchLeases(redis, keys, randomUUID(), config.WATCH_LEASE_MS);
  const watched = new WatchedLists(leases, log, config.WATCH_LEASE_MS / 3);
  const erasures = await openErasures({ ...own, clock, redis, channels, keys, watched, maintenance, newId: randomUUID });
  metrics.observed('beckon_recompute_queue_depth', 'Recompute jobs that wait, as of the last look', () => recompute.depth);
  metrics.observed('beckon_watched_lists', 'Lists that somebody watches on this gateway', () => watched.size);
  redis.on('ready', () => void watched.renewAll()); // a store that was lost has lost the leases too
  channels.onGap(() => void watched.renewAll());
  const close = async (): Promise<void> => {
    for (const part of [served, watched, live]) part.close();
    await feed.close();
    channels.close();
    const parts = [guards, ...mirrors.values(), recompute, training, maintenance, workers];
    // While Redis is away some of them wait for an answer that will not come; the process ends without it.
    await Promise.race([Promise.allSettled(parts.map((part) => part.close())), after(CLOSE_DEADLINE_MS)]);
    recording.close();
    await redis.quit().catch(() => redis.disconnect()); // away already: there is nobody to say goodbye to
  };
  return {
    ...own,
    ...guards,
    ...{ clock, redis, keys, lists, feed, store, live, recompute, training, erasures, workers, watched, mirrors, served, close },
    behaviourLog: new RedisBehaviourLog(recording.redis, keys),
    confirmed: recording.confirmed,
    // Authentication lets no tenant in that is not in the settings.
    settingsOf: (tenant: string): TenantSettings => tenants.get(tenant)!,
    itemsOf: (tenant: string): CatalogueMirror => mirrors.get(tenant)!,
    surfacesOf: (tenant: string): string[] => [...tenants.get(tenant)!.surfaces.keys()],
    topicsOf: (tenant: string, itemId: string): readonly string[] => {
      const item = mirrors.get(tenant)!.get(itemId);
      return item ? topicsOf(item) : [];
    },
  };
}
