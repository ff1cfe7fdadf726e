import type { UserKey } from '../platform/keys';
import type { PreparedList } from './prepared-texts';
import type { ListBody, Position, RecommendationList } from './recommendation-list';

export interface ListKey extends UserKey {
  readonly surface: string;
}

/** A stored list beside the user's newest seq: the list is behind when its `appliedThrough` is smaller. */
export interface StoredList {
  readonly list: RecommendationList | undefined;
  readonly seq: number;
}

/** The newest list of each user and surface. */
export interface Lists {
  read(key: ListKey): Promise<StoredList>;
  /** How much of the user's behaviour is in the newest list; 0 when there is none. */
  appliedThrough(key: ListKey): Promise<number>;
  /**
   * Stores and announces a list in one atomic step, unless a list computed from newer behaviour (`appliedThrough`) is there already.
   * @param prepared announced with it, or in place of it: texts of it for whoever is watching.
   * @returns the list's place and the user's newest seq, or undefined if it was refused.
   */
  replace(body: ListBody, prepared?: PreparedList): Promise<{ position: Position; seq: number } | undefined>;
  /** The same for a list derived from the one at `expected`: refused when that one has been replaced meanwhile. */
  amend(body: ListBody, expected: Position): Promise<Position | undefined>;
}

/** Lists as they are replaced, delivered at most once each, newest may overtake: receivers guard by position. */
export interface Feed {
  /**
   * Calls back on every list of that key until the returned function is called. Resolves when nothing can be missed any more.
   * @param deliver is told whether the list was read from the store. It returns false for one that was announced when that does not do: it will be
   *   given the newest one as it is stored.
   */
  listen(key: ListKey, deliver: (list: RecommendationList, isStored: boolean) => boolean): Promise<() => Promise<void>>;
}
