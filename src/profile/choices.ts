import type { UserKey } from '../platform/keys';

/** One user on one surface. */
export interface ChoiceKey extends UserKey {
  readonly surface: string;
}

/** On which surfaces users do not want to be profiled. Kept apart from profiles: finding out reads nothing of one. */
export interface Choices {
  isOff(key: ChoiceKey): Promise<boolean>;
  /** The surfaces that a user has switched off, in no particular order. */
  surfacesOff(user: UserKey): Promise<readonly string[]>;
  /** Switches surfaces off or on, and tells everybody who watches the user on them. Idempotent. */
  switch(user: UserKey, surfaces: readonly string[], enabled: boolean): Promise<void>;
  /** Calls back after a switch, and whenever one may have been missed, until the returned function is called. */
  onSwitch(key: ChoiceKey, listener: () => void): () => void;
}
