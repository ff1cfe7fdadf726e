import { fromUtf8 } from '../platform/utf8';
import { isCause, isTimeline, readListBody } from './is-list-body';
import { JsonTape } from './json-tape';
import type { ListKey } from './ports';
import type { ListBody, ListCause, ListCost, Position, Recommendation, RecommendationList, Timeline } from './recommendation-list';
import type { Prepared, PreparedPieces, PreparedShape } from './prepared-texts';

/** Lists of one tick whose places are found once; of more than these they are found again when they are asked for. */
const TAPES = 32;
const NOW = Promise.resolve();
/** In place of bytes that may be others by now: reading it as a list fails. */
const NOTHING = '';

interface Slot {
  readonly tape: JsonTape;
  holds: AnnouncedList | undefined;
  /** The cells of the list that it holds. */
  cells: Cells | undefined;
}

interface Cells {
  readonly items: number;
  readonly cause: number;
  readonly fallback: number;
}

/** Where parts of a list lie in its text. */
interface OnTape extends Cells {
  readonly tape: JsonTape;
}

/** Reads announcements without making objects of their items. The tapes are shared: what a tape says is good until the next list is read. */
export class AnnouncedLists {
  private readonly slots: readonly Slot[] = Array.from({ length: TAPES }, () => ({
    tape: new JsonTape(),
    holds: undefined,
    cells: undefined,
  }));
  private turn = 0;
  private fresh: AnnouncedList[] = [];
  /** After what the present turn of the event loop does with the lists: it may itself wait for its end, hence one step more. */
  private readonly settleAtEnd = (): void => void NOW.then(this.settle);
  private readonly settle = (): void => {
    const { fresh } = this;
    for (const list of fresh) list.settle();
    fresh.length = 0;
  };

  /** Undefined: the body is not of the form that our writers give it, and has to be read with care. */
  read(key: ListKey, position: Position, body: Buffer): AnnouncedList | undefined {
    const text = body.toString('latin1');
    const slot = this.next();
    const known = slot.tape.read(body, text) ? knownOf(slot.tape) : undefined;
    if (!known) return undefined;
    const list = new AnnouncedList(this, key, position, known.head, text);
    this.hold(slot, list, known.cells);
    return list;
  }

  /** A list with texts that were prepared: what it is besides is read when somebody asks. */
  readPrepared(key: ListKey, position: Position, prepared: Prepared, body: Buffer | undefined): AnnouncedList {
    const list = new AnnouncedList(this, key, position, prepared, body, prepared);
    if (this.fresh.length === 0) void NOW.then(this.settleAtEnd);
    this.fresh.push(list);
    return list;
  }

  /** Good until another list is read. @throws Error for a list that is not of the form that our writers give it. */
  tapeOf(list: AnnouncedList, text: string): OnTape {
    const held = this.slots[list.slot]!;
    if (held.holds === list) return { tape: held.tape, ...held.cells! };
    const slot = this.next();
    const known = slot.tape.read(Buffer.from(text, 'latin1'), text) ? knownOf(slot.tape) : undefined;
    if (!known) throw new Error('an announced list is not of the right form');
    this.hold(slot, list, known.cells);
    return { tape: slot.tape, ...known.cells };
  }

  private next(): Slot {
    this.turn = (this.turn + 1) % TAPES;
    const slot = this.slots[this.turn]!;
    slot.holds = undefined;
    return slot;
  }

  private hold(slot: Slot, list: AnnouncedList, cells: Cells): void {
    list.slot = this.turn;
    slot.holds = list;
    slot.cells = cells;
  }
}

/** What is read at once of a list. */
type Head = Pick<ListBody, 'appliedThrough' | 'timeline'> & { readonly itemIds: readonly string[] };

