import type { BehaviourType } from '../behaviour/behaviour';
import type { EpochMs } from '../platform/clock';
import type { UserKey } from '../platform/keys';
import type { TraitStanding } from './traits/trait';

/** One of the newest behaviours, as ranking and `cause` need it. */
export interface RecentBehaviour {
  readonly seq: number;
  readonly id: string;
  readonly type: BehaviourType;
  readonly itemId?: string;
  readonly weight: number;
  readonly at: EpochMs;
  readonly receivedAt: EpochMs;
  /** When it was appended to the log. */
  readonly recordedAt: EpochMs;
}

/** Decayed liking of a topic (`c:<category>` or `t:<tag>`) as of the time of reading; may be negative. */
export interface Interest {
  readonly topic: string;
  readonly value: number;
  /** Set by the user to stay as it is. */
  readonly locked?: true;
}

/** Everything live that is known of a user; a user who was never seen has seq 0 and empty parts. */
export interface Profile extends UserKey {
  /** The newest sequence number that is in here. */
  readonly seq: number;
  /** Newest first by `at` (ties: higher seq first), at most 200, of every type. */
  readonly recent: readonly RecentBehaviour[];
  /** Distinct items of positive behaviours → time of the last one, newest first, at most 2,000. */
  readonly history: ReadonlyMap<string, EpochMs>;
  /** Strongest first. */
  readonly interests: { readonly short: readonly Interest[]; readonly long: readonly Interest[] };
  /** Behaviours by type since the beginning. */
  readonly counters: Readonly<Record<string, number>>;
  /** Topics that the user declared. */
  readonly declaredInterests: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  /** Users and sellers that this user follows. */
  readonly follows: readonly string[];
  /** Topics never to be shown. */
  readonly mutedTopics: readonly string[];
  /** Items never to be shown → since when. */
  readonly notInterested: ReadonlyMap<string, EpochMs>;
  /** What the user has said of purposes: granted or withdrawn; a purpose of which nothing was said is absent. */
  readonly consents?: ReadonlyMap<string, boolean>;
  /** BCP 47, for the content. */
  readonly locale?: string;
  /** What the user allowed to be learned about them, and what was; absent: nothing. */
  readonly learning?: TraitStanding;
}
