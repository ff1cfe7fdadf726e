import type { Clock } from '../platform/clock';
import { isNewer } from '../push/list-order';
import type { RecommendationList } from '../push/recommendation-list';
import type { ListWatch } from './gateway-deps';
import { listChange } from './list-change';
import type { RecommendationUpdate } from './schema-mappers';

export interface UpdateEvent {
  readonly recommendations: RecommendationUpdate;
}

interface UpdateOptions {
  /** How many items the subscriber asked for. */
  readonly first: number;
  readonly clock: Clock;
  /** Runs with each update before it is given out. */
  readonly onUpdate: (update: RecommendationUpdate) => void;
  /** Runs once, when the subscription has ended by whichever side. */
  readonly onEnd: () => void;
}

/**
 * The source of one subscription: each list that the watch gives, with its difference to the one that this subscriber got
 * before. An iterator object with its own `return()`, because that of an `async function*` waits behind a pending `next()`
 * and would leak the watch.
 */
export class RecommendationUpdates implements AsyncIterableIterator<UpdateEvent> {
  private sent: RecommendationList | undefined;
  private sentIds: readonly string[] = [];
  private ended = false;

  constructor(
    private readonly watch: ListWatch,
    private readonly options: UpdateOptions,
  ) {}

  async next(): Promise<IteratorResult<UpdateEvent>> {
    for (;;) {
      const result = await this.watch.next().catch(async (error: unknown) => {
        await this.return();
        throw error;
      });
      if (result.done || this.ended) return this.return();
      const list = result.value;
      // The watch guards its order too; this is the last door before the socket.
      if (this.sent && !isNewer(list, this.sent)) continue;
      const update = this.updateTo(list);
      this.options.onUpdate(update);
      return { done: false, value: { recommendations: update } };
    }
  }

  async return(): Promise<IteratorResult<UpdateEvent>> {
    if (!this.ended) {
      this.ended = true;
      this.options.onEnd();
      await this.watch.return();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<UpdateEvent>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private updateTo(list: RecommendationList): RecommendationUpdate {
    const { first, clock } = this.options;
    const ids = list.items.slice(0, first).map(({ itemId }) => itemId);
    const change = this.sent && listChange(this.sentIds, ids);
    this.sent = list;
    this.sentIds = ids;
    return { view: { list, first, stale: false }, arrivedAt: clock.now(), change };
  }
}
