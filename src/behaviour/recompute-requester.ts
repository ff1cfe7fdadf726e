import type { UserKey } from '../platform/keys';

export type RecomputeReason = 'behaviours' | 'models' | 'retraction' | 'request' | 'profile' | 'sweep';

/**
 * Asks for a list to be recomputed, without waiting: a request that is lost here is found again by the sweep, because the
 * log remembers which watched lists are behind.
 */
export interface RecomputeRequester {
  request(list: UserKey & { readonly surface: string }, why: RecomputeReason): void;
}
