import type { Item } from '../catalogue/item';
import type { PolicyList } from '../models/policy/policy';
import type { ItemFlag, Recommendation } from '../push/recommendation-list';
import type { Share } from './blend';
import { ListCaps } from './domain/list-caps';
import { FeatureReader, MmrPool, type ItemFeatures, type MmrEntry } from './mmr';
import type { PlaceTerms } from './place-terms';
import type { Draw, Explorer } from './policy/explorer';
import type { FallbackLevel, SurfaceSettings } from './surface-settings';

/** An item that a level of the fallback chain proposes; it has passed the rules. */
export interface LevelCandidate {
  readonly item: Item;
  /** > 0, on the level's own scale. */
  readonly score: number;
  readonly shares: readonly Share[];
  /** Why the level proposes it, where that is a topic. */
  readonly topic?: string;
  /** Why, where neither models nor a topic say so. */
  readonly reason?: Recommendation['reason'];
}

export interface ChosenItem extends LevelCandidate {
  readonly level: FallbackLevel;
  readonly flags: readonly ItemFlag[];
  /** The chance with which it got the place; null: none was involved. */
  readonly propensity: number | null;
}

/** How the candidates of a level are put in order, if not by their scores and diversity alone. */
export interface Ordering {
  /** Fills the places in its own order and with its own, learnt variety, in place of relevance and diversity. */
  readonly policy?: PolicyList;
  /** Draws places, in a list that explores. */
  readonly explorer?: Explorer;
  /** Told of each place that is filled: which candidate got it. */
  readonly onPlace?: (candidate: number, propensity: number | null) => void;
}

/**
 * A list being filled, level after level: diversity, caps, promoted slots and the other terms hold across levels, and for what is pinned to its top.
 */
export class ListFilling {
  readonly chosen: ChosenItem[] = [];
  private readonly ids = new Set<string>();
  private readonly features: ItemFeatures[] = [];
  private readonly reader = new FeatureReader();
  private readonly caps: ListCaps;
  private readonly promotedSlots: ReadonlySet<number>;

  /** What competed on the level that answered. */
  competed: readonly LevelCandidate[] = [];

  /** `pinned`: takes the first places, in this order, whatever is chosen. */
  constructor(
    private readonly surface: SurfaceSettings,
    private readonly pinned: readonly Item[] = [],
    private readonly terms?: PlaceTerms,
  ) {
    this.caps = new ListCaps(surface.rules);
    for (const item of pinned) this.take(item, this.reader.read(item));
    this.promotedSlots = new Set(surface.rules.promotedSlots);
  }

  /** Places that are still open. */
  get open(): number {
    return this.surface.size - this.pinned.length - this.chosen.length;
  }

  has(itemId: string): boolean {
    return this.ids.has(itemId);
  }

  /**
   * Fills open places from the candidates of a level (best first). The first level that fills a place answers; what later ones add is
   * flagged `padded` and its scores are scaled to lie below those that are there.
   */
  fill(level: FallbackLevel, candidates: readonly LevelCandidate[], ordering: Ordering = {}): void {
    if (candidates.length === 0 || this.open === 0) return;
    const best = candidates[0]!.score;
    const answering = this.chosen[0]?.level ?? level;
    if (level === answering) this.competed = candidates;
    const ceiling = this.chosen.reduce((lowest, { score }) => Math.min(lowest, score), Infinity);
    const scale = ceiling === Infinity ? 1 : ceiling / best;
    const entries = candidates.map((candidate) => ({
      candidate,
      relevance: candidate.score / best,
      features: this.reader.read(candidate.item),
    }));
    this.terms?.compete(entries.map(({ relevance }) => relevance));
    const pool = new MmrPool(entries, this.surface.diversity.lambda, this.features);
    const from = this.chosen.length;
    const relevances: number[] = [];
    while (this.open > 0) {
      const draw = this.nextPlace(pool, ordering);
      if (draw.candidate < 0) break;
      const { candidate, features, relevance } = pool.takeAt(draw.candidate);
      const flags = flagsOf(candidate, { explored: draw.explored, padded: level !== answering });
      this.chosen.push({ ...candidate, score: candidate.score * scale, level, flags, propensity: draw.propensity });
      relevances.push(relevance);
      this.take(candidate.item, features);
      ordering.policy?.place(draw.candidate);
      ordering.onPlace?.(draw.candidate, draw.propensity);
    }
    // What was drawn or ordered by a policy keeps its place: its chance is of that place.
    if (!ordering.explorer && !ordering.policy) this.order(from, relevances);
  }

  /** Puts what a level was chosen for as a set into order, best first; promoted slots keep what they have. */
  private order(from: number, relevances: readonly number[]): void {
    const { terms } = this;
    if (!terms?.choosesSets) return;
    const free = relevances.map((_, k) => from + k).filter((place) => !this.isPromotedSlot(place));
    const values = new Map(
      free.map((place) => [this.chosen[place]!, terms.orderValue(relevances[place - from]!, this.chosen[place]!.item)]),
    );
    const ordered = [...values.keys()].sort((a, b) => values.get(b)! - values.get(a)!); // stable: ties as chosen
    free.forEach((place, k) => (this.chosen[place] = ordered[k]!));
  }

  private take(item: Item, features: ItemFeatures): void {
    this.ids.add(item.id);
    this.features.push(features);
    this.caps.take(item);
    this.terms?.take(item);
  }

  /** Whether the k-th chosen item, from 0, stands on a slot for promoted ones. */
  private isPromotedSlot(k: number): boolean {
    return this.promotedSlots.has(this.pinned.length + k + 1);
  }

  /** Who gets the next place: −1, nobody. Promoted slots are never drawn. */
  private nextPlace(pool: MmrPool<FillEntry>, { policy, explorer }: Ordering): Draw {
    const { terms } = this;
    const admits = ({ candidate: { item } }: FillEntry): boolean => !this.ids.has(item.id) && this.caps.admits(item);
    const weigh = terms && ((value: number, { relevance, candidate: { item } }: FillEntry): number => terms.value(value, relevance, item));
    if (this.isPromotedSlot(this.chosen.length)) {
      const promoted = pool.best((entry) => entry.candidate.item.promoted && admits(entry), weigh);
      if (promoted >= 0) return { candidate: promoted, propensity: null, explored: false };
    }
    const candidate = policy ? mostWanted(policy, pool.left(admits)) : pool.best(admits, weigh);
    if (explorer === undefined || candidate < 0) return { candidate, propensity: null, explored: false };
    return explorer.draw(pool.left(admits), candidate);
  }
}

/** Ties: the lower number; −1: there is none. */
function mostWanted(policy: PolicyList, candidates: readonly number[]): number {
  let best = -1;
  let most = -Infinity;
  for (const candidate of candidates) {
    const logit = policy.logit(candidate);
    if (logit > most) [best, most] = [candidate, logit];
  }
  return best;
}

interface FillEntry extends MmrEntry {
  readonly candidate: LevelCandidate;
}

const flagsOf = ({ item }: LevelCandidate, { explored, padded }: { readonly explored: boolean; readonly padded: boolean }): ItemFlag[] => [
  ...(item.promoted ? (['promoted'] as const) : []),
  ...(explored ? (['explored'] as const) : []),
  ...(padded ? (['padded'] as const) : []),
];
