import type { CatalogueMirror } from '../catalogue/catalogue-mirror.redis';
import { unavailability } from '../catalogue/item';
import type { Log } from '../platform/log';
import { retractFromStored } from './retract-items';
import type { WatchedLists } from './watched-lists';

type Stored = Parameters<typeof retractFromStored>[0];

export interface RetractingDeps extends Stored {
  readonly mirrors: ReadonlyMap<string, Pick<CatalogueMirror, 'onChange'>>;
  readonly watched: Pick<WatchedLists, 'showing'>;
  readonly log: Log;
}

/** Takes an item back from every list that shows it on this gateway, as soon as it is hidden, sold out or expired. */
export function retractWhatBecomesUnavailable({ mirrors, watched, lists, recompute, clock, log }: RetractingDeps): void {
  for (const [tenant, mirror] of mirrors) {
    mirror.onChange((item) => {
      if (unavailability(item, clock.now()) === undefined) return;
      for (const key of watched.showing(tenant, item.id)) {
        retractFromStored({ lists, recompute, clock }, key, [item.id]).catch((error: unknown) =>
          log.warn({ err: error }, 'an item could not be taken back from a list'),
        );
      }
    });
  }
}
