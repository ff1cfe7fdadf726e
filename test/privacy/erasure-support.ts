import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveShard } from '../../src/behaviour/archive-log';
import type { ManualClock } from '../../src/platform/clock';
import type { UserKey } from '../../src/platform/keys';
import type { ErasureReceipt } from '../../src/privacy/erasure';
import { RedisConsentLedger } from '../../src/privacy/consent-ledger.redis';
import { ErasureRecords, RedisErasures } from '../../src/privacy/erasures.redis';
import { finishErasures, type FinishErasuresDeps } from '../../src/privacy/finish-erasures.redis';
import { RedisProfiles } from '../../src/profile/profiles.redis';
import type { ModelName } from '../../src/push/recommendation-list';
import type { ModelRecord } from '../../src/training/model-store';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { eventually } from '../support/eventually';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const DAY = 86_400_000;

export const userOf = (userId: string): UserKey => ({ tenant: TENANT, userId });

/** A store with an archive, profiles that can be erased, and models that can be trained; its clock moves when it is told to. */
export interface ErasureBench {
  readonly store: TestStore;
  readonly archiveDir: string;
  readonly profiles: RedisProfiles;
  readonly erasures: RedisErasures;
  readonly models: RedisModelStore;
  readonly deps: FinishErasuresDeps;
  /** Training runs that were asked for, by model. */
  readonly trained: ModelName[];
  /** Publishes a version that began to learn now. */
  train(model: ModelName): Promise<ModelRecord>;
  /** Archives the whole log; with `trim`, it is in the archive only afterwards. */
  archive(options?: { readonly trim: boolean }): Promise<void>;
  /** Goes on with erasures until the receipt is complete, or fails. */
  complete(receipt: ErasureReceipt): Promise<ErasureReceipt>;
  close(): Promise<void>;
}

export async function openErasureBench(clock: ManualClock, surfaces: readonly string[] = ['home']): Promise<ErasureBench> {
  const store = await openTestStore({ clock });
  const { redis, keys } = store;
  await redis.config('SET', 'rdbcompression', 'no');
  const archiveDir = await mkdtemp(join(tmpdir(), 'beckon-erasure-'));
  const models = new RedisModelStore(redis, keys);
  const trained: ModelName[] = [];
  let drawn = 0;
  const erasures = new RedisErasures({
    ...{ redis, keys, clock, newId: () => `receipt-${Math.floor(clock.now())}-${++drawn}` },
    snapshotsWithinMsOf: () => DAY,
    ask: () => Promise.resolve(),
  });
  const train = async (model: ModelName): Promise<ModelRecord> => {
    const known = await models.erasuresCleaned(TENANT);
    const version = `v${(await models.versions(TENANT, model)).length + 1}-${known}`;
    const record: ModelRecord = {
      ...{ model, version, trainedAt: 1, events: 1, items: 1, fitSeconds: 0, sizeBytes: 1, positions: {}, erasures: known },
    };
    await models.publish(TENANT, record, Buffer.from(`snapshot ${version}`));
    return record;
  };
  const deps: FinishErasuresDeps = {
    ...{ redis, keys, clock, archiveDir, retentionMs: 10 * DAY, store: models, retrainAfterMs: 3_600_000, graceMs: 0 },
    records: new ErasureRecords({ redis, keys }),
    trainer: {
      train: async (_tenant, names) => {
        trained.push(...names);
        for (const name of names) await train(name);
      },
    },
    models: ['factor', 'user-knn'],
  };
  const profiles = new RedisProfiles({
    ...{ redis, keys, clock, log: store.recordDeps.log, recompute: store.recordDeps.recompute, erasures, archiveDir },
    consents: new RedisConsentLedger({ redis, keys, recompute: store.recordDeps.recompute }),
    halfLivesOf: () => ({ shortHalfLifeMs: DAY, longHalfLifeMs: 30 * DAY }),
    topicsOf: () => [],
    surfacesOf: () => surfaces,
  });
  return {
    ...{ store, archiveDir, profiles, erasures, models, deps, trained, train },
    archive: async ({ trim } = { trim: false }) => {
      const later = { now: () => clock.now() + (trim ? 1000 * DAY : 0) };
      for (let shard = 0; shard < keys.shards; shard++) await archiveShard({ ...deps, clock: later }, TENANT, shard, { force: true });
    },
    complete: async ({ id }) => {
      await eventually(
        async () => {
          await finishErasures(deps, TENANT);
          expect((await erasures.receipt(TENANT, id))!.completeAt).toBeDefined();
        },
        { withinMs: 20_000, everyMs: 20 },
      );
      return (await erasures.receipt(TENANT, id))!;
    },
    close: async () => {
      await store.close();
      await rm(archiveDir, { recursive: true, force: true });
    },
  };
}
