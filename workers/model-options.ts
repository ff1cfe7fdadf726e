import { CONTENT_BASED_DEFAULTS, type ContentBasedOptions } from '../src/models/content-based/content-based';
import { TRAINABLE_MODEL_NAMES, type ModelOptions, type TrainableModelName } from '../src/models/model-catalogue';
import { factor } from '../src/models/factor/factor';
import { itemKnn } from '../src/models/item-knn/item-knn';
import { popular } from '../src/models/popular/popular';
import { sessionKnn } from '../src/models/session-knn/session-knn';
import { transition } from '../src/models/transition/transition';
import { userKnn } from '../src/models/user-knn/user-knn';
import { modelOptions, type TenantSettings } from '../src/tenants/tenant-settings';

/** The models that a tenant trains and loads. */
export function enabledModels(settings: TenantSettings): TrainableModelName[] {
  return TRAINABLE_MODEL_NAMES.filter((name) => settings.models[name]?.enabled !== false);
}

/**
 * The options of each model: its defaults with the tenant's laid over.
 * @throws BeckonError BAD_INPUT for an option that the model does not have or of another type.
 */
export function optionsOf(settings: TenantSettings): Required<ModelOptions> {
  return {
    popular: modelOptions(popular, settings),
    'user-knn': modelOptions(userKnn, settings),
    'session-knn': modelOptions(sessionKnn, settings),
    'item-knn': modelOptions(itemKnn, settings),
    transition: modelOptions(transition, settings),
    factor: modelOptions(factor, settings),
  };
}

/** The same for the model that is not trained. */
export const contentOptionsOf = (settings: TenantSettings): ContentBasedOptions =>
  modelOptions({ name: 'content-based', defaults: CONTENT_BASED_DEFAULTS }, settings);
