import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RedisBehaviourLog } from './behaviour/behaviour-log.redis';
import { admitBelow, cleaningCounter, recordBehaviours, type RecordDeps } from './behaviour/record-behaviours';
import { CatalogueMirror } from './catalogue/catalogue-mirror.redis';
import { RedisCatalogue } from './catalogue/catalogue.redis';
import { topicsOf } from './catalogue/item';
import { RedisAuditLog } from './gateway/auth/audit-log.redis';
import type { Authenticator } from './gateway/auth/identity';
import { authenticatorOf } from './gateway/auth/authenticator-of';
import { RedisRevocations } from './gateway/auth/revocations.redis';
import { checkCanary } from './gateway/check-canary';
import { checkLoop } from './gateway/check-loop';
import { checkParts } from './gateway/check-parts';
import type { GatewayDeps } from './gateway/gateway-deps';
import { gatewaySettings } from './gateway/gateway-settings';
import { RedisTenantQuotas } from './gateway/limits/tenant-quotas.redis';
import { publishedParameters } from './gateway/parameters/describe-parameters';
import { createModelOperations } from './gateway/model-operations';
import { openShapes } from './gateway/open-shapes';
import { startOwnPort } from './gateway/own-port';
import { startGateway } from './gateway/start-gateway';
import { Channels } from './platform/channels';
import { systemClock, type Clock } from './platform/clock';
import { readConfig, readTenantsFile, type Config } from './platform/config';
import { EventLoopWatch } from './platform/event-loop-watch';
import { Keys } from './platform/keys';
import { createLog, type Log } from './platform/log';
import { Metrics } from './platform/metrics';
import { placeInGroup, runProcessGroup } from './platform/process-group';
import { connectAt, connectForCommands, untilReady } from './platform/redis';
import type { RedisConnection } from './platform/redis-connection';
import { connectForRecording } from './platform/redis-recording';
import { onShutdown } from './platform/shutdown';
import { claimLayout } from './platform/store-layout';
import { RedisConsentLedger } from './privacy/consent-ledger.redis';
import { openErasures } from './privacy/open-erasures';
import { RedisChoices } from './profile/choices.redis';
import { RedisProfileControl } from './profile/profile-control.redis';
import { RedisProfiles } from './profile/profiles.redis';
import { AskWorkers } from './push/ask-workers.bullmq';
import { Canary } from './push/canary.redis';
import { FallbackLists } from './push/fallback-list';
import { RedisFeed } from './push/feed.redis';
import { RedisLists } from './push/lists.redis';
import { listFor, readChosen, watchChosen, type ChosenDeps } from './push/chosen-lists';
import { QUESTIONS_QUEUE } from './push/question-job';
import { queuePrefix } from './push/recompute-job';
import { BullRecomputeQueue } from './push/recompute-queue.bullmq';
import { followCatalogue } from './push/follow-catalogue';
import { RedisWatchLeases } from './push/watch-leases.redis';
import { WatchedLists } from './push/watched-lists';
import { watchesBeginning } from './push/watches-beginning';
import { trainsModel } from './tenants/policy-use';
import { loadTenantSettings, surfaceOf, type TenantSettings } from './tenants/tenant-settings';
import { LiveModels } from './training/live-models.redis';
import { MaintenanceQueue } from './training/maintenance-queue.bullmq';
import { RedisModelStore } from './training/model-store.redis';
import { TrainingQueue } from './training/training-queue.bullmq';

const STORE_DEADLINE_MS = 60_000;
/** A watcher without any list is shown the impersonal one after this. */
const FIRST_LIST_DEADLINE_MS = 500;
const CLOSE_DEADLINE_MS = 2000;

interface Process {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tenants: ReadonlyMap<string, TenantSettings>;
}

