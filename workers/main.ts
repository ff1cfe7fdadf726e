import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { CatalogueMirror } from '../src/catalogue/catalogue-mirror.redis';
import { RedisCatalogue } from '../src/catalogue/catalogue.redis';
import { computesFeatures } from '../src/catalogue/features/feature-settings';
import { FeatureStore } from '../src/catalogue/features/feature-store.redis';
import { FeaturesQueue } from '../src/catalogue/features/features-queue.bullmq';
import { MediaSandbox } from '../src/catalogue/features/media/media-sandbox';
import { openOnnxRuntime } from '../src/catalogue/features/media/onnx-encoder';
import { ContentWriter } from '../src/content/write-content';
import { TRAINABLE_MODEL_NAMES } from '../src/models/model-catalogue';
import { Channels } from '../src/platform/channels';
import { systemClock } from '../src/platform/clock';
import { readConfig, readTenantsFile, type Config } from '../src/platform/config';
import { BeckonError } from '../src/platform/errors';
import { EventLoopWatch } from '../src/platform/event-loop-watch';
import { buildSchema, contractDigest } from '../src/gateway/build-schema';
import { PrepareLists, type PrepareListsOptions } from '../src/gateway/rendering/prepare-lists';
import { startHealthServer } from '../src/platform/health-server';
import { Keys } from '../src/platform/keys';
import { createLog, type Log } from '../src/platform/log';
import { Metrics } from '../src/platform/metrics';
import { connectAt, connectForCommands, connectForWaiting, untilReady } from '../src/platform/redis';
import { publish } from '../src/platform/redis-connection';
import { connectReplicated } from '../src/platform/redis-replicated';
import { onShutdown } from '../src/platform/shutdown';
import { claimLayout } from '../src/platform/store-layout';
import { ERASURE_GRACE_MS } from '../src/privacy/erasure';
import type { RetentionDeps } from '../src/privacy/enforce-retention.redis';
import { ErasureRecords, RedisErasures } from '../src/privacy/erasures.redis';
import type { FinishErasuresDeps } from '../src/privacy/finish-erasures.redis';
import { readProfile } from '../src/profile/profiles.redis';
import { FallbackLists } from '../src/push/fallback-list';
import { CostMeter } from '../src/ranking/cost/cost-meter';
import { processCostClock } from '../src/platform/process-cost-clock';
import { measures } from '../src/ranking/cost/cost-settings';
import { listDigest } from '../src/push/list-digest';
import { MODEL_NAMES, type ModelName } from '../src/push/recommendation-list';
import { RedisLists } from '../src/push/lists.redis';
import { AskedShapes } from '../src/push/served-shapes.redis';
import { BullRecomputeQueue } from '../src/push/recompute-queue.bullmq';
import { loadTenantSettings, type TenantSettings } from '../src/tenants/tenant-settings';
import { RedisListDecisions } from '../src/training/list-decisions.redis';
import { LiveModels } from '../src/training/live-models.redis';
import { MaintenanceQueue } from '../src/training/maintenance-queue.bullmq';
import { RedisModelStore } from '../src/training/model-store.redis';
import { noteCreatives } from '../src/training/shown-creatives.redis';
import { TrainingQueue } from '../src/training/training-queue.bullmq';
import { creativeWriters } from './creative-writers';
import { exposureLedgers } from './exposure-ledgers';
import { trainedModels } from './model-options';
import { followSwaps } from './follow-swaps';
import { startJobs, type ProcessorDeps } from './jobs';
import { LiveLog } from './live-log';
import type { ListMaker } from './processors/recompute-list';
import { ReplicaFence } from './replica-fence';
import { startSweeping } from './sweeping';
import { TenantModels } from './tenant-models';
import { TrainingProcesses } from './training-processes';

const STORE_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 5000;

interface Process {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: ReadonlyMap<string, TenantSettings>;
}

