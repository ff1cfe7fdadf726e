import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { UserKey } from '../platform/keys';
import type { ConsentEntry } from '../privacy/consent';
import type { ArchiveReach } from '../privacy/export-history.redis';
import type { ErasureReceipt } from '../privacy/erasure';
import type { Profile } from './profile';
import type { TraitEdit } from './traits/trait-edit';

/** What a user may change by hand; absent fields stay. Lists replace the old ones. */
export interface ProfilePatch {
  readonly declaredInterests?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly follows?: readonly string[];
  readonly mutedTopics?: readonly string[];
  /** Topics to mute or unmute besides those that are: unlike `mutedTopics`, safe against an edit at the same moment. */
  readonly mute?: readonly string[];
  readonly unmute?: readonly string[];
  readonly locale?: string;
  /** One change of what may be learned, and of what was. */
  readonly traits?: TraitEdit;
}

/** Everything that is held of one user, for the user. */
export interface ProfileExport {
  readonly profile: Profile;
  /** Every behaviour of the user in the archive and the log, oldest first. */
  readonly behaviours: readonly LoggedBehaviour[];
  readonly archive: ArchiveReach;
  /** The consent ledger, oldest first. */
  readonly consents: readonly ConsentEntry[];
}

export interface Profiles {
  /** The live profile, in one round trip. Never seen: an empty one with seq 0. */
  read(user: UserKey): Promise<Profile>;
  /** Changes what the user may change; advances `seq`, so lists made before are stale. */
  update(user: UserKey, patch: ProfilePatch): Promise<Profile>;
  /**
   * Takes over what an anonymous user did (type, item, time and weight of the newest 200 behaviours), whom they follow and
   * what they set by hand, where the user has not said otherwise; idempotent; afterwards the anonymous profile is empty.
   */
  merge(from: UserKey, into: UserKey): Promise<Profile>;
  export(user: UserKey): Promise<ProfileExport>;
  /**
   * Deletes profile, lists and log entries of the user, and of the anonymous users whom the log names as merged into them, at once; a worker
   * goes on with everything else: the receipt says how far.
   */
  erase(user: UserKey, by: ErasureReceipt['by']): Promise<ErasureReceipt>;
}