/** Composition root of the gateway process: config → connections → parts → servers → shutdown. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { processes: { type: 'string' } } });
  const config = readConfig({ ...process.env, ...(values.processes !== undefined && { GATEWAY_PROCESSES: values.processes }) });
  const log = createLog('gateway', config.LOG_LEVEL);
  const place = placeInGroup();
  if (place === undefined && config.GATEWAY_PROCESSES !== 1) return runProcessGroup({ processes: config.GATEWAY_PROCESSES, log });
  const metrics = new Metrics();
  metrics.collectProcess();
  const tenants = loadTenantSettings(readTenantsFile(config));
  const authenticator = await authenticatorOf(config);
  const parts = await openParts({ config, log, metrics, tenants });
  followCatalogue({ ...parts, wordsOf: (tenant) => trainsModel(parts.settingsOf(tenant), 'creatives') });
  const settings = gatewaySettings(config);
  const deps = gatewayDeps(parts, authenticator);
  const gateway = await startGateway(deps, settings, { host: config.HOST, port: config.PORT });
  const own = place === undefined ? undefined : await startOwnPort(config, { metrics, checkHealth: gateway.checkHealth }, place);
  log.info(
    {
      host: gateway.host,
      port: gateway.port,
      ...(own && { place, ownPort: own.port }),
      tenants: [...tenants.keys()],
      auth: config.AUTH_MODE,
    },
    'gateway is ready',
  );
  const close = async (): Promise<void> => {
    await gateway.close();
    await own?.close();
    await parts.close();
  };
  onShutdown(log, close, { extraMs: settings.drain.noticeMs + settings.drain.spreadMs });
}

/** The parts that stand on a connection each, open and ready. */
async function openParts(own: Process) {
  const { config, log, metrics, tenants } = own;
  const clock = systemClock;
  const redis = connectForCommands({ url: config.REDIS_URL, log, name: 'beckon-gateway-commands' });
  await untilReady(redis, STORE_DEADLINE_MS);
  const keys = new Keys(config.SHARDS);
  await claimLayout(redis, keys);
  const at = (name: string, key: string) => connectAt(key, redis, { url: config.REDIS_URL, log, name: `beckon-gateway-${name}` });
  const names = [...tenants.keys()];
  const recording = await connectForRecording({ url: config.REDIS_URL, log, replicas: config.REDIS_WAIT_REPLICAS, shared: redis });

  const lists = new RedisLists(redis, keys, randomUUID, (tenant) => tenants.get(tenant)!.privacy.retention.listsMs);
  const channels = new Channels({ redis, connect: (channel) => at('feed', channel), log });
  const feed = new RedisFeed({ channels, keys, tenants: names, lists, log });
  await feed.open();
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
  metrics.observed('beckon_feed_listeners', 'Watches that listen to new lists', () => feed.listenerCount);
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

/** What watches over connections, over what users may not be shown, and over this process itself. */
async function openGuards(on: Process & { clock: Clock; redis: RedisConnection; channels: Channels; keys: Keys }) {
  const { config, log, metrics, tenants, clock, redis, channels, keys } = on;
  const revocations = new RedisRevocations({ redis, channels, keys, tenants: [...tenants.keys()], clock, log });
  await revocations.open();
  const choices = new RedisChoices({ redis, channels, keys, tenants: [...tenants.keys()] });
  await choices.open();
  const audit = new RedisAuditLog(redis, keys, log);
  const limited = new Map([...tenants].map(([tenant, own]) => [tenant, own.quotas]));
  const quotas = new RedisTenantQuotas({ redis, keys, name: randomUUID(), quotas: limited, clock, metrics, log });
  const canary = new Canary({
    ...{ redis, channels, keys, clock, metrics, log, name: randomUUID(), queueShards: config.QUEUE_SHARDS },
    ...{ everyMs: config.CANARY_INTERVAL_MS, deadlineMs: config.CANARY_DEADLINE_MS },
  });
  await canary.open();
  const loop = new EventLoopWatch();
  const close = async (): Promise<void> => {
    revocations.close();
    choices.close();
    loop.stop();
    quotas.close();
    await Promise.all([audit.close(), canary.close()]);
  };
  return { revocations, choices, audit, canary, loop, quotas, close };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

function gatewayDeps(parts: Parts, authenticator: Authenticator): GatewayDeps {
  const { clock, log, metrics, tenants, redis, keys, feed, workers, store, training, settingsOf, surfacesOf, itemsOf } = parts;
  const { config, revocations, audit, canary, loop, quotas } = parts;
  const reading = readDeps(parts);
  const recording = recordDeps(parts);
  const beginning = watchesBeginning(metrics);
  const consents = new RedisConsentLedger(parts);
  return {
    clock,
    log,
    metrics,
    newId: randomUUID,
    authenticator,
    revocations,
    audit,
    quotas,
    ...parts.served.shapes,
    hasTenant: (tenant) => tenants.has(tenant),
    surfacesOf,
    record: (request) => {
      const { tenant, drafts } = request;
      const shards = new Set(drafts.map(({ userId }) => keys.shardOf({ tenant, userId })));
      return parts.confirmed(
        [...shards].map((shard) => keys.log(tenant, shard)),
        () => recordBehaviours(recording, request),
      );
    },
    profiles: profilesOf(parts, consents),
    erasures: parts.erasures,
    choices: parts.choices,
    control: new RedisProfileControl(parts),
    personalisationOf: (tenant, surface) => surfaceOf(settingsOf(tenant), surface).personalisation,
    parametersOf: publishedParameters(tenants),
    consents,
    consentSettingsOf: (tenant) => settingsOf(tenant).privacy.consent,
    catalogue: new RedisCatalogue(redis, keys),
    itemsOf,
    lists: {
      read: (request) => readChosen(reading, request),
      watch: (key, after) => beginning.run(() => watchChosen(reading, key, after)),
      related: (request) => workers.ask({ kind: 'related', ...request }),
      popular: (request) => workers.ask({ kind: 'popular', ...request }),
      why: async (key, itemId) => workers.ask({ kind: 'why', ...(await listFor(reading, key)), itemId }),
    },
    models: createModelOperations({
      store,
      trainer: training,
      isEnabled: (tenant, model) => trainsModel(settingsOf(tenant), model),
    }),
    checkHealth: async () => [
      ...(await checkParts({ redis, feed, workerNamePrefix: 'beckon-worker' })),
      await checkCanary(canary),
      checkLoop(loop.worstMs, config.EVENT_LOOP_LIMIT_MS),
    ],
  };
}

function recordDeps({ config, clock, log, metrics, behaviourLog, recompute, settingsOf, topicsOf: topics }: Parts): RecordDeps {
  return {
    log: behaviourLog,
    clock,
    newId: randomUUID,
    settingsOf: (tenant) => settingsOf(tenant).behaviour,
    topicsOf: topics,
    recompute,
    admit: admitBelow(config.MAX_QUEUE_DEPTH, () => recompute.depth),
    cleaned: cleaningCounter(metrics),
    warn: log,
    maxClockSkewMs: config.MAX_CLOCK_SKEW_MS,
    maxLatenessMs: config.MAX_LATENESS_MS,
  };
}

function readDeps(parts: Parts): ChosenDeps {
  const { config, clock, log, redis, keys, feed, lists, watched, recompute, live, itemsOf, choices, settingsOf } = parts;
  const fallbacks = new FallbackLists(redis, keys, clock, itemsOf);
  return {
    feed,
    lists,
    watched,
    recompute,
    catalogueOf: itemsOf,
    digestOf: (tenant) => live.digestOf(tenant),
    fallback: (key) => fallbacks.read(key),
    firstListDeadlineMs: FIRST_LIST_DEADLINE_MS,
    readDeadlineMs: config.READ_DEADLINE_MS,
    choices,
    personalisationOf: ({ tenant, surface }) => surfaceOf(settingsOf(tenant), surface).personalisation,
    clock,
    log,
  };
}

function profilesOf(parts: Parts, consents: RedisConsentLedger): RedisProfiles {
  const { config, settingsOf, behaviourLog: log } = parts;
  return new RedisProfiles({
    ...parts,
    log,
    consents,
    archiveDir: config.ARCHIVE_DIR,
    halfLivesOf: (tenant) => settingsOf(tenant).behaviour,
  });
}

main().catch((error: unknown) => {
  createLog('gateway', 'info').fatal({ err: error }, 'the gateway could not start');
  process.exit(1);
});
