import { parentPort, workerData } from 'node:worker_threads';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { trainableModels, type TrainableModelName } from '../src/models/model-catalogue';
import { systemClock } from '../src/platform/clock';
import { readConfig, readTenantsFile } from '../src/platform/config';
import { Keys } from '../src/platform/keys';
import { createLog } from '../src/platform/log';
import { connectForWaiting } from '../src/platform/redis';
import { loadTenantSettings } from '../src/tenants/tenant-settings';
import type { ModelRecord } from '../src/training/model-store';
import { RedisModelStore } from '../src/training/model-store.redis';
import { readShardHistory } from '../src/training/read-history';
import { TrainingEventsBuilder } from '../src/training/training-events';
import { trainingJob } from '../src/training/training-queue.bullmq';
import { enabledModels, optionsOf } from './model-options';
import type { TrainReport } from './processors/train-model';

/** One training run, in a thread of its own: history → fit → snapshot → live pointer. Lists go on being computed meanwhile. */
async function train(): Promise<ModelRecord | undefined> {
  const { tenant, model } = trainingJob.extend({ model: z.string() }).parse(workerData) as { tenant: string; model: TrainableModelName };
  const config = readConfig();
  const settings = loadTenantSettings(readTenantsFile(config)).get(tenant);
  if (!settings || !enabledModels(settings).includes(model)) return undefined;
  const redis = connectForWaiting({ url: config.REDIS_URL, log: createLog('train', config.LOG_LEVEL), name: 'beckon-train' });
  try {
    const keys = new Keys(config.SHARDS);
    const history = new TrainingEventsBuilder();
    const positions = new Map<string, string>();
    const known = await catalogueIds(redis, keys, tenant);
    for (let shard = 0; shard < config.SHARDS; shard++) {
      for await (const behaviour of readShardHistory({ redis, keys, archiveDir: config.ARCHIVE_DIR }, tenant, shard, positions)) {
        const { itemId, ...withoutItem } = behaviour;
        history.add(itemId !== undefined && known.has(itemId) ? behaviour : withoutItem);
      }
      report({ kind: 'progress', done: shard + 1, total: 2 * config.SHARDS });
    }
    if (history.size === 0) return undefined;
    const events = history.build();
    const startedAt = systemClock.now();
    const version = new Date(Math.floor(startedAt)).toISOString().replace(/[-:.]/g, '');
    const trained = trainableModels(optionsOf(settings))[model];
    const fitted = await trained.fit(events, (done, total) =>
      report({ kind: 'progress', done: config.SHARDS * (1 + done / total), total: 2 * config.SHARDS }),
    );
    const snapshot = trained.encode(fitted, version, startedAt);
    const record: ModelRecord = {
      model,
      version,
      trainedAt: startedAt,
      events: events.items.length,
      items: events.itemIds.length,
      fitSeconds: (systemClock.now() - startedAt) / 1000,
      sizeBytes: snapshot.length,
      positions: Object.fromEntries(positions),
    };
    await new RedisModelStore(redis, keys).publish(tenant, record, snapshot);
    return record;
  } finally {
    redis.disconnect();
  }
}

/** What can be recommended: other ids are not learnt, so that a snapshot is bounded by the catalogue. */
async function catalogueIds(redis: Redis, keys: Keys, tenant: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor = '0';
  do {
    const [next, page] = await redis.hscan(keys.items(tenant), cursor, 'COUNT', 1000);
    for (let k = 0; k < page.length; k += 2) ids.add(page[k]!);
    cursor = next;
  } while (cursor !== '0');
  return ids;
}

function report(message: TrainReport): void {
  parentPort?.postMessage(message);
}

train().then(
  (record) => report({ kind: 'done', record }),
  (error: unknown) => {
    throw error; // reaches the parent as the thread's 'error' event
  },
);
