import { randomBytes } from 'node:crypto';
import { trainableModels, type TrainableModelName } from '../src/models/model-catalogue';
import { systemClock } from '../src/platform/clock';
import type { Item } from '../src/catalogue/item';
import { readItems } from '../src/catalogue/read-items.redis';
import { readConfig, readTenantsFile } from '../src/platform/config';
import { BeckonError } from '../src/platform/errors';
import { Keys } from '../src/platform/keys';
import { createLog } from '../src/platform/log';
import { connectForWaiting } from '../src/platform/redis';
import { loadTenantSettings } from '../src/tenants/tenant-settings';
import { RedisModelStore } from '../src/training/model-store.redis';
import { runCreatives } from '../src/training/run-creatives';
import { RedisListDecisions } from '../src/training/list-decisions.redis';
import { runHybrid } from '../src/training/run-hybrid';
import { runPolicy } from '../src/training/run-policy';
import { runTraits } from '../src/training/run-traits';
import { runTraining, type TrainingListener } from '../src/training/run-training';
import { trainOrder, type TrainOrder, type TrainReport } from '../src/training/train-report';
import type { ProcessUsage, RunResult } from '../src/training/training-result';
import { lowerPriority } from './lower-priority';
import { creativesRequest, hybridRequest, optionsOf, policyRequest, trainedModels, trainingRequest, traitsRequest } from './model-options';

/*
 * One training run in a process of its own, of the lowest priority: what it takes, memory and CPU, is taken from nobody, and ends with it.
 * Composition root: order → config → connection → one use-case → report.
 */

async function train({ tenant, model: name, cause }: TrainOrder): Promise<RunResult> {
  const config = readConfig();
  const settings = loadTenantSettings(readTenantsFile(config)).get(tenant);
  // Traits that are no longer wanted are deleted by a run of their own.
  if (!settings || !(name === 'traits' || trainedModels(settings).includes(name)))
    return { outcome: 'skipped', message: 'this tenant does not use the model' };
  const log = createLog('train', config.LOG_LEVEL);
  const redis = connectForWaiting({ url: config.REDIS_URL, log, name: 'beckon-train' });
  try {
    const keys = new Keys(config.SHARDS);
    const store = new RedisModelStore(redis, keys);
    const catalogue = (): Promise<readonly Item[]> => readItems(redis, keys.items(tenant));
    const { consent } = settings.privacy;
    const deps = { redis, keys, archiveDir: config.ARCHIVE_DIR, store, catalogue, consent, clock: systemClock, usage };
    const listener: TrainingListener = {
      onVersion: (version) => report({ kind: 'begun', version }),
      onProgress: throttled((percent) => report({ kind: 'progress', percent })),
      onNote: (line) => log.warn({ tenant, model: name }, line),
    };
    if (name === 'traits') return await runTraits(deps, traitsRequest(settings, cause), listener);
    if (name === 'hybrid') return await runHybrid(deps, hybridRequest(settings, cause, drawSeed), listener);
    if (name === 'creatives') return await runCreatives(deps, creativesRequest(settings, cause), listener);
    if (name === 'policy') {
      return await runPolicy({ ...deps, decisions: new RedisListDecisions(redis, keys) }, policyRequest(settings, cause), listener);
    }
    const model = trainableModels(optionsOf(settings), drawSeed)[name as TrainableModelName];
    return await runTraining(deps, trainingRequest(settings, model, cause), listener);
  } finally {
    redis.disconnect();
  }
}

/** 256 bits that end with this process. */
const drawSeed = (): string => randomBytes(32).toString('hex');

function usage(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return { peakMemoryBytes: process.resourceUsage().maxRSS * 1024, cpuSeconds: (user + system) / 1e6 };
}

/** Tells whole percents, each once. */
function throttled(tell: (percent: number) => void): (done: number, total: number) => void {
  let last = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent !== last) tell(percent);
    last = percent;
  };
}

function report(message: TrainReport, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.());
}

const failure = (error: unknown): TrainReport => ({
  kind: 'failed',
  message: error instanceof Error ? error.message : String(error),
  retryable: !(error instanceof BeckonError) || error.retryable,
});

process.on('disconnect', () => process.exit(1)); // the worker is gone: nobody waits for this
process.on('SIGINT', () => undefined); // Ctrl-C in the terminal reaches the worker too, which ends this
process.once('message', (message) => {
  lowerPriority();
  train(trainOrder.parse(message)).then(
    (result) => report({ kind: 'done', result }, () => process.exit(0)),
    (error: unknown) => {
      createLog('train', 'error').error({ err: error }, 'a training run failed');
      report(failure(error), () => process.exit(1));
    },
  );
});
