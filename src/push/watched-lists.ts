import { EvenRounds } from '../platform/even-rounds';
import type { Log } from '../platform/log';
import type { UserKey } from '../platform/keys';
import type { ListKey } from './ports';
import type { WatchLeases } from './watch-leases.redis';

/** A watch that can be ended from here. */
export interface Endable {
  finish(): void;
}

/** One watcher of a list. */
export interface HeldList {
  /** Remembers what the list shows now. */
  note(itemIds: readonly string[]): void;
  release(): Promise<void>;
}

interface Watched {
  readonly key: ListKey;
  watchers: number;
  /** Its watches; a query that waits for a list is none. */
  watches: readonly Endable[];
  /** The items that it shows now: their ids, for there may be thousands of lists, and a whole one is some 10 KB. */
  itemIds: readonly string[];
}

class Hold implements HeldList {
  private released = false;

  constructor(
    private readonly watched: Watched,
    private readonly watch: Endable | undefined,
    private readonly drop: (watched: Watched) => Promise<void>,
  ) {}

  note(itemIds: readonly string[]): void {
    this.watched.itemIds = itemIds;
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    const { watched, watch } = this;
    if (watch) watched.watches = watched.watches.filter((other) => other !== watch);
    if (--watched.watchers === 0) await this.drop(watched);
  }
}

/** The lists that this gateway's sockets watch: keeps their leases alive with one timer, and knows what they show. */
export class WatchedLists {
  private readonly held = new Map<string, Watched>();
  /** By group of leases: those of one group are renewed together, in one command. */
  private readonly groups = new Map<string, Set<Watched>>();
  private readonly rounds: EvenRounds<Set<Watched>>;
  /** Nobody watches it any more. */
  private readonly drop = async (watched: Watched): Promise<void> => {
    this.held.delete(nameOf(watched.key));
    this.leaveGroup(watched);
    try {
      await this.leases.release(watched.key);
    } catch (error) {
      this.log.debug({ err: error }, 'a watch lease could not be released; it will run out');
    }
  };

  constructor(
    private readonly leases: WatchLeases,
    private readonly log: Log,
    renewEveryMs: number,
  ) {
    this.rounds = new EvenRounds(renewEveryMs, (groups) => {
      for (const group of groups) void this.renew(group);
    });
  }

  get size(): number {
    return this.held.size;
  }

  /**
   * Counts one more watcher. Resolves when the list is marked as watched in the store.
   * @param watch is finished when it has to end by itself, because its user is erased.
   */
  async hold(key: ListKey, watch?: Endable): Promise<HeldList> {
    const name = nameOf(key);
    let watched = this.held.get(name);
    if (!watched) {
      watched = { key, watchers: 0, watches: [], itemIds: [] };
      this.held.set(name, watched);
      this.joinGroup(watched);
    }
    watched.watchers++;
    if (watch) watched.watches = [...watched.watches, watch];
    const hold = new Hold(watched, watch, this.drop);
    try {
      await this.leases.renew([key]);
      return hold;
    } catch (error) {
      await hold.release();
      throw error;
    }
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

  private joinGroup(watched: Watched): void {
    const name = this.leases.groupOf(watched.key);
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = new Set()));
    group.add(watched);
    this.rounds.add(group);
  }

  private leaveGroup(watched: Watched): void {
    const name = this.leases.groupOf(watched.key);
    const group = this.groups.get(name);
    group?.delete(watched);
    if (group?.size !== 0) return;
    this.groups.delete(name);
    this.rounds.delete(group);
  }

  private async renew(lists: Iterable<Watched>): Promise<void> {
    try {
      await this.leases.renew(Array.from(lists, ({ key }) => key));
    } catch (error) {
      this.log.warn({ err: error }, 'watch leases could not be renewed');
    }
  }
}

const nameOf = ({ tenant, userId, surface }: ListKey): string => `${tenant}\n${userId}\n${surface}`;
