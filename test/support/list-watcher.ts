import { ApiError } from '../../src/cli/api-error';
import type { ApiClient, ApiSubscription } from '../../src/cli/api-client';

export interface WatchedUpdate {
  readonly position: { readonly epoch: string; readonly revision: number };
  readonly appliedThrough: number;
  readonly cause: {
    readonly kind: string;
    readonly itemIds: readonly string[];
    readonly behaviours: readonly { readonly id: string; readonly type: string; readonly itemId: string | null; readonly seq: number }[];
  };
  readonly change: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly moved: readonly { readonly itemId: string; readonly from: number; readonly to: number }[];
  } | null;
  readonly timings: Readonly<Record<'ingest' | 'queue' | 'score' | 'replace' | 'push', number | null>>;
  readonly list: {
    readonly fallback: { readonly level: number; readonly name: string };
    readonly items: readonly { readonly itemId: string; readonly rank: number; readonly reason: { readonly code: string } }[];
  };
}

const WATCH = /* GraphQL */ `
  subscription Watch($first: Int!, $after: PositionInput) {
    recommendations(first: $first, after: $after) {
      position {
        epoch
        revision
      }
      appliedThrough
      cause {
        kind
        itemIds
        behaviours {
          id
          type
          itemId
          seq
        }
      }
      change {
        added
        removed
        moved {
          itemId
          from
          to
        }
      }
      timings {
        ingest
        queue
        score
        replace
        push
      }
      list {
        fallback {
          level
          name
        }
        items {
          itemId
          rank
          reason {
            code
          }
        }
      }
    }
  }
`;

interface Waiter {
  readonly check: (update: WatchedUpdate) => boolean;
  readonly resolve: (update: WatchedUpdate) => void;
}

const WITHIN_MS = 20_000;

/** A screen that watches its user's list: remembers every update, and breaks when one is older than one before. */
export class ListWatcher {
  readonly updates: WatchedUpdate[] = [];
  /** What went wrong: an ended subscription, or an update that went back. */
  failure: Error | undefined;
  /** The other side has completed the subscription. */
  completed = false;
  private readonly waiters = new Set<Waiter>();
  private readonly subscription: ApiSubscription<{ recommendations: WatchedUpdate }>;
  private stopped = false;

  constructor(
    readonly userId: string,
    client: ApiClient,
    { first = 10, after }: { first?: number; after?: WatchedUpdate['position'] } = {},
  ) {
    this.subscription = client.subscribe(WATCH, { first, after });
    void this.read();
  }

  get last(): WatchedUpdate | undefined {
    return this.updates.at(-1);
  }

  get itemIds(): readonly string[] {
    return itemIdsOf(this.last);
  }

  /** The first update, of those that came and those to come, that passes. @throws Error when none does in time. */
  until(check: (update: WatchedUpdate) => boolean, { withinMs = WITHIN_MS, what = 'an update' } = {}): Promise<WatchedUpdate> {
    const known = this.updates.find(check);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        check,
        resolve: (update) => {
          clearTimeout(timer);
          resolve(update);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        const last =
          this.last && `position ${this.last.position.revision}, applied through ${this.last.appliedThrough}, ${this.last.cause.kind}`;
        reject(
          new Error(
            `${this.userId} did not see ${what} within ${withinMs} ms; last: ${last ?? 'nothing'}; ${this.failure?.message ?? 'no failure'}`,
          ),
        );
      }, withinMs);
      this.waiters.add(waiter);
    });
  }

  /** The first update that covers `seq`. */
  covering(seq: number, options: { withinMs?: number } = {}): Promise<WatchedUpdate> {
    return this.until(({ appliedThrough }) => appliedThrough >= seq, { ...options, what: `a list applied through ${seq}` });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.subscription.return?.();
  }

  private async read(): Promise<void> {
    try {
      for await (const { recommendations } of this.subscription) this.receive(recommendations);
      this.completed = !this.stopped;
    } catch (error) {
      if (!this.stopped) this.failure ??= ApiError.from(error);
    }
  }

  private receive(update: WatchedUpdate): void {
    const before = this.last;
    if (before && before.position.epoch === update.position.epoch) {
      const back = update.position.revision < before.position.revision || update.appliedThrough < before.appliedThrough;
      if (back) this.failure ??= new Error(`went back from ${placeOf(before)} to ${placeOf(update)}`);
    }
    this.updates.push(update);
    for (const waiter of this.waiters) {
      if (!waiter.check(update)) continue;
      this.waiters.delete(waiter);
      waiter.resolve(update);
    }
  }
}

export const itemIdsOf = (update: WatchedUpdate | undefined): string[] => (update?.list.items ?? []).map(({ itemId }) => itemId);

const placeOf = ({ position, appliedThrough }: WatchedUpdate): string =>
  `revision ${position.revision} (applied through ${appliedThrough})`;
