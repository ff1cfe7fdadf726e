import { z } from 'zod';
import { surfaceSettings, type SurfaceSettings } from '../../ranking/surface-settings';
import type { TenantSettings } from '../../tenants/tenant-settings';

/** One main parameter: what it is set to, and what that means. */
export interface PublicParameter {
  /** Path within the surface's settings, e.g. `diversity.lambda`. */
  readonly name: string;
  readonly value: unknown;
  readonly meaning: string;
}

export interface PublicSurface {
  readonly name: string;
  readonly parameters: readonly PublicParameter[];
}

export interface PublicParameters {
  readonly tenant: string;
  /** Changes whenever any setting does. */
  readonly version: string;
  /** How lists are made, in words. */
  readonly how: readonly string[];
  readonly surfaces: readonly PublicSurface[];
  /** What each kind of behaviour says, on one scale; below 0: against the item. */
  readonly behaviours: readonly { readonly type: string; readonly strength: number }[];
  /** After this, in hours, an interest counts half. */
  readonly interestsFade: { readonly shortTermHours: number; readonly longTermHours: number };
  /** What a reader can do about it. */
  readonly options: readonly string[];
}

const HOUR_MS = 3_600_000;

const HOW = [
  'Models name candidates from what a reader did last, from what others did, and from what items say of themselves; `blend` says how much each model counts.',
  'What may not be shown is left out (`rules`); what is too alike, too far from the categories of the history, or of a provider that had much attention, can be moved down (`diversity`, `calibration`, `exposure`).',
  'Each item says which models put it there, why, and whether it is promoted. `why` tells more, and where the item would be had the reader not done what speaks for it.',
  'Where too little is known of a reader, the levels of `fallback` fill the list, in their order.',
] as const;

const OPTIONS = [
  'Switch personalisation off on surfaces where `personalisation` is `choice`: `setPersonalisation`. Then nothing of the profile is read.',
  'See what is known: `profile`, `profileExport`. Correct and lock interests: `setInterest`, `unlockInterest`. Start over: `resetProfile`. Have all of it deleted: `eraseProfile`.',
  'Mute topics: `muteTopic`. Refuse an item: a behaviour `not_interested`.',
  'Say what a list is worth: `rateRecommendation`.',
] as const;

/** The main parameters of a tenant's recommender (DSA, article 27), from the schema of the settings and what they are set to now. */
export function describeParameters({ name, digest, surfaces, behaviour }: TenantSettings): PublicParameters {
  const { shortHalfLifeMs, longHalfLifeMs, types } = behaviour;
  return {
    tenant: name,
    version: digest,
    how: HOW,
    surfaces: [...surfaces].map(([surface, settings]) => ({ name: surface, parameters: parametersOf(settings) })),
    behaviours: Object.entries(types)
      .map(([type, { strength }]) => ({ type, strength }))
      .sort((a, b) => b.strength - a.strength || (a.type < b.type ? -1 : 1)),
    interestsFade: { shortTermHours: shortHalfLifeMs / HOUR_MS, longTermHours: longHalfLifeMs / HOUR_MS },
    options: OPTIONS,
  };
}

type Described = { readonly description?: string; readonly properties?: Readonly<Record<string, Described>> };
const SCHEMA = z.toJSONSchema(surfaceSettings, { io: 'output' }) as Described;

function parametersOf(settings: SurfaceSettings): PublicParameter[] {
  const found: PublicParameter[] = [];
  const visit = (schema: Described, value: unknown, path: readonly string[]): void => {
    if (value === undefined) return;
    if (schema.description !== undefined) found.push({ name: path.join('.'), value, meaning: schema.description });
    else
      for (const [key, below] of Object.entries(schema.properties ?? {}))
        visit(below, (value as Readonly<Record<string, unknown>>)[key], [...path, key]);
  };
  visit(SCHEMA, settings, []);
  return found;
}

/** The parameters of the tenants that publish them: made once, as settings are read at the start only. */
export function publishedParameters(tenants: ReadonlyMap<string, TenantSettings>): (tenant: string) => PublicParameters | undefined {
  const made = new Map<string, PublicParameters>();
  for (const [name, settings] of tenants) if (settings.transparency.publishParameters) made.set(name, describeParameters(settings));
  return (tenant) => made.get(tenant);
}
