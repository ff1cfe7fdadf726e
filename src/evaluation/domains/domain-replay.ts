import { weigh, type BehaviourSettings } from '../../behaviour/behaviour-settings';
import type { NewItem } from '../../catalogue/catalogue';
import type { CatalogueView } from '../../catalogue/catalogue';
import type { Item } from '../../catalogue/item';
import { ContentBasedScorer } from '../../models/content-based/content-based';
import type { ItemIndex } from '../../models/item-index';
import type { Scorer, TrainingEvents } from '../../models/model';
import type { EpochMs } from '../../platform/clock';
import { emptyProfile } from '../../profile/empty-profile';
import type { Profile, RecentBehaviour } from '../../profile/profile';
import { CatalogueLinks } from '../../ranking/domain/catalogue-links';
import type { RankingModels } from '../../ranking/ranking-models';
import type { SimulatedBehaviour } from '../../simulator/visit';
import { rankingModelsOf, storedItem } from '../served-lists';

const MOST_RECENT = 200;
const MOST_PREVIOUS = 30;

/** Behaviours as models learn from them: those that say something of an item, weighed by the tenant's settings. In their order. */
export function trainingEventsOf(history: readonly SimulatedBehaviour[], settings: BehaviourSettings): TrainingEvents {
  const weights = history.map(({ type, itemId, value }) => (itemId === undefined ? 0 : weigh(settings, type, value)));
  const kept = history.filter((_, k) => weights[k] !== 0);
  const numbersOf = (ids: readonly string[]): Map<string, number> => new Map([...new Set(ids)].map((id, k) => [id, k]));
  const users = numbersOf(kept.map(({ userId }) => userId));
  const items = numbersOf(kept.map(({ itemId }) => itemId!));
  return {
    userIds: [...users.keys()],
    itemIds: [...items.keys()],
    users: Int32Array.from(kept, ({ userId }) => users.get(userId)!),
    items: Int32Array.from(kept, ({ itemId }) => items.get(itemId!)!),
    weights: Float32Array.from(weights.filter((weight) => weight !== 0)),
    times: Float64Array.from(kept, ({ at }) => at),
  };
}

interface UserState {
  recent: RecentBehaviour[];
  /** Oldest first. */
  readonly history: Map<string, EpochMs>;
  readonly follows: Set<string>;
  seq: number;
}

export interface DomainReplayOptions {
  readonly items: readonly NewItem[];
  readonly settings: BehaviourSettings;
  readonly index: ItemIndex;
  /** Fitted, without content-based, which follows the catalogue here as in a worker. */
  readonly scorers: readonly Scorer[];
}

/**
 * A tenant's worker replayed: items come when they are published, live models learn from each behaviour, profiles are what was done so far.
 * Interests by topic are not kept (level `popular_in_interests` has nothing to say).
 */
export class DomainReplay {
  private readonly byTime: readonly Item[];
  private readonly shown = new Map<string, Item>();
  private readonly content: ContentBasedScorer;
  private readonly links = new CatalogueLinks({ authors: true });
  private readonly users = new Map<string, UserState>();
  private published = 0;
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;

  constructor(private readonly options: DomainReplayOptions) {
    this.byTime = options.items.map(storedItem).sort((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0));
    this.content = new ContentBasedScorer(options.index);
    const { shown } = this;
    this.catalogue = {
      get: (id) => shown.get(id),
      get size() {
        return shown.size;
      },
      values: () => shown.values(),
    };
    const fitted = [...options.scorers, this.content].map((scorer) => ({ scorer }));
    this.models = { ...rankingModelsOf(fitted, options.index), links: this.links, newest: (_now, limit) => this.newest(limit) };
  }

  /** Publishes what is out by then. */
  advance(now: EpochMs): void {
    for (let item = this.byTime[this.published]; item !== undefined && (item.publishedAt ?? 0) <= now; item = this.byTime[this.published]) {
      this.published++;
      this.options.index.intern(item.id);
      this.shown.set(item.id, item);
      this.content.put(item);
      this.links.put(item, true);
    }
  }

  /** `live`: whether live models learn from it; those of the fit have. */
  apply(behaviour: SimulatedBehaviour, live: boolean): void {
    const { userId, type, itemId, at, id, target, value } = behaviour;
    this.advance(at);
    const user = this.stateOf(userId);
    if (target !== undefined) user.follows.add(target);
    const weight = itemId === undefined ? 0 : weigh(this.options.settings, type, value);
    user.recent.unshift({ seq: ++user.seq, id, type, ...(itemId !== undefined && { itemId }), weight, at, receivedAt: at, recordedAt: at });
    if (user.recent.length > MOST_RECENT) user.recent.pop();
    if (itemId === undefined || weight === 0) return;
    if (live) this.teach(user, itemId, { weight, at });
    if (weight < 0) return;
    user.history.delete(itemId);
    user.history.set(itemId, at);
  }

  profileOf(userId: string): Profile {
    const { recent, history, follows, seq } = this.stateOf(userId);
    return {
      ...emptyProfile({ tenant: 'default', userId }),
      seq,
      recent: [...recent],
      history: new Map([...history].reverse()),
      follows: [...follows],
    };
  }

  private teach({ history }: UserState, itemId: string, { weight, at }: { readonly weight: number; readonly at: EpochMs }): void {
    const { index, scorers } = this.options;
    const previous = [...history.keys()]
      .reverse()
      .filter((id) => id !== itemId)
      .slice(0, MOST_PREVIOUS);
    const observed = { row: index.intern(itemId), weight, at, previous: previous.map((id) => index.intern(id)) };
    for (const scorer of scorers) scorer.observe?.(observed);
  }

  private newest(limit: number): string[] {
    return this.byTime
      .slice(Math.max(0, this.published - limit), this.published)
      .reverse()
      .map(({ id }) => id);
  }

  private stateOf(userId: string): UserState {
    const known = this.users.get(userId) ?? { recent: [], history: new Map(), follows: new Set(), seq: 0 };
    this.users.set(userId, known);
    return known;
  }
}
