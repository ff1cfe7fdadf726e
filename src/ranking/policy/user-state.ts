import type { CatalogueView } from '../../catalogue/catalogue';
import { topicsOf } from '../../catalogue/item';
import type { ScoringQuery } from '../../models/model';

/** Cosine of the user's state with an item, in [−1, 1]; 0: nothing is known of one of them. */
export type UserState = (item: { readonly row: number | undefined; readonly topics: readonly string[] }) => number;

/** A model that has a state of the user, as attention does. */
export interface UserStates {
  /** Cosine of the user's state with the item in a row; undefined: it knows nothing of this user. */
  cosines(query: ScoringQuery): ((row: number) => number) | undefined;
}

/** The state that a model has, or else the substitute. */
export function userState(states: UserStates | undefined, context: SubstituteContext): UserState {
  const cosines = states?.cosines(context.query);
  return cosines ? ({ row }) => (row === undefined ? 0 : cosines(row)) : substituteState(context);
}

export interface SubstituteContext {
  readonly query: ScoringQuery;
  readonly catalogue: CatalogueView;
  readonly profile: { readonly history: ReadonlyMap<string, number> };
}

const NEWEST = 20;
const DECAY = 0.85;

/**
 * The state where attention is not there: topics of the 20 newest items, an item's share weight · .85^r by recency r. Its cosine with an item is by the
 * item's topics, all alike.
 */
export function substituteState({ query, catalogue, profile }: SubstituteContext): UserState {
  const liking = new Map<string, number>();
  let r = 0;
  for (const itemId of profile.history.keys()) {
    if (r >= NEWEST) break;
    const item = catalogue.get(itemId);
    const weight = (query.history[r]?.weight ?? 1) * DECAY ** r++;
    if (item === undefined) continue;
    for (const topic of topicsOf(item)) liking.set(topic, (liking.get(topic) ?? 0) + weight);
  }
  let squares = 0;
  for (const value of liking.values()) squares += value * value;
  return ({ topics }) => {
    if (squares === 0 || topics.length === 0) return 0;
    let sum = 0;
    for (const topic of topics) sum += liking.get(topic) ?? 0;
    return sum / Math.sqrt(squares * topics.length);
  };
}
