import type { UserKey } from '../platform/keys';

/** What users make of their profile besides what `Profiles.update` changes. Each advances `seq`, so that lists made before are stale. */
export interface ProfileControl {
  /**
   * Sets the strength of a topic in both terms as of now; locked, it stays so until it is unlocked or set again.
   * @throws BeckonError BAD_INPUT when 100 other interests are locked already.
   */
  setInterest(user: UserKey, interest: { readonly topic: string; readonly value: number; readonly locked: boolean }): Promise<void>;
  /** Lets it fade and be learned again from the strength that it has. Nothing changes but `seq` when it is not locked. */
  unlockInterest(user: UserKey, topic: string): Promise<void>;
  /** Forgets what was learned; `keepEdits`: but not what was set by hand. Known behaviour ids stay known. */
  reset(user: UserKey, options: { readonly keepEdits: boolean }): Promise<void>;
}
