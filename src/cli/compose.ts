import { randomUUID } from 'node:crypto';
import type { RedisConnection } from '../platform/redis-connection';
import { RedisBehaviourLog } from '../behaviour/behaviour-log.redis';
import type { BehaviourDraft, RecordOutcome } from '../behaviour/outcome';
import type { RecomputeRequester } from '../behaviour/recompute-requester';
import { cleaningCounter, recordBehaviours } from '../behaviour/record-behaviours';
import type { Catalogue } from '../catalogue/catalogue';
import { RedisCatalogue } from '../catalogue/catalogue.redis';
import { topicsOf, type Item } from '../catalogue/item';
import { decodeItem } from '../catalogue/stored-item';
import { systemClock } from '../platform/clock';
import { readConfig, readTenantsFile, type Config } from '../platform/config';
import { BeckonError } from '../platform/errors';
import { Keys } from '../platform/keys';
import { createLog, type Log } from '../platform/log';
import { Metrics } from '../platform/metrics';
import { connectForCommands, onRedis, untilReady } from '../platform/redis';
import { claimLayout } from '../platform/store-layout';
import { RedisConsentLedger } from '../privacy/consent-ledger.redis';
import { RedisProfiles } from '../profile/profiles.redis';
import { loadTenantSettings, type TenantSettings } from '../tenants/tenant-settings';
import type { ImportDeps } from './import-ports';
import { findPrivateRedis } from './private-redis';
import { readBacklog, type Backlog } from './read-queues.bullmq';

const PAGE = 1_000;

export interface StoreOptions {
  /** @default REDIS_URL of the environment, else the private Redis of a running `npm start`, else the usual address */
  readonly redisUrl?: string | undefined;
  readonly tenant: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A direct way into the store for bulk work, through the same use-cases as the gateway. */
export interface Store extends ImportDeps {
  readonly catalogue: Catalogue;
  /** Of one tenant, the one that the store was opened for. */
  readonly record: (tenant: string, drafts: readonly BehaviourDraft[]) => Promise<RecordOutcome>;
  close(): Promise<void>;
}

/** Lists that are watched while history comes in are marked behind by the log itself, and found by the worker's sweep. */
const NO_REQUESTS: RecomputeRequester = { request: () => undefined };

interface Connection {
  readonly config: Config;
  readonly settings: TenantSettings;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly log: Log;
  readonly tenant: string;
}

/** @throws BeckonError UNAVAILABLE when the store does not answer; BAD_INPUT for a wrong configuration or an unknown tenant. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const connection = await connect(options);
  try {
    return await compose(connection);
  } catch (error) {
    connection.redis.disconnect();
    throw error;
  }
}

/** What waits in the store. Throws as `openStore` does. */
export async function inspectBacklog(options: StoreOptions): Promise<Backlog> {
  const { config, redis, keys, tenant } = await connect(options);
  try {
    return await readBacklog(redis, keys, { tenant, queueShards: config.QUEUE_SHARDS });
  } finally {
    redis.disconnect();
  }
}

async function connect({ redisUrl, tenant, env = process.env }: StoreOptions): Promise<Connection> {
  const config = configOf(redisUrl, env);
  const settings = tenantOf(config, tenant);
  const log = createLog('beckon', 'silent'); // standard output is the command's; failures come as errors
  const redis = connectForCommands({ url: config.REDIS_URL, log, name: 'beckon-cli' });
  const keys = new Keys(config.SHARDS);
  try {
    await untilReady(redis);
    await claimLayout(redis, keys);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return { config, settings, redis, keys, log, tenant };
}

function configOf(redisUrl: string | undefined, env: NodeJS.ProcessEnv): Config {
  const given = redisUrl ?? env['REDIS_URL'];
  const url = given ? given : findPrivateRedis(readConfig(env).BECKON_DATA_DIR);
  return readConfig({ ...env, REDIS_URL: url });
}

function tenantOf(config: Config, tenant: string): TenantSettings {
  const tenants = loadTenantSettings(readTenantsFile(config));
  const settings = tenants.get(tenant);
  if (settings) return settings;
  throw new BeckonError('BAD_INPUT', `there is no tenant "${tenant}"; there are ${[...tenants.keys()].join(', ')}`, { field: 'tenant' });
}

async function compose({ config, settings, redis, keys, log, tenant }: Connection): Promise<Store> {
  const behaviourLog = new RedisBehaviourLog(redis, keys);
  const catalogue = new RedisCatalogue(redis, keys);
  const topics = await loadTopics(redis, keys, tenant);
  const topicsOfItem = (_tenant: string, itemId: string): readonly string[] => topics.get(itemId) ?? [];
  const deps = {
    log: behaviourLog,
    clock: systemClock,
    newId: randomUUID,
    settingsOf: () => settings.behaviour,
    topicsOf: topicsOfItem,
    recompute: NO_REQUESTS,
    admit: () => undefined,
    cleaned: cleaningCounter(new Metrics()),
    warn: log,
    maxClockSkewMs: config.MAX_CLOCK_SKEW_MS,
    maxLatenessMs: config.MAX_LATENESS_MS,
  };
  const profiles = new RedisProfiles({
    redis,
    keys,
    clock: systemClock,
    halfLivesOf: () => settings.behaviour,
    log: behaviourLog,
    topicsOf: topicsOfItem,
    surfacesOf: () => [...settings.surfaces.keys()],
    recompute: NO_REQUESTS,
    erasures: { begin: () => Promise.reject(new Error('erasing is not for an import')) },
    consents: new RedisConsentLedger({ redis, keys, recompute: NO_REQUESTS }),
    archiveDir: config.ARCHIVE_DIR,
  });
  return {
    clock: systemClock,
    catalogue: remembering(catalogue, (item) => topics.set(item.id, topicsOf(item))),
    record: (_tenant, drafts) => recordBehaviours(deps, { tenant, drafts, receivedAt: systemClock.now(), policy: 'import' }),
    describeUser: async (_tenant, { userId, attributes }) => {
      await profiles.update({ tenant, userId }, { attributes });
    },
    knows: async (_tenant, userId, behaviourId) => (await onRedis(() => redis.zscore(keys.ids({ tenant, userId }), behaviourId))) !== null,
    close: async () => {
      await redis.quit();
    },
  };
}

/** Topics of every item of the tenant, as they are now. */
async function loadTopics(redis: RedisConnection, keys: Keys, tenant: string): Promise<Map<string, readonly string[]>> {
  const topics = new Map<string, readonly string[]>();
  let cursor = '0';
  do {
    const [next, page] = await onRedis(() => redis.hscan(keys.items(tenant), cursor, 'COUNT', PAGE));
    for (let k = 1; k < page.length; k += 2) {
      const item = decodeItem(page[k]!);
      topics.set(item.id, topicsOf(item));
    }
    cursor = next;
  } while (cursor !== '0');
  return topics;
}

/** The same catalogue; items that it takes are known at once to the behaviours that follow. */
function remembering(catalogue: Catalogue, remember: (item: Item) => void): Catalogue {
  return {
    upsert: async (tenant, items) => {
      const outcome = await catalogue.upsert(tenant, items);
      outcome.items.forEach(remember);
      return outcome;
    },
    patch: (tenant, patches) => catalogue.patch(tenant, patches),
    setHidden: (tenant, itemIds, hidden) => catalogue.setHidden(tenant, itemIds, hidden),
  };
}
