import { rejectedField, traitField } from './trait';

/** What a user does about what was learned of them; consent to it is the ledger's. */
export type TraitEdit =
  | { readonly kind: 'delete'; readonly attribute: string }
  | { readonly kind: 'reject'; readonly attribute: string }
  | { readonly kind: 'reset'; readonly attribute: string };

/** Fields of the profile's hash to set and to delete. */
export interface FieldChange {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** What a change of the profile does to what may be learned and was; `at` is its time as text. What is declared need not be inferred. */
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
    case 'delete':
      return { set: {}, remove: [traitField(edit.attribute)] };
    case 'reject':
      return { set: { [rejectedField(edit.attribute)]: at }, remove: [traitField(edit.attribute)] };
    case 'reset':
      return { set: {}, remove: [rejectedField(edit.attribute)] };
  }
}
