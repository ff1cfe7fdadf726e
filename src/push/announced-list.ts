import { fromUtf8 } from '../platform/utf8';
import { isCause, isTimeline, readListBody } from './is-list-body';
import { JsonTape } from './json-tape';
import type { ListKey } from './ports';
import type { ListBody, ListCause, ListCost, Position, Recommendation, RecommendationList, Timeline } from './recommendation-list';

/** Lists of one tick whose places are found once; of more than these they are found again when they are asked for. */
const TAPES = 32;

interface Slot {
  readonly tape: JsonTape;
  holds: AnnouncedList | undefined;
}

/** Where parts of a list lie in its text. */
interface OnTape extends Pick<Known, 'items' | 'cause' | 'fallback'> {
  readonly tape: JsonTape;
}

/** Reads announcements without making objects of their items. The tapes are shared: what a tape says is good until the next list is read. */
export class AnnouncedLists {
  private readonly slots: readonly Slot[] = Array.from({ length: TAPES }, () => ({ tape: new JsonTape(), holds: undefined }));
  private turn = 0;

  /** Undefined: the body is not of the form that our writers give it, and has to be read with care. */
  read(key: ListKey, position: Position, body: Buffer): AnnouncedList | undefined {
    const text = body.toString('latin1');
    const { tape } = this.next();
    if (!tape.read(body, text)) return undefined;
    const known = knownOf(tape);
    if (!known) return undefined;
    return this.hold(new AnnouncedList(this, key, position, text, known));
  }

  /** Good until another list is read. */
  tapeOf(list: AnnouncedList, text: string): JsonTape {
    const held = this.slots[list.slot]!;
    if (held.holds === list) return held.tape;
    const { tape } = this.next();
    tape.read(Buffer.from(text, 'latin1'), text);
    this.hold(list);
    return tape;
  }

  private next(): Slot {
    this.turn = (this.turn + 1) % TAPES;
    const slot = this.slots[this.turn]!;
    slot.holds = undefined;
    return slot;
  }

  private hold(list: AnnouncedList): AnnouncedList {
    list.slot = this.turn;
    this.slots[this.turn]!.holds = list;
    return list;
  }
}

/** What is read at once of a list. */
interface Known {
  readonly id: string;
  readonly appliedThrough: number;
  readonly timeline: Timeline;
  readonly itemIds: readonly string[];
  /** The cells of the others. */
  readonly items: number;
  readonly cause: number;
  readonly fallback: number;
}

function knownOf(tape: JsonTape): Known | undefined {
  const cellOf = (name: string): number => tape.member(JsonTape.ROOT, name);
  const [id, applied, items, times] = [cellOf('id'), cellOf('appliedThrough'), cellOf('items'), cellOf('timeline')];
  const [cause, fallback] = [cellOf('cause'), cellOf('fallback')];
  if (Math.min(id, applied, items, times, cause, fallback) === -1 || !tape.isText(id)) return undefined;
  const itemIds = itemIdsOn(tape, items);
  const appliedThrough = tape.valueOf(applied);
  const timeline = tape.valueOf(times);
  if (!itemIds || !isWhole(appliedThrough) || !isTimeline(timeline)) return undefined;
  return { id: tape.textOf(id), appliedThrough, timeline, itemIds, cause, fallback, items };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/**
 * A list as it was announced, still a text: what every push needs is known, its items can be cut out of the text. Asked for anything else,
 * it reads the text like any other list. Fields are read by getters, so `{ ...list }` has none of them: spread `whole` instead.
 */
export class AnnouncedList implements RecommendationList {
  /** Best first. Whoever holds the same ids as other strings may put those here, so that they are shared. */
  itemIds: readonly string[];
  /** Several listeners were given this very list. */
  shared = false;
  readonly id: string;
  readonly appliedThrough: number;
  readonly timeline: Timeline;
  readonly epoch: string;
  readonly revision: number;
  /** For whoever holds the tapes. */
  slot = 0;
  private body: ListBody | undefined;

  constructor(
    private readonly lists: AnnouncedLists,
    private readonly key: ListKey,
    { epoch, revision }: Position,
    /** The JSON of the body in UTF-8. */
    private readonly text: string,
    private readonly known: Known,
  ) {
    this.epoch = epoch;
    this.revision = revision;
    this.id = known.id;
    this.appliedThrough = known.appliedThrough;
    this.timeline = known.timeline;
    this.itemIds = known.itemIds;
  }

  get tenant(): string {
    return this.key.tenant;
  }

  get userId(): string {
    return this.key.userId;
  }

  get surface(): string {
    return this.key.surface;
  }

  /** @throws Error when it is none. */
  get cause(): ListCause {
    const cause = this.onTape.tape.valueOf(this.known.cause);
    if (!isCause(cause)) throw new Error('an announced list has no right cause');
    return cause;
  }

  get digest(): string {
    return this.whole.digest;
  }

  get fallback(): ListBody['fallback'] {
    return this.onTape.tape.valueOf(this.known.fallback) as ListBody['fallback'];
  }

  get cost(): ListCost | undefined {
    return this.whole.cost;
  }

  get items(): Recommendation[] {
    return this.whole.items;
  }

  /** Where its parts lie in its text: good until another list is read. */
  get onTape(): OnTape {
    const { items, cause, fallback } = this.known;
    return { tape: this.lists.tapeOf(this, this.text), items, cause, fallback };
  }

  /** The same as plain data. @throws ZodError when something is wrong with it. */
  get whole(): RecommendationList {
    const { epoch, revision } = this;
    this.body ??= readListBody(fromUtf8(this.text));
    return Object.assign(this.body, { epoch, revision });
  }
}

/** The ids of a list's items, best first. */
export const itemIdsOf = (list: RecommendationList): readonly string[] =>
  list instanceof AnnouncedList ? list.itemIds : list.items.map(({ itemId }) => itemId);

/** A list as plain data, to be spread. */
export const wholeOf = (list: RecommendationList): RecommendationList => (list instanceof AnnouncedList ? list.whole : list);

function itemIdsOn(tape: JsonTape, items: number): string[] | undefined {
  if (!tape.isArray(items)) return undefined;
  const ids: string[] = [];
  const end = tape.after(items);
  for (let item = tape.firstIn(items); item < end; item = tape.after(item)) {
    const cell = tape.isObject(item) ? tape.member(item, 'itemId') : -1;
    if (cell === -1 || !tape.isText(cell)) return undefined;
    ids.push(tape.textOf(cell));
  }
  return ids;
}
