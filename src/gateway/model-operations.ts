import { badInput } from '../platform/errors';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import type { ModelRecord, ModelStore, TrainingCause } from '../training/model-store';
import type { ModelOperations, ModelState, ModelVersion } from './gateway-deps';

/** Puts training runs into the queue, one job a model. */
interface Trainer {
  train(
    tenant: string,
    models: readonly ModelName[],
    cause: TrainingCause,
  ): Promise<readonly { readonly id: string; readonly model: ModelName }[]>;
}

export interface ModelOperationsDeps {
  readonly store: ModelStore;
  readonly trainer: Trainer;
  /** Whether the tenant uses a model. */
  readonly isEnabled: (tenant: string, model: ModelName) => boolean;
}

/** Without a training run: it reads the catalogue. */
const UNTRAINED: ReadonlySet<ModelName> = new Set(['content-based']);

/** What operators see and do, out of the stored versions and the training queue. */
export function createModelOperations({ store, trainer, isEnabled }: ModelOperationsDeps): ModelOperations {
  const trainable = (tenant: string): ModelName[] => MODEL_NAMES.filter((name) => !UNTRAINED.has(name) && isEnabled(tenant, name));
  const states = async (tenant: string, names: readonly ModelName[]): Promise<ModelState[]> => {
    const [live, runs] = await Promise.all([store.live(tenant), store.lastRuns(tenant)]);
    return names.map((name) => {
      const record = live.get(name);
      const lastRun = runs.get(name);
      return { name, pinned: record?.pinned === true, ...(record && { live: versionOf(record, true) }), ...(lastRun && { lastRun }) };
    });
  };
  return {
    list: (tenant) => states(tenant, trainable(tenant)),

    versions: async (tenant, model) => {
      const [versions, live] = await Promise.all([store.versions(tenant, model), store.live(tenant)]);
      return versions.map((record) => versionOf(record, live.get(model)?.version === record.version));
    },

    train: async (tenant, models) => {
      const known = trainable(tenant);
      for (const [index, model] of (models ?? []).entries()) {
        if (!known.includes(model))
          throw badInput(`models[${index}]`, `this model is not trained here: trained are ${known.map(enumName).join(', ')}`);
      }
      if (models) return trainer.train(tenant, [...new Set(models)], 'demand');
      const live = await store.live(tenant);
      return trainer.train(
        tenant,
        known.filter((name) => live.get(name)?.pinned !== true),
        'demand',
      );
    },

    rollback: async (tenant, model, version, hold) => {
      await store.rollback(tenant, model, version, hold);
      return (await states(tenant, [model]))[0]!;
    },
  };
}

const enumName = (model: ModelName): string => model.toUpperCase().replaceAll('-', '_');

function versionOf(record: ModelRecord, live: boolean): ModelVersion {
  const { positions: _positions, pinned: _pinned, ...shown } = record;
  return { ...shown, live };
}
