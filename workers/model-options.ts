import type { CreativeRules } from '../src/content/creatives/creative-policy';
import { CONTENT_BASED_DEFAULTS, type ContentBasedOptions } from '../src/models/content-based/content-based';
import {
  modelDefaults,
  TRAINABLE_MODEL_NAMES,
  trainableModels,
  type ModelOptions,
  type TrainableModel,
  type TrainableModelName,
} from '../src/models/model-catalogue';
import type { ModelName } from '../src/push/recommendation-list';
import { POLICY_DEFAULTS } from '../src/models/policy/policy-options';
import { BLENDED_MODELS } from '../src/ranking/surface-settings';
import { learnsPolicy } from '../src/tenants/policy-use';
import { modelOptions, settingsDigest, usesModel, type TenantSettings } from '../src/tenants/tenant-settings';
import type { TrainingCause } from '../src/training/model-store';
import type { CreativesRequest } from '../src/training/run-creatives';
import type { GateRules, HybridRequest } from '../src/training/run-hybrid';
import type { PolicyRequest } from '../src/training/run-policy';
import type { TrainingRequest } from '../src/training/run-training';
import type { TraitsRequest } from '../src/training/run-traits';

/** The models that a tenant trains and loads. */
export function enabledModels(settings: TenantSettings): TrainableModelName[] {
  return TRAINABLE_MODEL_NAMES.filter((name) => settings.models[name]?.enabled !== false);
}

/** Whether a tenant learns blends of its models. */
export const learnsBlends = (settings: TenantSettings): boolean => settings.models.hybrid?.enabled !== false;

/** Whether a tenant chooses the words of its items. */
export const usesCreatives = (settings: TenantSettings): boolean => usesModel(settings, 'creatives');

/** Every model of a tenant that has training runs, in the order in which they are worth making. */
export const trainedModels = (settings: TenantSettings): ModelName[] => [
  ...enabledModels(settings),
  ...(usesModel(settings, 'traits') ? (['traits'] as const) : []),
  ...(learnsBlends(settings) ? (['hybrid'] as const) : []),
  ...(usesCreatives(settings) ? (['creatives'] as const) : []),
  ...(learnsPolicy(settings) ? (['policy'] as const) : []),
];

/**
 * The options of each model: its defaults with the tenant's laid over.
 * @throws BeckonError BAD_INPUT for an option that the model does not have or of another type.
 */
export function optionsOf(settings: TenantSettings): ModelOptions {
  const all = TRAINABLE_MODEL_NAMES.map((name) => [
    name,
    { ...modelOptions(modelDefaults(name), settings), ...privateOptions(name, settings) },
  ]);
  return Object.fromEntries(all) as ModelOptions;
}

/** What `privacy` of a tenant sets, where the model's own options do not. */
function privateOptions(name: TrainableModelName, { privacy: { minUsers, noise }, models }: TenantSettings): Record<string, unknown> {
  const floor = name === 'popular' || name === 'item-knn' || name === 'user-knn' ? { minUsers } : {};
  return { ...floor, ...(name === 'item-knn' && noise), ...models[name]?.options };
}

/** The same for the model that is not trained. */
export const contentOptionsOf = (settings: TenantSettings): ContentBasedOptions =>
  modelOptions({ name: 'content-based', defaults: CONTENT_BASED_DEFAULTS }, settings);

/** The live version must go where it knows somebody who was erased, whether or not the new one is as good. */
const checkOf = (cause: TrainingCause, check: 'auto' | 'off'): 'auto' | 'off' => (cause === 'erasure' ? 'off' : check);

/** What the settings say about one training run of a model. */
export function trainingRequest(settings: TenantSettings, model: TrainableModel, cause: TrainingCause): TrainingRequest {
  const { check = 'auto', fewestEvents = model.fewestEvents } = settings.models[model.name] ?? {};
  const optionsDigest = settingsDigest(optionsOf(settings)[model.name]);
  return { tenant: settings.name, cause, model, fewestEvents, check: checkOf(cause, check), optionsDigest };
}

/** What the settings say about one training run of the traits. */
export const traitsRequest = (settings: TenantSettings, cause: TrainingCause): TraitsRequest => ({
  tenant: settings.name,
  cause,
  settings: { ...settings.traits, enabled: usesModel(settings, 'traits') },
  optionsDigest: settingsDigest(settings.traits),
});

/** What the settings say about the choice of words. */
export const creativeRulesOf = ({ content }: TenantSettings): CreativeRules => ({
  generated: content.creatives === 'generated',
  explore: content.explore,
});

/** What the settings say about one training run of the creatives. */
export function creativesRequest(settings: TenantSettings, cause: TrainingCause): CreativesRequest {
  const generated = settings.content.creatives === 'generated';
  return { tenant: settings.name, cause, generated, optionsDigest: settingsDigest(settings.content) };
}

/** With fewer lists that explored and were seen a policy is not worth its time. */
const FEWEST_LISTS = 1000;

/** What the settings say about one training run of the policy. */
export function policyRequest(settings: TenantSettings, cause: TrainingCause): PolicyRequest {
  const { gate = 'auto', fewestEvents = FEWEST_LISTS } = settings.models.policy ?? {};
  const options = modelOptions({ name: 'policy', defaults: POLICY_DEFAULTS }, settings);
  return { tenant: settings.name, cause, options, gate, fewestLists: fewestEvents, optionsDigest: settingsDigest(options) };
}

/** What the settings say about one training run of the hybrid; each fit of it draws what must be secret. */
export function hybridRequest(settings: TenantSettings, cause: TrainingCause, drawSeed: () => string): HybridRequest {
  const models = trainableModels(optionsOf(settings), drawSeed);
  const wanted = enabledModels(settings).map((name) => ({
    model: models[name],
    fewestEvents: settings.models[name]?.fewestEvents ?? models[name].fewestEvents,
  }));
  const rules: GateRules = Object.fromEntries(
    BLENDED_MODELS.map((name) => [name, settings.models[name]?.gate ?? (name === 'content-based' ? 'always' : 'auto')]),
  );
  const [surface] = settings.surfaces.values();
  const usesContent = settings.models['content-based']?.enabled !== false;
  return {
    tenant: settings.name,
    cause,
    models: wanted,
    ...(usesContent && { contentOptions: contentOptionsOf(settings) }),
    ...(usesModel(settings, 'traits') && { traits: settings.traits }),
    rules,
    surfaces: [...settings.surfaces.keys()],
    handSet: surface!.blend,
    check: checkOf(cause, settings.models.hybrid?.check ?? 'auto'),
    optionsDigest: settingsDigest([wanted.map(({ model }) => [model.name, optionsOf(settings)[model.name]]), rules]),
  };
}
