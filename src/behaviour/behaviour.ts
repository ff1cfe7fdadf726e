import type { EpochMs } from '../platform/clock';

/** The built-in vocabulary. Tenants may declare further types with a weight in their settings. */
export const BEHAVIOUR_TYPES = [
  'view',
  'click',
  'dwell',
  'add_to_cart',
  'remove_from_cart',
  'purchase',
  'rate',
  'like',
  'dislike',
  'share',
  'follow',
  'search',
  'not_interested',
  'undo_not_interested',
  'impression',
  'rate_recommendation',
] as const;

export type BuiltInBehaviourType = (typeof BEHAVIOUR_TYPES)[number];

/** A built-in type, or a custom one that the tenant's settings declare. */
export type BehaviourType = BuiltInBehaviourType | (string & {});

/** One thing that a person did, after validation. */
export interface Behaviour {
  /** Idempotency key, unique per user. */
  readonly id: string;
  readonly type: BehaviourType;
  /** What it was done to. Absent for search and follow. */
  readonly itemId?: string;
  /** When it happened, by the sender's clock, clamped to the server's now. */
  readonly at: EpochMs;
  /** dwell: seconds; rate, rate_recommendation: the rating; custom types: their amount. */
  readonly value?: number;
  readonly quantity?: number;
  /** Price paid for one, in the item's currency. */
  readonly price?: number;
  readonly query?: string;
  /** follow: the user or seller that is followed. */
  readonly target?: string;
  readonly surface?: string;
  /** The pushed list that led to it: closes the loop of learning. */
  readonly recommendationId?: string;
}

/** A behaviour as it stands in the log: cleaned, weighted, numbered. */
export interface LoggedBehaviour extends Behaviour {
  readonly tenant: string;
  readonly userId: string;
  /** Rises by one per user, in the order of acceptance; edits of the profile take numbers of the same sequence. */
  readonly seq: number;
  /** Normalised strength in [−1, 1]; 0 says nothing about taste (impression, search). */
  readonly weight: number;
  /** When the gateway received it. */
  readonly receivedAt: EpochMs;
  /** For a positive behaviour, the user's distinct items of positive ones before it, newest first, at most 30: lets live counts be replayed from the log alone. */
  readonly previous: readonly string[];
  /** Set on behaviours taken over from an anonymous user on sign-in: already counted under that user. */
  readonly mergedFrom?: string;
  /** What the user had said of the purpose `training` when it was recorded: granted or withdrawn; absent: nothing. */
  readonly training?: boolean;
}
