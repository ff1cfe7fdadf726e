import type { LoggedBehaviour } from '../behaviour/behaviour';
import type { EpochMs } from '../platform/clock';
import type { SeenDecision } from '../models/policy/judge-lists';
import type { PolicyOptions } from '../models/policy/policy-options';
import type { StoredDecision } from './list-decisions';

type Rewards = Pick<PolicyOptions, 'click' | 'cart' | 'purchase'>;

interface Seen {
  readonly user: number;
  /** When the first of it was shown or taken. */
  at: EpochMs;
  readonly earned: Map<string, number>;
}

/** Joins lists that explored with what their users did: behaviours that name the list, its impressions among them. Behaviours may come in any order. */
export class SeenDecisionsBuilder {
  private readonly seen = new Map<string, Seen>();
  private readonly users = new Map<string, number>();
  private newestAt: EpochMs = -Infinity;

  constructor(private readonly rewards: Rewards) {}

  add({ userId, itemId, type, at, recommendationId, quantity }: LoggedBehaviour): void {
    this.newestAt = Math.max(this.newestAt, at);
    if (recommendationId === undefined || itemId === undefined) return;
    let list = this.seen.get(recommendationId);
    if (!list) {
      const user = this.users.get(userId) ?? this.users.size;
      this.users.set(userId, user);
      this.seen.set(recommendationId, (list = { user, at, earned: new Map() }));
    }
    list.at = Math.min(list.at, at);
    const reward = rewardOf(type, this.rewards) * (type === 'purchase' ? (quantity ?? 1) : 1);
    if (reward !== 0) list.earned.set(itemId, (list.earned.get(itemId) ?? 0) + reward);
  }

  /** When the newest behaviour of all was; −∞: there was none. */
  get until(): EpochMs {
    return this.newestAt;
  }

  /** What was seen of a list; undefined: nobody says that it was. */
  judge({ id, itemIds, ...decision }: StoredDecision): SeenDecision | undefined {
    const list = this.seen.get(id);
    if (!list) return undefined;
    return { ...decision, user: list.user, at: list.at, earned: Float64Array.from(itemIds, (itemId) => list.earned.get(itemId) ?? 0) };
  }
}

/** What one behaviour on an item of a list earns. */
export function rewardOf(type: string, { click, cart, purchase }: Rewards): number {
  if (type === 'click') return click;
  if (type === 'add_to_cart') return cart;
  return type === 'purchase' ? purchase : 0;
}
