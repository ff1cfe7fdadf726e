import type { EpochMs } from '../../platform/clock';
import type { Random } from '../../platform/random';
import type { DemoItem } from '../catalogue';
import type { Reader, ReaderOptions } from './reader';

/** What a reader did with an item of a list. */
export const TAKEN = ['click', 'add_to_cart', 'purchase'] as const;
export type Taken = (typeof TAKEN)[number];

export interface ReaderBehaviour {
  readonly userId: string;
  readonly type: Taken | 'impression';
  readonly itemId: string;
  readonly at: EpochMs;
  /** The list that it was on. */
  readonly listId: string;
}

/** Shows a list to a reader and is told what they do: the product, seen from the screen. */
export interface Recommender {
  recommend(userId: string, now: EpochMs): { readonly id: string; readonly itemIds: readonly string[] };
  record(behaviours: readonly ReaderBehaviour[]): void;
}

export interface ListOfSession {
  readonly listId: string;
  readonly at: EpochMs;
  readonly behaviours: readonly ReaderBehaviour[];
}

export interface ReaderSession {
  readonly userId: string;
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
  readonly lists: readonly ListOfSession[];
  /** The last list was left without taking anything of it. */
  readonly quit: boolean;
}

const MOST_LISTS = 40;
const IMPRESSION_MS = 200;
const LOOK_MS = 15_000;
const TAKING_MS = 20_000;

/** One visit: list after list until the reader leaves. What happens on a list depends on the list, the reader's state and `random` alone. */
export function simulateReaderSession(
  reader: Reader,
  recommender: Recommender,
  { startAt, random, items, options }: SessionSetting,
): ReaderSession {
  reader.beginSession(startAt);
  const lists: ListOfSession[] = [];
  let at = startAt;
  let quit = false;
  while (lists.length < MOST_LISTS) {
    const { id, itemIds } = recommender.recommend(reader.userId, at);
    const shown = itemIds.map((itemId) => items.get(itemId)!);
    const behaviours = readList(reader, { id, shown, at }, random, options);
    recommender.record(behaviours);
    lists.push({ listId: id, at, behaviours });
    at = (behaviours.at(-1)?.at ?? at) + Math.round(LOOK_MS * (0.5 + random()));
    const answered = behaviours.some(({ type }) => type !== 'impression');
    const bored = shown.reduce((sum, item) => sum + reader.bores(item), 0) / Math.max(1, shown.length);
    const { base, unanswered, bored: ofBoredom } = options.leave;
    if (random() >= base + (answered ? 0 : unanswered) + ofBoredom * bored) continue;
    quit = !answered;
    break;
  }
  return { userId: reader.userId, startAt, endAt: at, lists, quit };
}

export interface SessionSetting {
  readonly startAt: EpochMs;
  readonly random: Random;
  readonly items: ReadonlyMap<string, DemoItem>;
  readonly options: ReaderOptions;
}

/** Every place is seen; what is wanted is clicked the less the lower it stands, sometimes put into the cart and bought. */
function readList(
  reader: Reader,
  { id: listId, shown, at: from }: { readonly id: string; readonly shown: readonly DemoItem[]; readonly at: EpochMs },
  random: Random,
  options: ReaderOptions,
): ReaderBehaviour[] {
  const { userId } = reader;
  let at = from;
  const behaviours: ReaderBehaviour[] = [];
  const did = (type: ReaderBehaviour['type'], { item }: DemoItem): void =>
    void behaviours.push({ userId, type, itemId: item.id, at: (at += type === 'impression' ? IMPRESSION_MS : TAKING_MS), listId });
  for (const item of shown) did('impression', item);
  shown.forEach((item, k) => {
    const wanted = reader.wants(item);
    const draws = [random(), random(), random()] as const; // the same number for every list: what differs between two recommenders is their lists
    reader.tire(item, options.boredomOfShown);
    if (draws[0] >= (options.clickChance * wanted) / Math.log2(k + 2)) return;
    did('click', item);
    reader.tire(item, options.boredomOfClick);
    if (draws[1] >= 0.3 * wanted) return;
    did('add_to_cart', item);
    if (draws[2] < 0.5) did('purchase', item);
  });
  return behaviours;
}
