import { createHash } from 'node:crypto';
import { z } from 'zod';
import { behaviourSettings, type BehaviourSettings } from '../behaviour/behaviour-settings';
import { featureSettings, type FeatureSettings } from '../catalogue/features/feature-settings';
import { contentSettings, type ContentSettings } from '../content/creatives/creative-settings';
import { contentTemplate, ContentTemplates } from '../content/templates';
import { BeckonError, badInput } from '../platform/errors';
import { identifier } from '../platform/identifier';
import { MODEL_NAMES, type ModelName } from '../push/recommendation-list';
import { BLENDED_MODELS, FALLBACK_LEVELS, surfaceSettings, type SurfaceSettings } from '../ranking/surface-settings';
import { traitSettings, type TraitSettings } from '../profile/traits/trait-settings';
import { privacySettings, type PrivacySettings } from './privacy-settings';
import { quotaSettings, type QuotaSettings } from './quota-settings';
import { PRESET_SETTINGS, PRESETS, type PresetName } from './presets';

const HOUR_MS = 3_600_000;

const modelSettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether the model is trained and loaded; if not, no blend weighs it.'),
  options: z
    .record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
    .default({})
    .describe('Options of the fit that differ from the model’s defaults.'),
  check: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('`auto`: a new version that is worse than the live one, with confidence, is not taken; `off`: every new version is.'),
  gate: z
    .enum(['auto', 'always', 'never'])
    .optional()
    .describe(
      'Whether the model joins a learnt blend: `auto`, when it adds enough; `always` and `never`, whatever it adds. Absent: `always` for ' +
        'content-based, which alone knows an item that nobody has had, `auto` for the others.',
    ),
  fewestEvents: z
    .int()
    .min(1)
    .optional()
    .describe(
      'With fewer behaviours than this the model is not trained; absent: the model’s own, which is 5,000 for ncf, 50,000 for attention, 1 for the others.',
    ),
});

const trainingSettings = z.strictObject({
  everyMs: z.int().min(0).default(HOUR_MS).describe('How often all models are trained, in ms; 0: only on demand.'),
  heapMb: z
    .int()
    .min(64)
    .max(1_048_576)
    .default(4096)
    .describe('Largest JavaScript heap of a training process, in MiB; what models hold in arrays of numbers lies outside of it.'),
});

const transparencySettings = z.strictObject({
  publishParameters: z
    .boolean()
    .default(true)
    .describe('Whether anybody may read the main parameters of this tenant’s recommender at `/parameters` of a gateway.'),
});

/** One tenant in the tenants file, over its preset. */
const tenantInput = z.strictObject({
  preset: z.enum(PRESETS).default('shop').describe('Which surfaces, wording and half-lives it starts from.'),
  behaviour: z.unknown().optional().describe('Behaviour types and half-lives, laid over the preset’s.'),
  surfaces: z
    .record(identifier, z.unknown())
    .default({})
    .describe('Surfaces, each laid over the preset’s of that name, or over its first.'),
  templates: z.array(contentTemplate).default([]).describe('Content templates that go before the preset’s.'),
  features: featureSettings.prefault({}).describe('Vectors that are computed from pictures and sounds.'),
  content: contentSettings.prefault({}),
  models: z.partialRecord(z.enum(MODEL_NAMES), modelSettings).default({}),
  training: trainingSettings.prefault({}),
  quotas: quotaSettings.prefault({}),
  privacy: privacySettings.prefault({}),
  transparency: transparencySettings.prefault({}),
  traits: traitSettings.prefault({}).describe('What is learned of users beyond what they declare.'),
});

const tenantsFile = z.strictObject({ tenants: z.record(identifier, z.unknown()) });

export type ModelSettings = z.output<typeof modelSettings>;
export type TrainingSettings = z.output<typeof trainingSettings>;

/** Everything that one tenant decides. */
export interface TenantSettings {
  readonly name: string;
  readonly preset: PresetName;
  readonly behaviour: BehaviourSettings;
  readonly surfaces: ReadonlyMap<string, SurfaceSettings>;
  readonly templates: ContentTemplates;
  readonly features: FeatureSettings;
  readonly content: ContentSettings;
  readonly models: Readonly<Partial<Record<ModelName, ModelSettings>>>;
  readonly training: TrainingSettings;
  readonly quotas: QuotaSettings;
  readonly privacy: PrivacySettings;
  readonly transparency: z.output<typeof transparencySettings>;
  readonly traits: TraitSettings;
  /** Changes whenever any of it does that a list depends on: 16 hex digits. */
  readonly digest: string;
}

