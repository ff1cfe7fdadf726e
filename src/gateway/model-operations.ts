import { badInput } from '../platform/errors';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import type { ModelRecord, ModelStore } from '../training/model-store';
import type { ModelOperations, ModelVersion } from './gateway-deps';

/** Puts training runs into the queue, one job a model. */
interface Trainer {
  train(tenant: string, models: readonly ModelName[]): Promise<readonly { readonly id: string; readonly model: ModelName }[]>;
}

export interface ModelOperationsDeps {
  readonly store: ModelStore;
  readonly trainer: Trainer;
  /** Whether the tenant uses a model. */
  readonly isEnabled: (tenant: string, model: ModelName) => boolean;
}

/** Models without a training run: content-based reads the catalogue, hybrid blends the others. */
const UNTRAINED: ReadonlySet<ModelName> = new Set(['ease', 'ncf', 'attention', 'content-based', 'hybrid']);

/** What operators see and do, out of the stored versions and the training queue. */
export function createModelOperations({ store, trainer, isEnabled }: ModelOperationsDeps): ModelOperations {
  const trainable = (tenant: string): ModelName[] => MODEL_NAMES.filter((name) => !UNTRAINED.has(name) && isEnabled(tenant, name));
  return {
    list: async (tenant) => {
      const live = await store.live(tenant);
      return trainable(tenant).map((name) => {
        const record = live.get(name);
        return { name, ...(record && { live: versionOf(record, true) }) };
      });
    },

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
      return trainer.train(tenant, models ? [...new Set(models)] : known);
    },

    rollback: async (tenant, model, version) => versionOf(await store.rollback(tenant, model, version), true),
  };
}

const enumName = (model: ModelName): string => model.toUpperCase().replaceAll('-', '_');

const versionOf = ({ model, version, trainedAt, events, fitSeconds, sizeBytes }: ModelRecord, live: boolean): ModelVersion => ({
  model,
  version,
  trainedAt,
  live,
  events,
  fitSeconds,
  sizeBytes,
});