/** Composition root of the worker process: config → connections → parts → jobs → shutdown. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog('worker', config.LOG_LEVEL);
  const metrics = new Metrics();
  metrics.collectProcess();
  const settings = loadTenantSettings(readTenantsFile(config));
  for (const { features } of settings.values()) if (features.image && features.encoder !== undefined) await openOnnxRuntime();
  const parts = await openParts({ config, log, metrics, settings });
  const { redis, connect, tenants } = parts;

  const processes = new TrainingProcesses(log);
  metrics.observed('beckon_training_running', 'Training processes of this worker', () => processes.active);
  const jobs = startJobs(
    { connect, queueShards: config.QUEUE_SHARDS, concurrency: config.WORKER_CONCURRENCY, log, metrics },
    processorDeps(parts, processes),
  );
  const sweeping = startSweeping({ ...parts, everyMs: config.SWEEP_INTERVAL_MS, graceMs: config.PENDING_GRACE_MS });
  const swaps = followSwaps(parts);
  await parts.maintenance.scheduleAll();
  await parts.features.schedule(anyComputes(parts.settings));
  await scheduleTraining(parts);

  const loop = new EventLoopWatch();
  const ready = (): Promise<{ ready: boolean; checks: Record<string, boolean> }> => {
    const checks = { store: redis.status === 'ready', jobs: jobs.areRunning(), loop: loop.worstMs < config.EVENT_LOOP_LIMIT_MS };
    return Promise.resolve({ ready: Object.values(checks).every(Boolean), checks });
  };
  const health = await startHealthServer({ host: config.HOST, port: config.WORKER_PORT, metrics, ready });
  log.info({ port: health.port, tenants }, 'worker is ready');
  onShutdown(log, async () => {
    await health.close();
    sweeping.stop();
    swaps.stop();
    const closed = jobs.close(); // takes no job any more, so that a training run that is given back is not taken again here
    processes.stop();
    // Other running jobs are finished. While Redis is away some parts wait for an answer that will not come; the process ends without it.
    await Promise.race([closed.then(parts.close), after(CLOSE_DEADLINE_MS)]);
    redis.disconnect();
  });
}

/** The parts that stand on a connection each, open and ready, with every model that is live loaded. */
async function openParts(own: Process) {
  const { config, log, settings } = own;
  const clock = systemClock;
  const { REDIS_URL: url } = config;
  const redis = connectForWaiting({ url, log, name: 'beckon-worker-commands' });
  const connect = (name: string, key: string) => connectAt(key, redis, { url, log, name: `beckon-worker-${name}` });
  const adding = connectForCommands({ url, log, name: 'beckon-worker-adding' });
  await Promise.all([untilReady(redis, STORE_DEADLINE_MS), untilReady(adding, STORE_DEADLINE_MS)]);
  const replicas = config.REDIS_WAIT_REPLICAS;
  const replicated = await connectReplicated({ url, log, name: 'beckon-worker-fence', replicas, shared: redis });
  const keys = new Keys(config.SHARDS);
  await claimLayout(redis, keys);
  const tenants = [...settings.keys()];
  const store = new RedisModelStore(redis, keys);
  const settingsDigestOf = (tenant: string): string => settings.get(tenant)!.digest;
  const channels = new Channels({ redis, connect: (channel) => connect('swaps', channel), log });
  const live = new LiveModels({ store, channels, keys, tenants, settingsDigestOf, log });
  await live.open();

  const mirrors = new Map<string, CatalogueMirror>();
  const models = new Map<string, TenantModels>();
  for (const [tenant, wanted] of settings) {
    const mirror = await CatalogueMirror.open({ redis, blocking: connect('catalogue', keys.itemChanges(tenant)), keys, tenant, log });
    mirrors.set(tenant, mirror);
    models.set(tenant, new TenantModels(wanted, mirror, clock));
  }
  const training = new TrainingQueue(adding);
  const onRefused = trainingAgain(training, log);
  const liveLog = new LiveLog({ redis, connect: (stream) => connect('log', stream), keys, store, models, log, onRefused });
  await liveLog.open((tenant) => live.of(tenant));

  const lists = new RedisLists(redis, keys, randomUUID, (tenant) => settings.get(tenant)!.privacy.retention.listsMs);
  const digestOf = (tenant: string): string => listDigest(settingsDigestOf(tenant), liveLog.versionsOf(tenant));
  const recompute = new BullRecomputeQueue({ connection: adding, shards: config.QUEUE_SHARDS, clock, log });
  const maintenance = new MaintenanceQueue(adding);
  const features = new FeaturesQueue(adding);
  const shapes = new AskedShapes({ ...{ redis, keys, clock, log, tenants }, most: config.PREPARED_SHAPES });
  await shapes.open();
  const close = async (): Promise<void> => {
    for (const part of [live, channels, shapes]) part.close();
    await Promise.allSettled([liveLog, ...mirrors.values(), recompute, training, maintenance, features].map((part) => part.close()));
    adding.disconnect();
    replicated.close();
  };
  return {
    fence: new ReplicaFence({ replicas, replicated, redis, keys, clock, metrics: own.metrics }),
    ...{ ...own, clock, connect, redis, keys, tenants, lists, digestOf, store, live, mirrors, models },
    ...{ liveLog, recompute, training, maintenance, features, shapes, close },
  };
}

