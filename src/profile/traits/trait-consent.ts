import { isSensitive } from './sensitive';
import { learnableOf, type TraitSettings } from './trait-settings';

/** The purpose that a user consents to so that anything is learned of them at all. */
export const TRAITS_PURPOSE = 'traits';
/** The purpose of learning one sensitive attribute. */
export const purposeOf = (attribute: string): string => `trait:${attribute}`;

/** `traits`, or `trait:` and an attribute. */
export const isTraitPurpose = (purpose: string): boolean => purpose === TRAITS_PURPOSE || /^trait:.{1,100}$/su.test(purpose);

/** What a user said of being learned about: kept with the profile, fed by whoever asks them. */
export interface TraitConsent {
  /** Purposes that the user consented to and has not withdrawn. */
  readonly consents: readonly string[];
  /** Attributes of which the user said "that is not me". */
  readonly rejected: readonly string[];
}

/** The purposes that all must be consented to before an attribute is used. */
export const purposesFor = (attribute: string, alsoSensitive: readonly string[]): string[] =>
  isSensitive(attribute, alsoSensitive) ? [TRAITS_PURPOSE, purposeOf(attribute)] : [TRAITS_PURPOSE];

/** The attributes that may be learned from, and used, of this user: the operator lists them and the user consented to each. */
export function usableAttributes({ consents }: TraitConsent, settings: TraitSettings): string[] {
  if (!consents.includes(TRAITS_PURPOSE)) return [];
  return learnableOf(settings).filter((name) => purposesFor(name, settings.alsoSensitive).every((purpose) => consents.includes(purpose)));
}

/** Those of them that may be inferred: the user neither declared nor rejected them. */
export const inferableAttributes = (consent: TraitConsent, declared: Readonly<Record<string, string>>, settings: TraitSettings): string[] =>
  usableAttributes(consent, settings).filter((name) => !Object.hasOwn(declared, name) && !consent.rejected.includes(name));