function knownOf(tape: JsonTape): { readonly head: Head; readonly cells: Cells } | undefined {
  const cellOf = (name: string): number => tape.member(JsonTape.ROOT, name);
  const [id, applied, items, times] = [cellOf('id'), cellOf('appliedThrough'), cellOf('items'), cellOf('timeline')];
  const [cause, fallback] = [cellOf('cause'), cellOf('fallback')];
  if (Math.min(id, applied, items, times, cause, fallback) === -1 || !tape.isText(id)) return undefined;
  const itemIds = itemIdsOn(tape, items);
  const appliedThrough = tape.valueOf(applied);
  const timeline = tape.valueOf(times);
  if (!itemIds || !isWhole(appliedThrough) || !isTimeline(timeline)) return undefined;
  return { head: { appliedThrough, timeline, itemIds }, cells: { cause, fallback, items } };
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
  /** Whoever it was for has been sent it. */
  isSent = false;
  readonly appliedThrough: number;
  readonly timeline: Timeline;
  readonly epoch: string;
  readonly revision: number;
  /** For whoever holds the tapes. */
  slot = 0;
  private body: ListBody | undefined;
  /** The text that was looked for last: it is asked for when the list is offered, and again when it is sent. */
  private foundFor: PreparedShape | undefined;
  private found: PreparedPieces | undefined;

  /**
   * @param text the JSON of the body in UTF-8, as a text or as bytes: those, and what was prepared, are parts of a larger message, to be
   * let go of by `settle`. Undefined: what was prepared came without it.
   */
  constructor(
    private readonly lists: AnnouncedLists,
    private readonly key: ListKey,
    { epoch, revision }: Position,
    head: Head,
    private text: string | Buffer | undefined,
    private prepared?: Prepared,
  ) {
    this.epoch = epoch;
    this.revision = revision;
    this.appliedThrough = head.appliedThrough;
    this.timeline = head.timeline;
    this.itemIds = head.itemIds;
  }

  /** Whether texts of it were prepared for any shape. */
  get hasTexts(): boolean {
    return this.prepared !== undefined;
  }

  /** Whether there is more of it than its head and what was prepared: without it, asking for anything else fails. */
  get hasBody(): boolean {
    return this.text !== undefined;
  }

  /** What was prepared of it for a shape; of a list with its body only in the turn of the event loop in which it came. */
  piecesFor(shape: PreparedShape): PreparedPieces | undefined {
    if (this.foundFor !== shape) {
      this.foundFor = shape;
      this.found = this.prepared?.piecesOf(shape);
    }
    return this.found;
  }

  /** A list that waits for longer than its turn of the event loop must not keep all that came with it. */
  settle(): void {
    this.foundFor = undefined;
    this.found = undefined;
    if (!this.isSent && !this.hasBody) {
      this.prepared = this.prepared?.copy();
      return;
    }
    this.prepared = undefined;
    this.text = this.isSent ? NOTHING : this.utf8;
  }

  get id(): string {
    const { tape } = this.onTape;
    return tape.textOf(tape.member(JsonTape.ROOT, 'id'));
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
    const { tape, cause: cell } = this.onTape;
    const cause = tape.valueOf(cell);
    if (!isCause(cause)) throw new Error('an announced list has no right cause');
    return cause;
  }

  get digest(): string {
    return this.whole.digest;
  }

  get fallback(): ListBody['fallback'] {
    const { tape, fallback } = this.onTape;
    return tape.valueOf(fallback) as ListBody['fallback'];
  }

  get cost(): ListCost | undefined {
    return this.whole.cost;
  }

  get items(): Recommendation[] {
    return this.whole.items;
  }

  /** Where its parts lie in its text: good until another list is read. */
  get onTape(): OnTape {
    return this.lists.tapeOf(this, this.utf8);
  }

  /** The same as plain data. @throws ZodError when something is wrong with it. */
  get whole(): RecommendationList {
    const { epoch, revision } = this;
    this.body ??= readListBody(fromUtf8(this.utf8));
    return Object.assign(this.body, { epoch, revision });
  }

  private get utf8(): string {
    if (this.text === undefined) throw new Error('a list was announced without its body');
    if (typeof this.text !== 'string') this.text = this.text.toString('latin1');
    return this.text;
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
