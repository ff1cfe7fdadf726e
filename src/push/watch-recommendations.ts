import type { RecomputeRequester } from '../behaviour/recompute-requester';
import type { CatalogueView } from '../catalogue/catalogue';
import type { Clock } from '../platform/clock';
import type { Log } from '../platform/log';
import { AnnouncedList, wholeOf } from './announced-list';
import { isNewer } from './list-order';
import { LatestMailbox } from './latest-mailbox';
import { namesOldFacts } from './names-old-facts';
import type { Feed, ListKey, Lists, StoredList } from './ports';
import { keepPlace, placeOf, type KeptPlace, type Position, type RecommendationList } from './recommendation-list';
import { retractItems } from './retract-items';
import type { HeldList, WatchedLists } from './watched-lists';
import { idsOfAvailable, withoutUnavailable } from './without-unavailable';

export interface WatchDeps {
  readonly feed: Feed;
  readonly lists: Lists;
  readonly watched: WatchedLists;
  readonly recompute: RecomputeRequester;
  readonly catalogueOf: (tenant: string) => CatalogueView;
  /** Digest of what would make the list now: another one on a stored list means that it is out of date. */
  readonly digestOf: (tenant: string) => string;
  /** What to show while there is no list at all and no worker makes one. */
  readonly fallback: (key: ListKey) => Promise<RecommendationList>;
  /** Runs with each list of whose texts none will do for somebody who watches: those of its surface are best announced whole. */
  readonly onWholeNeeded: (key: ListKey) => void;
  readonly firstListDeadlineMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export type ListMailbox = LatestMailbox<RecommendationList, Position>;

/**
 * The current list, then every newer one, newest wins. Listens first, reads second, so that nothing falls between the two.
 * A list that is behind is delivered at once and a recompute asked for; one that names a price or a stock which has changed is not delivered.
 * With `after` equal to the current place, or later in its epoch (the store has lost that list), nothing is delivered until there is a newer one.
 */
export async function watchRecommendations(deps: WatchDeps, key: ListKey, after?: Position): Promise<ListMailbox> {
  const mailbox: ListMailbox = new LatestMailbox<RecommendationList, Position>(isNewer, keepPlace);
  mailbox.onClose(await attachTo(deps, key, mailbox, after));
  return mailbox;
}

/** Has a mailbox given the lists of a key, as `watchRecommendations` says, until the returned function is called. Nothing is left when it fails. */
export async function attachTo(deps: WatchDeps, key: ListKey, mailbox: ListMailbox, after?: Position): Promise<() => Promise<void>> {
  let newest: KeptPlace | undefined;
  let left = false;
  let isRead = false;
  let held: HeldList | undefined;
  const offer = (list: RecommendationList, isStored: boolean): boolean => {
    if (left) return true;
    // A primary that has been replaced and does not know yet goes on announcing. What the store holds is looked at before places begin anew.
    if (!isStored && (!isRead || (newest && list.epoch !== newest.epoch))) return false;
    // The store holds less than it has told us: it was started again without its last lists. The next one gets a new epoch, so that it
    // passes for newer than the one that was lost; but nobody asks for it unless we do.
    if (newest?.epoch === list.epoch && list.revision < newest.revision) deps.recompute.request(key, 'request');
    newest = keepPlace(list, newest);
    const canUse = list instanceof AnnouncedList && list.hasTexts ? mailbox.canUse(list) : undefined;
    if (canUse === false) deps.onWholeNeeded(key);
    const fit = checked(deps, list, { held, hasText: canUse === true });
    if (fit) mailbox.offer(fit);
    return fit !== undefined;
  };
  const unlisten = await deps.feed.listen(key, offer);
  let giveUp: (() => void) | undefined;
  const leave = async (): Promise<void> => {
    left = true;
    giveUp?.();
    await Promise.all([unlisten(), held?.release()]);
  };
  try {
    held = await deps.watched.hold(key, mailbox);
    const stored = await deps.lists.read(key);
    isRead = true;
    const { list } = stored;
    const namesOld = list !== undefined && namesOldFacts(list, deps.catalogueOf(key.tenant));
    const seen = list && seenBy(list, after);
    if (seen) {
      held.note(idsOf(deps, list));
      mailbox.skipTo(placeOf(seen));
    } else if (list && !namesOld) {
      offer(list, true);
    } else {
      giveUp = offerFallbackLater(deps, key, mailbox);
    }
    if (list) newest ??= keepPlace(list, undefined);
    const lost = seen !== undefined && list!.revision < seen.revision;
    if (lost || namesOld || isOlder(deps, key, stored)) deps.recompute.request(key, 'request');
    return leave;
  } catch (error) {
    await leave();
    throw error;
  }
}

/** The place of a client that has been shown the list, or a later one of its epoch, which the store has lost. */
const seenBy = (list: Position, after: Position | undefined): Position | undefined =>
  after && list.epoch === after.epoch && list.revision <= after.revision ? after : undefined;

/** Whether the list is missing, older than the profile, made by other models or settings than the present ones, or names a price that has changed. */
export function isBehind(deps: Pick<WatchDeps, 'digestOf' | 'catalogueOf'>, key: ListKey, stored: StoredList): boolean {
  return isOlder(deps, key, stored) || namesOldFacts(stored.list!, deps.catalogueOf(key.tenant));
}

/** The same, whatever it names. */
const isOlder = ({ digestOf }: Pick<WatchDeps, 'digestOf'>, { tenant }: ListKey, { list, seq }: StoredList): boolean =>
  list === undefined || list.appliedThrough < seq || list.digest !== digestOf(tenant);

/**
 * A list fit to be shown: what became unavailable after it was made is left out here at once, and taken back in the store
 * for everybody else. Undefined: it came without its body, which is needed.
 * @param hasText the text of the list as it was made is enough.
 */
function checked(
  deps: WatchDeps,
  given: RecommendationList,
  { held, hasText }: { readonly held: HeldList | undefined; readonly hasText: boolean },
): RecommendationList | undefined {
  const now = deps.clock.now();
  const catalogue = deps.catalogueOf(given.tenant);
  if (given instanceof AnnouncedList) {
    const available = given.hasBody || hasText ? idsOfAvailable(given.itemIds, catalogue, now) : undefined;
    if (available) {
      given.itemIds = available;
      held?.note(available);
      return given;
    }
    if (!given.hasBody) return undefined;
  }
  const list = wholeOf(given);
  const ids = idsOf(deps, list);
  held?.note(ids);
  const { list: fit, takenBack } = withoutUnavailable(list, catalogue, now);
  if (takenBack.length > 0) {
    retractItems(deps, list, takenBack).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'items could not be taken back from a list'),
    );
  }
  return fit;
}

/** The ids of a list's items, as the catalogue's own strings: the same ones for every list that shows them. */
function idsOf({ catalogueOf }: WatchDeps, list: RecommendationList): readonly string[] {
  const catalogue = catalogueOf(list.tenant);
  const own = (id: string): string => catalogue.get(id)?.id ?? id;
  if (list instanceof AnnouncedList) return (list.itemIds = list.itemIds.map(own));
  return list.items.map((item) => (item.itemId = own(item.itemId)));
}

/** Returns how to give it up. */
function offerFallbackLater(deps: WatchDeps, key: ListKey, mailbox: ListMailbox): () => void {
  const timer = setTimeout(() => {
    deps.fallback(key).then(
      (list) => mailbox.seed(list),
      (error: unknown) => deps.log.warn({ err: error }, 'no fallback list could be made'),
    );
  }, deps.firstListDeadlineMs);
  return () => clearTimeout(timer);
}
