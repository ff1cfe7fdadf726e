import type { Redis } from 'ioredis';
import type { Keys } from '../platform/keys';
import type { WatchedLists } from '../push/watched-lists';

export interface EndWatchesDeps {
  /** In subscriber mode, shared with others; stays open. */
  readonly subscriber: Redis;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  readonly watched: Pick<WatchedLists, 'endWatchesOf'>;
}

/** Ends the watches of users who are being erased: a watch is renewed under the user's id for as long as it runs. */
export class EndWatches {
  private readonly tenantOf: ReadonlyMap<string, string>;

  constructor(private readonly deps: EndWatchesDeps) {
    this.tenantOf = new Map(deps.tenants.map((tenant) => [deps.keys.erasing(tenant), tenant]));
  }

  /** Resolves when no announcement from now on is missed, but while the connection is broken: it is repeated until the erasure is through. */
  async open(): Promise<void> {
    const { subscriber, watched } = this.deps;
    // Of buffers: one listener for texts, and ioredis would decode every list that is announced on this connection.
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      const tenant = this.tenantOf.get(channel.toString());
      if (tenant !== undefined) watched.endWatchesOf({ tenant, userId: message.toString() });
    });
    await subscriber.subscribe(...this.tenantOf.keys());
  }
}
