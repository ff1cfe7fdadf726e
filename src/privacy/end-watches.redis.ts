import type { Channels } from '../platform/channels';
import type { Keys } from '../platform/keys';
import type { WatchedLists } from '../push/watched-lists';

export interface EndWatchesDeps {
  readonly channels: Channels;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  readonly watched: Pick<WatchedLists, 'endWatchesOf'>;
}

/**
 * Ends the watches of users who are being erased, from now on: a watch is renewed under the user's id for as long as it runs. Resolves when no
 * announcement is missed, but in a gap: it is repeated until the erasure is through.
 */
export async function endWatchesOfErased({ channels, keys, tenants, watched }: EndWatchesDeps): Promise<void> {
  const tenantOf = new Map(tenants.map((tenant) => [keys.erasing(tenant), tenant]));
  await channels.subscribe(tenantOf.keys(), (message, channel) =>
    watched.endWatchesOf({ tenant: tenantOf.get(channel)!, userId: message.toString() }),
  );
}
