import { z } from 'zod';
import { TRAIT_MODELS } from './trait-settings';
import { isTraitPurpose, type TraitConsent } from './trait-consent';

/** Something inferred of a user. */
export const trait = z.object({
  attribute: z.string(),
  value: z.string(),
  /** Calibrated, in (0, 1). */
  probability: z.number(),
  model: z.enum(TRAIT_MODELS),
  /** The tree's questions with this user's answers, from the root; empty for a model that cannot say. */
  path: z.array(z.string()),
  /** When it was inferred. */
  at: z.number(),
});
export type Trait = z.infer<typeof trait>;

/** What a user allowed to be learned about them, and what was. */
export interface TraitStanding extends TraitConsent {
  readonly traits: readonly Trait[];
}

const CONSENT = 'p:';
const WITHDRAWN = 'w:';
const TRAIT = 'x:';
const REJECTED = 'r:';

/** Fields of the profile's hash. */
export const consentField = (purpose: string): string => CONSENT + purpose;
export const withdrawnField = (purpose: string): string => WITHDRAWN + purpose;
export const traitField = (attribute: string): string => TRAIT + attribute;
export const rejectedField = (attribute: string): string => REJECTED + attribute;

/** What the fields of a profile's hash say; undefined: nothing. */
export function decodeStanding(hash: Readonly<Record<string, string>>): TraitStanding | undefined {
  const consents: string[] = [];
  const rejected: string[] = [];
  const traits: Trait[] = [];
  for (const [field, value] of Object.entries(hash)) {
    if (field.startsWith(CONSENT) && isTraitPurpose(field.slice(CONSENT.length))) consents.push(field.slice(CONSENT.length));
    else if (field.startsWith(REJECTED)) rejected.push(field.slice(REJECTED.length));
    else if (field.startsWith(TRAIT)) traits.push(trait.parse(JSON.parse(value)));
  }
  return consents.length + rejected.length + traits.length === 0 ? undefined : { consents, rejected, traits };
}
