import { CONTENT_BASED_DEFAULTS, type ContentBasedOptions } from '../src/models/content-based/content-based';
import { modelDefaults, TRAINABLE_MODEL_NAMES, type ModelOptions, type TrainableModelName } from '../src/models/model-catalogue';
import { modelOptions, type TenantSettings } from '../src/tenants/tenant-settings';

/** The models that a tenant trains and loads. */
export function enabledModels(settings: TenantSettings): TrainableModelName[] {
  return TRAINABLE_MODEL_NAMES.filter((name) => settings.models[name]?.enabled !== false);
}

/**
 * The options of each model: its defaults with the tenant's laid over.
 * @throws BeckonError BAD_INPUT for an option that the model does not have or of another type.
 */
export function optionsOf(settings: TenantSettings): ModelOptions {
  return Object.fromEntries(TRAINABLE_MODEL_NAMES.map((name) => [name, modelOptions(modelDefaults(name), settings)]));
}

/** The same for the model that is not trained. */
export const contentOptionsOf = (settings: TenantSettings): ContentBasedOptions =>
  modelOptions({ name: 'content-based', defaults: CONTENT_BASED_DEFAULTS }, settings);
