import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { Log } from '../platform/log';
import { namesOldFacts } from './names-old-facts';
import type { Lists } from './ports';
import type { WatchedLists } from './watched-lists';

export interface RewordDeps {
  readonly mirrors: ReadonlyMap<string, Pick<CatalogueView, 'get'> & { onChange(listener: (item: Item) => void): unknown }>;
  /** Whether a tenant chooses its words; the fixed templates' are as they were made. */
  readonly wordsOf: (tenant: string) => boolean;
  readonly watched: Pick<WatchedLists, 'showing'>;
  readonly lists: Pick<Lists, 'read'>;
  readonly recompute: RecomputeRequester;
  readonly log: Log;
}

/** Has every list made anew that somebody watches on this gateway and that names a price or stock which an item no longer has, as soon as it changes. */
export function rewordWhatHasChanged({ mirrors, wordsOf, watched, lists, recompute, log }: RewordDeps): void {
  for (const [tenant, mirror] of mirrors) {
    if (!wordsOf(tenant)) continue;
    mirror.onChange((item) => {
      for (const key of watched.showing(tenant, item.id)) {
        lists
          .read(key)
          .then(({ list }) => list && namesOldFacts(list, mirror, item.id) && recompute.request(key, 'request'))
          .catch((error: unknown) => log.warn({ err: error }, 'a list that names an old price could not be looked at'));
      }
    });
  }
}
