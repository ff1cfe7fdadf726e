import type { ItemIndex } from '../models/item-index';
import type { Scorer } from '../models/model';
import type { EpochMs } from '../platform/clock';
import type { PolicyScorer } from '../models/policy/policy';
import type { BlendScratch } from './blend';
import type { CatalogueLinks } from './domain/catalogue-links';
import type { UserStates } from './policy/user-state';
import type { ItemFacts } from './learnt-blend/item-facts';

export interface PopularItem {
  readonly itemId: string;
  /** Decayed count; > 0. */
  readonly score: number;
}

/** Popular items, kept ready: a call costs what it returns. */
export interface PopularLists {
  /**
   * The most popular items of a category (absent: of all) now, best first, at most `limit`; items may be unavailable.
   * `window`: name of the half-life to count with; absent: the default one. Unknown category or window: empty.
   */
  top(options: {
    readonly category?: string;
    readonly window?: string;
    readonly limit: number;
    readonly now: EpochMs;
  }): readonly PopularItem[];
}

/** What a worker holds in memory for one tenant. Models and lists may be missing. */
export interface RankingModels {
  readonly index: ItemIndex;
  /** The loaded models in a fixed order. */
  readonly scorers: readonly Scorer[];
  readonly popular?: PopularLists;
  /** Ids of the newest items, newest first; absent: read from the catalogue, at the cost of its size. */
  readonly newest?: (now: EpochMs, limit: number) => readonly string[];
  /** What belongs together in the catalogue, for rules about it; absent: nothing does. */
  readonly links?: Pick<CatalogueLinks, 'newestOf' | 'bundlesOf'>;
  /** What a learnt blend may know of items besides scores; absent: nothing. */
  readonly facts?: ItemFacts;
  /** Whose state of the user the policy sees; absent: the substitute of `userState`. */
  readonly userStates?: UserStates;
  /** The live policy, for surfaces that want it; absent: none has passed its gate. */
  readonly policy?: PolicyScorer;
  /** Working memory of `rank` and `related`: they are synchronous, so one for a worker is enough. */
  readonly scratch: BlendScratch;
}