/** Asks for a training run of a model whose snapshot cannot be used. */
const trainingAgain =
  (training: TrainingQueue, log: Log) =>
  (tenant: string, model: ModelName): void =>
    void training
      .train(tenant, [model], 'refused')
      .catch((error: unknown) => log.warn({ err: error, tenant, model }, 'a training run could not be asked for'));

type Parts = Awaited<ReturnType<typeof openParts>>;

function processorDeps(parts: Parts, processes: TrainingProcesses): ProcessorDeps {
  const { clock, redis, keys, tenants, mirrors, lists, store, settings, log, metrics, recompute } = parts;
  const makerOf = listMakers(parts);
  const halfLivesOf = (tenant: string): TenantSettings['behaviour'] => makerOf(tenant).settings.behaviour;
  const fallback = new FallbackLists(redis, keys, clock, (tenant) => mirrors.get(tenant)!);
  const catalogue = new RedisCatalogue(redis, keys);
  const shapesOf: PrepareListsOptions['shapesOf'] = (tenant, surface) => parts.shapes.of(tenant, surface);
  const itemsOf: PrepareListsOptions['itemsOf'] = (tenant) => mirrors.get(tenant)!;
  const prepared = new PrepareLists({ schema: buildSchema(), contract: contractDigest(), shapesOf, itemsOf, log });
  return {
    recompute: {
      readProfile: (user) => readProfile({ redis, keys, clock, halfLivesOf }, user),
      isReplicated: (list, seq) => parts.fence.lets(list, seq),
      lists,
      prepare: (body) => prepared.prepare(body),
      makerOf,
      clock,
      noteCreatives: (list, interests) => noteCreatives(redis, keys, list, interests),
      newId: randomUUID,
      metrics,
      decisions: new RedisListDecisions(redis, keys),
    },
    publish: (channel, message) => publish(redis, channel, message),
    train: { processes, store, clock, log, metrics, heapMbOf: (tenant) => settings.get(tenant)?.training.heapMb ?? 4096 },
    maintain: {
      redis,
      keys,
      clock,
      tenants,
      catalogue,
      fallback,
      makerOf,
      erasuresOf: (tenant) => erasureDeps(parts, tenant),
      lists,
      recompute: (key) => recompute.add(key, 'request'),
      retentionOf: (tenant) => retentionDeps(parts, tenant),
    },
    ...(anyComputes(settings) && {
      features: {
        settings,
        store: new FeatureStore(redis, keys),
        sandbox: new MediaSandbox(),
        catalogue,
        uploads: parts.config.MEDIA_DIR,
        log,
        metrics,
      },
    }),
  };
}

