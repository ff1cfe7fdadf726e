import type { EpochMs } from '../platform/clock';
import type { UserKey } from '../platform/keys';
import type { CleanBehaviour } from './clean';
import type { RecordStatus } from './outcome';

export interface AppendedBehaviours {
  /** The user's seq after the step. */
  readonly seq: number;
  /** When the step ran, by the store's clock. */
  readonly recordedAt: EpochMs;
  /** One for each behaviour given, in their order; after a `failure` for those before it. */
  readonly verdicts: readonly { readonly status: RecordStatus; readonly seq: number }[];
  /** Surfaces of the user that somebody watches now. */
  readonly watched: readonly string[];
  /** Why the behaviours after the last verdict are not known to be in the log. Absent: all are dealt with. */
  readonly failure?: Error;
}

export interface AppendRequest {
  readonly user: UserKey;
  readonly behaviours: readonly CleanBehaviour[];
  readonly receivedAt: EpochMs;
  readonly shortHalfLifeMs: number;
  readonly longHalfLifeMs: number;
  /** Topics of an item; [] when it is not known. */
  readonly topicsOf: (itemId: string) => readonly string[];
  /** The anonymous user that these were taken over from. */
  readonly mergedFrom?: string;
}

/** The durable log. */
export interface BehaviourLog {
  /**
   * Appends one user's behaviours and updates the live profile, in atomic steps of at most 250 behaviours; resolves when they
   * are in the log. When a later step fails, what the earlier ones did is returned with the `failure`.
   * @throws BeckonError UNAVAILABLE when the first step failed.
   */
  append(request: AppendRequest): Promise<AppendedBehaviours>;
}
