import type { Profile } from '../profile';
import { usableAttributes } from './trait-consent';
import type { TraitSettings } from './trait-settings';

/** A group of users who share the value of an attribute, and how surely this user is one of them, in (0, 1]. */
export interface Segment {
  /** `attribute=value`. */
  readonly name: string;
  readonly weight: number;
}

export const segmentName = (attribute: string, value: string): string => `${attribute}=${value}`;

/** The segments of a user, of the attributes that may be used: declared ones count 1, inferred ones their probability. In the order of the settings. */
export function segmentsOf({ attributes, learning }: Pick<Profile, 'attributes' | 'learning'>, settings: TraitSettings): Segment[] {
  if (!learning) return [];
  return usableAttributes(learning, settings).flatMap((attribute) => {
    const declared = attributes[attribute];
    if (declared !== undefined) return [{ name: segmentName(attribute, declared), weight: 1 }];
    const inferred = learning.rejected.includes(attribute) ? undefined : learning.traits.find((trait) => trait.attribute === attribute);
    return inferred === undefined ? [] : [{ name: segmentName(attribute, inferred.value), weight: inferred.probability }];
  });
}
