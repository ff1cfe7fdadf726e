import type { Clock, EpochMs } from '../platform/clock';
import { itemIdsOf } from '../push/announced-list';
import type { MailboxListener } from '../push/latest-mailbox';
import { isNewer } from '../push/list-order';
import { keepPlace, placeOf, type KeptPlace, type Position, type RecommendationList } from '../push/recommendation-list';
import type { ListWatch } from './gateway-deps';
import { listChange, type ListChange } from './list-change';
import type { RecommendationUpdate, ShownMemory } from './schema-mappers';
import type { Shown } from './shown';
import type { StageTimings } from './stage-timings';

export interface UpdateEvent {
  readonly recommendations: RecommendationUpdate;
}

interface UpdateOptions {
  readonly surface: string;
  /** How many items the subscriber asked for. */
  readonly first: number;
  readonly clock: Clock;
  /** Runs with each update before it is given out by `next()`. */
  readonly onUpdate: (update: RecommendationUpdate) => void;
  /** Runs once, when the subscription has ended by whichever side. */
  readonly onEnd: () => void;
}

/**
 * The source of one subscription: each list that the watch gives, with its difference to the one that this subscriber got
 * before. Read by `next()`, or by `take()` when the follower was told. An iterator object with its own `return()`, because that of an
 * `async function*` waits behind a pending `next()` and would leak the watch.
 */
export class RecommendationUpdates implements AsyncIterableIterator<UpdateEvent>, MailboxListener<RecommendationList>, ShownMemory {
  /** Kept by whoever writes the updates, for subscriptions that are sent deltas. */
  shown: Shown | undefined;
  private sent: KeptPlace | undefined;
  private sentIds: readonly string[] = [];
  private ended = false;
  private follower: MailboxListener<RecommendationList> | undefined;
  private readyAt: EpochMs | undefined;

  constructor(
    private readonly watch: ListWatch,
    private options: UpdateOptions,
  ) {}

  /** How many items the subscriber asked for. */
  get first(): number {
    return this.options.first;
  }

  get surface(): string {
    return this.options.surface;
  }

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
      const update = this.updateTo(list, this.options.clock.now());
      this.options.onUpdate(update);
      return { done: false, value: { recommendations: update } };
    }
  }

  /** Has the follower told when there is something to take, instead of being asked by `next()`. */
  follow(follower: MailboxListener<RecommendationList>): void {
    this.follower = follower;
    this.options = { ...this.options, onUpdate: ignore }; // what it was for ends here, and may be large
    if (!this.ended) this.watch.listen(this);
  }

  /** The newest list that was not yet taken, if there is one. */
  take(): RecommendationUpdate | undefined {
    const list = this.watch.take();
    if (!list || (this.sent && !isNewer(list, this.sent))) return undefined;
    return this.updateTo(list, this.readyAt ?? this.options.clock.now());
  }

  onReady(): void {
    this.readyAt = this.options.clock.now();
    this.follower?.onReady();
  }

  onFailure(error: unknown): void {
    this.follower?.onFailure(error);
  }

  canUse(list: RecommendationList): boolean {
    return this.follower?.canUse?.(list) ?? false;
  }

  onEnd(): void {
    const { follower } = this;
    void this.return();
    follower?.onEnd?.();
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

  private updateTo(list: RecommendationList, arrivedAt: EpochMs): RecommendationUpdate {
    const { first } = this.options;
    const { sentIds } = this;
    const before = this.sent && placeOf(this.sent);
    const all = itemIdsOf(list);
    const ids = all.length > first ? all.slice(0, first) : all;
    this.sent = keepPlace(list, this.sent);
    this.sentIds = ids;
    return new SentUpdate({ list, first, stale: false }, arrivedAt, before, this, sentIds, ids);
  }
}

const ignore = (): void => undefined;

/** An update that reckons its difference when asked for it: most of those that share a text are not. */
class SentUpdate implements RecommendationUpdate {
  timings: StageTimings | undefined = undefined;

  constructor(
    readonly view: RecommendationUpdate['view'],
    readonly arrivedAt: EpochMs,
    readonly before: Position | undefined,
    readonly memory: ShownMemory,
    private readonly idsBefore: readonly string[],
    private readonly ids: readonly string[],
  ) {}

  get change(): ListChange | undefined {
    return this.before && listChange(this.idsBefore, this.ids);
  }
}
