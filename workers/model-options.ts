import { TRAINABLE_MODEL_NAMES, type ModelOptions, type TrainableModelName } from '../src/models/model-catalogue';
import type { TenantSettings } from '../src/tenants/tenant-settings';

/** The models that a tenant trains and loads. */
export function enabledModels(settings: TenantSettings): TrainableModelName[] {
  return TRAINABLE_MODEL_NAMES.filter((name) => settings.models[name]?.enabled !== false);
}

/** The tenant's options of each model, to lay over the models' defaults. */
export function optionsOf(settings: TenantSettings): ModelOptions {
  return Object.fromEntries(TRAINABLE_MODEL_NAMES.map((name) => [name, settings.models[name]?.options ?? {}]));
}
