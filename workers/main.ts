import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { CatalogueMirror } from '../src/catalogue/catalogue-mirror.redis';
import { RedisCatalogue } from '../src/catalogue/catalogue.redis';
import { ContentWriter } from '../src/content/write-content';
import { systemClock } from '../src/platform/clock';
import { readConfig, readTenantsFile } from '../src/platform/config';
import { BeckonError } from '../src/platform/errors';
import { startHealthServer } from '../src/platform/health-server';
import { Keys } from '../src/platform/keys';
import { createLog, type Log } from '../src/platform/log';
import { Metrics } from '../src/platform/metrics';
import { connectForCommands, connectForWaiting, untilReady } from '../src/platform/redis';
import { onShutdown } from '../src/platform/shutdown';
import { claimLayout } from '../src/platform/store-layout';
import { readProfile } from '../src/profile/profiles.redis';
import { FallbackLists } from '../src/push/fallback-list';
import { listDigest } from '../src/push/list-digest';
import { RedisLists } from '../src/push/lists.redis';
import { BullRecomputeQueue } from '../src/push/recompute-queue.bullmq';
import { loadTenantSettings } from '../src/tenants/tenant-settings';
import { LiveModels } from '../src/training/live-models.redis';
import { MaintenanceQueue } from '../src/training/maintenance-queue.bullmq';
import { RedisModelStore } from '../src/training/model-store.redis';
import { TrainingQueue } from '../src/training/training-queue.bullmq';
import { startJobs } from './jobs';
import { LiveLog } from './live-log';
import type { ListMaker } from './processors/recompute-list';
import { followSwaps } from './follow-swaps';
import { startSweeping } from './sweeping';
import { TenantModels } from './tenant-models';

/** Composition root of the worker process: config → connections → parts → jobs → shutdown. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog('worker', config.LOG_LEVEL);
  const metrics = new Metrics();
  metrics.collectProcess();
  const clock = systemClock;
  const settings = loadTenantSettings(readTenantsFile(config));
  const tenants = [...settings.keys()];
  const connect = (name: string) => connectForWaiting({ url: config.REDIS_URL, log, name: `beckon-worker-${name}` });
  const redis = connectForWaiting({ url: config.REDIS_URL, log, name: 'beckon-worker-commands', pipelined: true });
  const adding = connectForCommands({ url: config.REDIS_URL, log, name: 'beckon-worker-adding' });
  await untilReady(redis, 60_000);
  await untilReady(adding, 60_000);

  const keys = new Keys(config.SHARDS);
  await claimLayout(redis, keys);
  const store = new RedisModelStore(redis, keys);
  const lists = new RedisLists(redis, keys, randomUUID);
  const catalogue = new RedisCatalogue(redis, keys);
  const live = new LiveModels({ store, subscriber: connect('swaps'), keys, tenants, settingsDigestOf: (tenant) => settings.get(tenant)!.digest, log });
  await live.open();

  const mirrors = new Map<string, CatalogueMirror>();
  const models = new Map<string, TenantModels>();
  const writers = new Map<string, ContentWriter>();
  for (const [tenant, own] of settings) {
    const mirror = await CatalogueMirror.open({ redis, blocking: connect('catalogue'), keys, tenant, log });
    mirrors.set(tenant, mirror);
    models.set(tenant, new TenantModels(own, mirror, clock));
    writers.set(tenant, new ContentWriter(own.templates));
  }
  const liveLog = new LiveLog({ redis, blocking: connect('log'), keys, store, models, log });
  await liveLog.open((tenant) => live.of(tenant));

  const makerOf = (tenant: string): ListMaker => {
    const own = settings.get(tenant);
    if (!own) throw new BeckonError('NOT_FOUND', `this worker has no settings of tenant ${tenant}`);
    return {
      settings: own,
      models: models.get(tenant)!.forRanking,
      catalogue: mirrors.get(tenant)!,
      content: writers.get(tenant)!,
      digest: listDigest(own.digest, liveLog.versionsOf(tenant)),
    };
  };
  const halfLivesOf = (tenant: string) => makerOf(tenant).settings.behaviour;
  const fallback = new FallbackLists(redis, keys, clock, (tenant) => mirrors.get(tenant)!);
  const recompute = new BullRecomputeQueue({ connection: adding, shards: config.QUEUE_SHARDS, clock, log });
  const training = new TrainingQueue(adding);
  const maintenance = new MaintenanceQueue(adding);
  const jobs = startJobs(
    { connect, queueShards: config.QUEUE_SHARDS, concurrency: config.WORKER_CONCURRENCY, log, metrics },
    {
      recompute: { readProfile: (user) => readProfile({ redis, keys, clock, halfLivesOf }, user), lists, makerOf, clock, newId: randomUUID, metrics },
      train: { log, metrics },
      maintain: { redis, keys, clock, tenants, archiveDir: config.ARCHIVE_DIR, retentionMs: config.LOG_RETENTION_MS, catalogue, fallback, makerOf },
    },
  );
  const sweeping = startSweeping({ redis, keys, clock, tenants, recompute, log, metrics, everyMs: config.SWEEP_INTERVAL_MS, graceMs: config.PENDING_GRACE_MS });
  followSwaps({ live, liveLog, redis, keys, clock, recompute, log });
  await maintenance.scheduleAll();
  for (const [tenant, own] of settings) await training.schedule(tenant, models.get(tenant)!.trainable, own.training.everyMs);

  const health = await startHealthServer({ host: config.HOST, port: config.WORKER_PORT, metrics, ready: readiness(redis, jobs.areRunning) });
  log.info({ port: health.port, host: hostname(), tenants }, 'worker is ready');
  onShutdown(log, async () => {
    await health.close();
    sweeping.stop();
    await jobs.close();
    await liveLog.close();
    await Promise.all([...mirrors.values()].map((mirror) => mirror.close()));
    live.close();
    await Promise.allSettled([recompute.close(), training.close(), maintenance.close()]);
    adding.disconnect();
    redis.disconnect();
  });
}

function readiness(redis: { readonly status: string }, areRunning: () => boolean) {
  return (): Promise<{ ready: boolean; checks: Record<string, boolean> }> => {
    const checks = { store: redis.status === 'ready', jobs: areRunning() };
    return Promise.resolve({ ready: Object.values(checks).every(Boolean), checks });
  };
}

main().catch((error: unknown) => {
  const log: Log = createLog('worker', 'info');
  log.fatal({ err: error }, 'the worker could not start');
  process.exit(1);
});
