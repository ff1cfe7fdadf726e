import { EvenRounds } from '../platform/even-rounds';
import type { Log } from '../platform/log';
import type { UserKey } from '../platform/keys';
import type { ListKey } from './ports';
import type { WatchLeases } from './watch-leases.redis';

/** A watch that can be ended from here. */
export interface Endable {
  finish(): void;
}

interface Watched {
  readonly key: ListKey;
  watchers: number;
  /** Its watches; a query that waits for a list is none. */
  watches: readonly Endable[];
  /** The items that it shows now: their ids, for there may be thousands of lists, and a whole one is some 10 KB. */
  itemIds: readonly string[];
}

/** Few, so that many lists of one shard are renewed in one command. */
const RENEWAL_PARTS = 10;

/** The lists that this gateway's sockets watch: keeps their leases alive with one timer, and knows what they show. */
export class WatchedLists {
  private readonly held = new Map<string, Watched>();
  private readonly rounds: EvenRounds<Watched>;

  constructor(
    private readonly leases: WatchLeases,
    private readonly log: Log,
    renewEveryMs: number,
  ) {
    this.rounds = new EvenRounds(renewEveryMs, (group) => void this.renew(group), RENEWAL_PARTS);
  }

  get size(): number {
    return this.held.size;
  }

  /**
   * Counts one more watcher. Resolves when the list is marked as watched in the store; returns how to end it.
   * @param watch is finished when it has to end by itself, because its user is erased.
   */
  async hold(key: ListKey, watch?: Endable): Promise<() => Promise<void>> {
    const name = nameOf(key);
    let watched = this.held.get(name);
    if (!watched) {
      watched = { key, watchers: 0, watches: [], itemIds: [] };
      this.held.set(name, watched);
      this.rounds.add(watched);
    }
    watched.watchers++;
    const held = watched;
    if (watch) held.watches = [...held.watches, watch];
    let released = false;
    const release = async (): Promise<void> => {
      if (released) return;
      released = true;
      if (watch) held.watches = held.watches.filter((other) => other !== watch);
      await this.release(name);
    };
    try {
      await this.leases.renew([key]);
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Remembers what a watched list shows now. */
  note(key: ListKey, itemIds: readonly string[]): void {
    const watched = this.held.get(nameOf(key));
    if (watched) watched.itemIds = itemIds;
  }

  /** The watched lists that show an item. */
  *showing(tenant: string, itemId: string): Iterable<ListKey> {
    for (const { key, itemIds } of this.held.values()) {
      if (key.tenant === tenant && itemIds.includes(itemId)) yield key;
    }
  }

  /** Ends every watch of a user's lists on this gateway. */
  endWatchesOf({ tenant, userId }: UserKey): void {
    for (const { key, watches } of [...this.held.values()]) {
      if (key.tenant === tenant && key.userId === userId) for (const watch of watches) watch.finish();
    }
  }

  /** Marks every watched list anew; after a loss of Redis the marks may be gone. */
  renewAll(): Promise<void> {
    return this.renew(this.held.values());
  }

  close(): void {
    this.rounds.stop();
  }

  private async renew(lists: Iterable<Watched>): Promise<void> {
    try {
      await this.leases.renew(Array.from(lists, ({ key }) => key));
    } catch (error) {
      this.log.warn({ err: error }, 'watch leases could not be renewed');
    }
  }

  private async release(name: string): Promise<void> {
    const watched = this.held.get(name);
    if (!watched || --watched.watchers > 0) return;
    this.held.delete(name);
    this.rounds.delete(watched);
    try {
      await this.leases.release(watched.key);
    } catch (error) {
      this.log.debug({ err: error }, 'a watch lease could not be released; it will run out');
    }
  }
}

const nameOf = ({ tenant, userId, surface }: ListKey): string => `${tenant}\n${userId}\n${surface}`;
