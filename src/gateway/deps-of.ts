import { randomUUID } from 'node:crypto';
import { admitBelow, cleaningCounter, recordBehaviours, type RecordDeps } from '../behaviour/record-behaviours';
import { RedisCatalogue } from '../catalogue/catalogue.redis';
import { RedisConsentLedger } from '../privacy/consent-ledger.redis';
import { RedisProfileControl } from '../profile/profile-control.redis';
import { RedisProfiles } from '../profile/profiles.redis';
import { listFor, readChosen, watchChosen, type ChosenDeps } from '../push/chosen-lists';
import { FallbackLists } from '../push/fallback-list';
import { watchesBeginning } from '../push/watches-beginning';
import { trainsModel } from '../tenants/policy-use';
import { surfaceOf } from '../tenants/tenant-settings';
import type { Authenticator } from './auth/identity';
import { checkCanary } from './check-canary';
import { checkLoop } from './check-loop';
import { checkParts } from './check-parts';
import type { GatewayDeps } from './gateway-deps';
import { createModelOperations } from './model-operations';
import type { OpenParts } from './open-parts';
import { publishedParameters } from './parameters/describe-parameters';

/** A watcher without any list is shown the impersonal one after this. */
const FIRST_LIST_DEADLINE_MS = 500;

/** What the parts of a gateway do for each other. */
export function depsOf(parts: OpenParts, authenticator: Authenticator): GatewayDeps {
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
    shapes: parts.served.shapes,
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
    consentSettingsOf: (tenant) => {
      const { privacy, traits } = settingsOf(tenant);
      return { ...privacy.consent, sensitiveAttributes: traits.sensitiveAttributes };
    },
    catalogue: new RedisCatalogue(redis, keys),
    itemsOf,
    lists: {
      read: (request) => readChosen(reading, request),
      watch: (key, after) => beginning.run(() => watchChosen(reading, key, after)),
      waitingWatches: () => beginning.waiting,
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

function recordDeps({ config, clock, log, metrics, behaviourLog, recompute, settingsOf, topicsOf: topics }: OpenParts): RecordDeps {
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

function readDeps(parts: OpenParts): ChosenDeps {
  const { config, clock, log, redis, keys, feed, lists, watched, recompute, live, itemsOf, choices, served, settingsOf } = parts;
  const fallbacks = new FallbackLists(redis, keys, clock, itemsOf);
  return {
    feed,
    lists,
    watched,
    recompute,
    catalogueOf: itemsOf,
    digestOf: (tenant) => live.digestOf(tenant),
    fallback: (key) => fallbacks.read(key),
    onWholeNeeded: ({ tenant, surface }) => served.shapes.noteWhole(tenant, surface, clock.now()),
    firstListDeadlineMs: FIRST_LIST_DEADLINE_MS,
    readDeadlineMs: config.READ_DEADLINE_MS,
    choices,
    personalisationOf: ({ tenant, surface }) => surfaceOf(settingsOf(tenant), surface).personalisation,
    clock,
    log,
  };
}

function profilesOf(parts: OpenParts, consents: RedisConsentLedger): RedisProfiles {
  const { config, settingsOf, behaviourLog: log } = parts;
  return new RedisProfiles({
    ...parts,
    log,
    consents,
    archiveDir: config.ARCHIVE_DIR,
    halfLivesOf: (tenant) => settingsOf(tenant).behaviour,
  });
}