type PlainObject = Record<string, unknown>;
const isPlain = (value: unknown): value is PlainObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` laid over `base`: objects key by key, everything else (lists, and a blend's weights as a whole) replaced; null takes away. */
function layOver(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlain(base) || !isPlain(over)) return over;
  const merged: PlainObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = key === 'weights' ? value : layOver(base[key], value);
  }
  return merged;
}

/** A surface's settings without the weights of models that are not there to be waited for. */
function withoutWeights(surface: unknown, disabled: readonly string[]): unknown {
  if (!isPlain(surface) || !isPlain(surface['blend']) || !isPlain(surface['blend']['weights'])) return surface;
  const weights = Object.fromEntries(Object.entries(surface['blend']['weights']).filter(([model]) => !disabled.includes(model)));
  return { ...surface, blend: { ...surface['blend'], weights } };
}

/** Whether an operator has given a surface weights. */
const weighsByHand = (surface: unknown): boolean =>
  isPlain(surface) && isPlain(surface['blend']) && surface['blend']['weights'] !== undefined;

/** A surface that says where its blend comes from, instead of `auto`. */
function withSource(surface: SurfaceSettings, byHand: boolean): SurfaceSettings {
  const { source } = surface.blend;
  return { ...surface, blend: { ...surface.blend, source: source !== 'auto' ? source : byHand ? 'hand-set' : 'learnt' } };
}

/** A surface whose chain asks what is popular in the user’s segments, too. */
const withSegments = (surface: SurfaceSettings, wanted: boolean): SurfaceSettings =>
  wanted ? { ...surface, fallback: [...FALLBACK_LEVELS] } : surface;

/** JSON with keys in order, so that equal settings read alike. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isPlain(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** 16 hex digits that equal settings share, whatever the order of their keys. */
export function settingsDigest(settings: unknown): string {
  return createHash('sha256').update(canonical(settings)).digest('hex').slice(0, 16);
}

const pathOf = (keys: readonly PropertyKey[]): string =>
  keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`),
    '',
  );

/** @throws BeckonError BAD_INPUT naming the path and what would be right. */
function parseAt<T>(schema: z.ZodType<T>, value: unknown, path: readonly string[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = pathOf([...path, ...issue!.path]) || 'the tenants file';
  throw badInput(field, `${field}: ${issue!.message}`);
}

function loadTenant(name: string, json: unknown): TenantSettings {
  const at = ['tenants', name];
  const input = parseAt(tenantInput, json, at);
  const preset = PRESET_SETTINGS[input.preset];
  const behaviour = parseAt(behaviourSettings, layOver(preset.behaviour, input.behaviour), [...at, 'behaviour']);
  const first = Object.values(preset.surfaces)[0];
  const isOff = (model: ModelName): boolean => input.models[model]?.enabled === false || (model === 'traits' && !input.traits.enabled);
  const disabled = BLENDED_MODELS.filter(isOff);
  const names = new Set([...Object.keys(preset.surfaces), ...Object.keys(input.surfaces)]);
  const surfaces = new Map(
    [...names].map((surface) => {
      const merged = layOver(preset.surfaces[surface] ?? first, input.surfaces[surface]);
      const parsed = parseAt(surfaceSettings, withoutWeights(merged, disabled), [...at, 'surfaces', surface]);
      const chained = withSegments(parsed, input.traits.enabled && !(isPlain(merged) && merged['fallback'] !== undefined));
      return [surface, withSource(chained, weighsByHand(input.surfaces[surface]))];
    }),
  );
  const templates = [...input.templates, ...preset.templates];
  const { models, training, quotas, privacy, transparency, traits, content } = input;
  const digest = settingsDigest({
    name,
    behaviour,
    surfaces: Object.fromEntries(surfaces),
    templates,
    content,
    models,
    training,
    ...(traits.enabled && { traits }),
    ...(privacy.consent.required.length > 0 && { consent: privacy.consent }),
  });
  return {
    name,
    preset: input.preset,
    features: input.features,
    behaviour,
    surfaces,
    templates: new ContentTemplates(templates, pathOf([...at, 'templates'])),
    content,
    models,
    training,
    quotas,
    privacy,
    transparency,
    traits,
    digest,
  };
}

/**
 * The tenants of a parsed tenants file, by name: `{ "tenants": { "default": { "preset": "shop", … } } }`. Absent: one tenant `default` with
 * the `shop` preset.
 * @throws BeckonError BAD_INPUT naming the path of what is wrong, also for a template that names an unknown field.
 */
export function loadTenantSettings(json: unknown = { tenants: { default: {} } }): ReadonlyMap<string, TenantSettings> {
  const { tenants } = parseAt(tenantsFile, json, []);
  const names = Object.keys(tenants);
  if (names.length === 0) throw badInput('tenants', 'tenants: at least one tenant is needed');
  return new Map(names.map((name) => [name, loadTenant(name, tenants[name])]));
}

/** Whether a tenant uses a model. */
export const usesModel = ({ models, traits, content }: TenantSettings, model: ModelName): boolean =>
  models[model]?.enabled !== false && (model !== 'traits' || traits.enabled) && (model !== 'creatives' || content.creatives !== 'off');

/**
 * A model's fit options: its defaults with the tenant's laid over.
 * @throws BeckonError BAD_INPUT for an option that the model does not have or of another type.
 */
export function modelOptions<O extends object>(model: { readonly name: string; readonly defaults: O }, settings: TenantSettings): O {
  const own = settings.models[model.name as ModelName]?.options ?? {};
  for (const [key, value] of Object.entries(own)) {
    const field = `tenants.${settings.name}.models.${model.name}.options.${key}`;
    const standard: unknown = model.defaults[key as keyof O];
    if (standard === undefined) throw badInput(field, `${field}: unknown option; known are ${Object.keys(model.defaults).join(', ')}`);
    if (typeof standard !== typeof value) throw badInput(field, `${field}: must be a ${typeof standard}`);
  }
  return { ...model.defaults, ...own };
}

/** A surface of a tenant. @throws BeckonError NOT_FOUND naming the known surfaces. */
export function surfaceOf(settings: TenantSettings, surface: string): SurfaceSettings {
  const found = settings.surfaces.get(surface);
  if (found !== undefined) return found;
  throw new BeckonError('NOT_FOUND', `unknown surface; known surfaces are ${[...settings.surfaces.keys()].join(', ')}`, {
    field: 'surface',
  });
}
