import type { Item } from '../catalogue/item';
import type { ItemFlag, Recommendation } from '../push/recommendation-list';
import type { Share } from './blend';
import { ListCaps } from './domain/list-caps';
import { FeatureReader, MmrPool, type ItemFeatures } from './mmr';
import type { PlaceTerms } from './place-terms';
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
  fill(level: FallbackLevel, candidates: readonly LevelCandidate[]): void {
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
    const pool = new MmrPool(entries, this.surface.diversity.lambda, this.features);
    const from = this.chosen.length;
    const relevances: number[] = [];
    const { terms } = this;
    const weigh =
      terms &&
      ((value: number, { relevance, candidate: { item } }: (typeof entries)[number]): number => terms.value(value, relevance, item));
    while (this.open > 0) {
      const admits = ({ candidate: { item } }: (typeof entries)[number]): boolean => !this.ids.has(item.id) && this.caps.admits(item);
      const entry =
        (this.isPromotedSlot(this.chosen.length) ? pool.take((e) => e.candidate.item.promoted && admits(e), weigh) : undefined) ??
        pool.take(admits, weigh);
      if (entry === undefined) break;
      const { candidate, features, relevance } = entry;
      this.chosen.push({ ...candidate, score: candidate.score * scale, level, flags: flagsOf(candidate, level !== answering) });
      relevances.push(relevance);
      this.take(candidate.item, features);
    }
    if (terms?.choosesSets) this.order(from, relevances, terms);
  }

  /** Puts what a level was chosen for as a set into order, best first; promoted slots keep what they have. */
  private order(from: number, relevances: readonly number[], terms: PlaceTerms): void {
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
}

const flagsOf = ({ item }: LevelCandidate, isPadded: boolean): ItemFlag[] => [
  ...(item.promoted ? (['promoted'] as const) : []),
  ...(isPadded ? (['padded'] as const) : []),
];
