import { TRAITS_PURPOSE } from './trait-consent';
import { consentField, rejectedField, TRAIT_FIELDS, traitField } from './trait';

/** What a user does about being learned about. */
export type TraitEdit =
  | { readonly kind: 'grant'; readonly purpose: string }
  | { readonly kind: 'withdraw'; readonly purpose: string }
  | { readonly kind: 'delete'; readonly attribute: string }
  | { readonly kind: 'reject'; readonly attribute: string }
  | { readonly kind: 'reset'; readonly attribute: string };

/** Fields of the profile's hash to set and to delete, and the beginning of names of others to delete. */
export interface FieldChange {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly clear?: string;
}

/**
 * What a change of the profile does to what may be learned and was; `at` is its time as text. What is declared need not be inferred, and whatever takes
 * a consent away takes what was inferred by it away in the same step.
 */
export function fieldsOf({ attributes = {}, traits }: ChangeOfTraits, at: string): FieldChange {
  const declared = Object.keys(attributes).map(traitField);
  if (!traits) return { set: {}, remove: declared };
  const change = fieldsOfEdit(traits, at);
  return { ...change, remove: [...declared, ...change.remove] };
}

interface ChangeOfTraits {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly traits?: TraitEdit;
}

function fieldsOfEdit(edit: TraitEdit, at: string): FieldChange {
  switch (edit.kind) {
    case 'grant':
      return { set: { [consentField(edit.purpose)]: at }, remove: [] };
    case 'withdraw': {
      const remove = [consentField(edit.purpose)];
      if (edit.purpose === TRAITS_PURPOSE) return { set: {}, remove, clear: TRAIT_FIELDS };
      return { set: {}, remove: [...remove, traitField(edit.purpose.slice(edit.purpose.indexOf(':') + 1))] };
    }
    case 'delete':
      return { set: {}, remove: [traitField(edit.attribute)] };
    case 'reject':
      return { set: { [rejectedField(edit.attribute)]: at }, remove: [traitField(edit.attribute)] };
    case 'reset':
      return { set: {}, remove: [rejectedField(edit.attribute)] };
  }
}