function erasureDeps({ redis, keys, clock, config, store, training, settings, metrics }: Parts, tenant: string): FinishErasuresDeps {
  const { privacy } = settings.get(tenant)!;
  const done = metrics.counter('beckon_erasures_total', 'Erasures of users that are complete', ['tenant']);
  return {
    redis,
    keys,
    clock,
    archiveDir: config.ARCHIVE_DIR,
    retentionMs: privacy.retention.logMs ?? config.LOG_RETENTION_MS,
    records: new ErasureRecords({ redis, keys }),
    store,
    trainer: training,
    models: MODEL_NAMES,
    retrainAfterMs: privacy.erasure.retrainAfterMs,
    graceMs: ERASURE_GRACE_MS,
    onComplete: () => done.inc({ tenant }),
  };
}

const anyComputes = (settings: ReadonlyMap<string, TenantSettings>): boolean =>
  [...settings.values()].some(({ features }) => computesFeatures(features));

function retentionDeps(parts: Parts, tenant: string): RetentionDeps {
  const { redis, keys, clock, settings, maintenance } = parts;
  const { retention, erasure } = settings.get(tenant)!.privacy;
  const erasures = new RedisErasures({
    ...{ redis, keys, clock, newId: randomUUID },
    snapshotsWithinMsOf: () => erasure.snapshotsWithinMs,
    ask: () => maintenance.finishErasures(ERASURE_GRACE_MS),
  });
  return { ...erasureDeps(parts, tenant), retention, erasures };
}

/** The hybrid and the policy are learnt after the models' own runs. */
const BLENDS_AFTER_MS = 1000;

/** Models without any version are trained at once, all of them from then on by the clock. */
async function scheduleTraining({ settings, live, training, clock }: Parts): Promise<void> {
  const now = clock.now();
  for (const [tenant, own] of settings) {
    const trained = trainedModels(own);
    const missing = trained.filter((name) => !live.of(tenant).has(name));
    await training.train(tenant, missing, 'missing');
    if (!trained.includes('traits') && (live.of(tenant).get('traits')?.events ?? 0) > 0) await training.train(tenant, ['traits'], 'demand'); // deletes them
    for (const name of [...TRAINABLE_MODEL_NAMES, 'traits', 'hybrid', 'creatives', 'policy'] as const) {
      const everyMs = trained.includes(name) ? own.training.everyMs : 0;
      await training.schedule(tenant, [name], everyMs, name === 'hybrid' || name === 'policy' ? now + BLENDS_AFTER_MS : now);
    }
  }
}

/** What each tenant's lists are made with, at the moment of asking. */
function listMakers({ settings, models, mirrors, digestOf, metrics }: Parts): (tenant: string) => ListMaker {
  const ledgers = exposureLedgers(settings, metrics);
  const writers = new Map([...settings].map(([tenant, own]) => [tenant, new ContentWriter(own.templates)]));
  const creatives = creativeWriters(settings, metrics);
  const meters = new Map([...settings].map(([tenant, own]) => [tenant, costMetersOf(own)]));
  return (tenant) => {
    const own = settings.get(tenant);
    if (!own) throw new BeckonError('NOT_FOUND', `this worker has no settings of tenant ${tenant}`);
    const held = models.get(tenant)!;
    return {
      settings: { ...own, surfaces: held.surfaces },
      models: held.forRanking,
      catalogue: mirrors.get(tenant)!,
      content: writers.get(tenant)!,
      ...(creatives.has(tenant) && { creatives: { writer: creatives.get(tenant)!, ...held.creatives } }),
      digest: digestOf(tenant),
      meters: meters.get(tenant)!,
      exposure: ledgers.get(tenant)!,
    };
  };
}

/** A meter for each surface that measures what its lists cost. */
const costMetersOf = ({ surfaces }: TenantSettings): ReadonlyMap<string, CostMeter> =>
  new Map([...surfaces].flatMap(([surface, { cost }]) => (measures(cost) ? [[surface, new CostMeter(cost, processCostClock)]] : [])));

main().catch((error: unknown) => {
  createLog('worker', 'info').fatal({ err: error }, 'the worker could not start');
  process.exit(1);
});
