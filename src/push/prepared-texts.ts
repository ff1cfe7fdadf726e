import { isTimeline } from './is-list-body';
import type { ListBody, Timeline } from './recommendation-list';

/** A list as it is sent to everybody who selects the same of it, but for what only the sender knows, which goes between the pieces. */
export interface PreparedText {
  /** Whose text it is: see served-shapes.ts. */
  readonly shape: string;
  /** In UTF-8 (src/platform/utf8.ts). */
  readonly pieces: readonly string[];
}

/** What a gateway has to know of a list that it sends as it was prepared. */
export interface PreparedHead {
  readonly id: string;
  readonly appliedThrough: number;
  readonly timeline: Timeline;
  /** Best first. */
  readonly itemIds: readonly string[];
  /** A shape, then how many bytes each of its pieces has, in the order in which they follow. */
  readonly texts: readonly (readonly [shape: string, ...bytes: number[]])[];
}

const LINE_END = 10;
const OPEN_OBJECT = 0x7b;

/**
 * What goes before the JSON of a list in its announcement: a line that begins with `[` and holds the head, then the pieces, one after the
 * other. Empty without texts, so that an announcement without them is the list alone.
 */
export function encodePrepared(body: ListBody, texts: readonly PreparedText[]): Buffer {
  if (texts.length === 0) return Buffer.alloc(0);
  const { id, appliedThrough, timeline, items } = body;
  const sizes = texts.map(({ shape, pieces }) => [shape, ...pieces.map(({ length }) => length)]);
  const head = [id, appliedThrough, timeline, items.map(({ itemId }) => itemId), sizes];
  const pieces = texts.map((text) => text.pieces.join('')).join('');
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), Buffer.from(pieces, 'latin1')]);
}

/** An announced list: its JSON, and what was prepared of it. */
export interface Announcement {
  readonly head: PreparedHead | undefined;
  /** The pieces. */
  readonly prepared: Buffer;
  readonly body: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** @throws Error when what was prepared is not of that form. */
export function decodeAnnouncement(message: Buffer): Announcement {
  if (message[0] === OPEN_OBJECT) return { head: undefined, prepared: NOTHING, body: message };
  const end = message.indexOf(LINE_END);
  const head = headOf(message.toString('utf8', 0, end));
  let bytes = 0;
  for (const text of head.texts) for (let k = 1; k < text.length; k++) bytes += text[k] as number;
  const from = end + 1;
  return { head, prepared: message.subarray(from, from + bytes), body: message.subarray(from + bytes) };
}

function headOf(line: string): PreparedHead {
  const value: unknown = JSON.parse(line);
  if (Array.isArray(value)) {
    const [id, appliedThrough, timeline, itemIds, texts] = value as unknown[];
    if (typeof id === 'string' && Number.isSafeInteger(appliedThrough) && isTimeline(timeline) && areTexts(itemIds) && areSizes(texts)) {
      return { id, appliedThrough: appliedThrough as number, timeline, itemIds, texts };
    }
  }
  throw new Error('what was prepared of an announced list has no right head');
}

const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');

const areSizes = (value: unknown): value is [string, ...number[]][] =>
  Array.isArray(value) &&
  value.every((text) => Array.isArray(text) && text.every((one, k) => (k === 0 ? typeof one === 'string' : Number.isSafeInteger(one))));

/** The pieces of a shape, in UTF-8; undefined: it was not prepared. */
export function piecesOf(head: PreparedHead, prepared: Buffer, shape: string): string[] | undefined {
  let at = 0;
  for (const text of head.texts) {
    const pieces: string[] | undefined = text[0] === shape ? [] : undefined;
    for (let k = 1; k < text.length; k++) {
      const end = at + (text[k] as number);
      pieces?.push(prepared.toString('latin1', at, end));
      at = end;
    }
    if (pieces) return pieces;
  }
  return undefined;
}
