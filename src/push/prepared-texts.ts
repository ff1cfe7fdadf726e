import { standsAt } from '../platform/utf8';
import type { ListBody, Timeline } from './recommendation-list';

/** A list as it is sent to everybody who selects the same of it, but for what only the sender knows, which goes between the pieces. */
export interface PreparedText {
  /** Whose text it is: see served-shapes.ts. */
  readonly shape: string;
  /** In UTF-8 (src/platform/utf8.ts). */
  readonly pieces: readonly string[];
}

/** What workers write of a list, before it is announced, for whoever watches it. */
export interface PreparedList {
  readonly texts: readonly PreparedText[];
  /** Nobody who watches needs more of the list, so that it is announced without its JSON. */
  readonly suffices: boolean;
}

/** Of how many pieces a text is made at most. */
export const MOST_PIECES = 255;

export const NOTHING_PREPARED: PreparedList = { texts: [], suffices: false };

/** Which text is looked for. */
export interface PreparedShape {
  readonly id: string;
  readonly pieces: number;
}

/** Where the pieces of a text lie: piece `k` from `ends[k]` to `ends[k + 1]`. */
export interface PreparedPieces {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/*
 * What goes before the JSON of a list in its announcement, or in place of it, little endian, so that a gateway reads a few numbers and no text:
 *   0 u8 mark   1 u8 texts   2 u32 where the JSON would begin   6 u32 bytes of the ids
 *  10 f64 appliedThrough   18 f64 receivedAt   26 f64 recordedAt   34 f64 startedAt   42 f64 scoredAt   (not a number: absent)
 *  50 each text: u8 bytes of its shape, the shape, u8 pieces, u32 bytes of each piece
 *     the ids of the items, best first, in UTF-8, one a line
 *     the pieces, one after the other
 */
const MARK = 1;
const [TEXTS, BODY, IDS, APPLIED, RECEIVED, RECORDED, STARTED, SCORED, FIRST_TEXT] = [1, 2, 6, 10, 18, 26, 34, 42, 50];
const SIZE_BYTES = 4;
const OPEN_OBJECT = 0x7b;

/** Empty without texts, so that an announcement without them is the list alone. */
export function encodePrepared(body: ListBody, texts: readonly PreparedText[]): Buffer {
  if (texts.length === 0) return Buffer.alloc(0);
  const { appliedThrough, timeline, items } = body;
  const ids = Buffer.from(items.map(({ itemId }) => itemId).join('\n'));
  const fixed = Buffer.alloc(FIRST_TEXT);
  const rest = [...texts.map(sizesOf), ids, Buffer.from(texts.map(({ pieces }) => pieces.join('')).join(''), 'latin1')];
  fixed[0] = MARK;
  fixed[TEXTS] = texts.length;
  fixed.writeUInt32LE(
    rest.reduce((sum, { length }) => sum + length, FIRST_TEXT),
    BODY,
  );
  fixed.writeUInt32LE(ids.length, IDS);
  fixed.writeDoubleLE(appliedThrough, APPLIED);
  fixed.writeDoubleLE(timeline.receivedAt ?? NaN, RECEIVED);
  fixed.writeDoubleLE(timeline.recordedAt ?? NaN, RECORDED);
  fixed.writeDoubleLE(timeline.startedAt, STARTED);
  fixed.writeDoubleLE(timeline.scoredAt, SCORED);
  return Buffer.concat([fixed, ...rest]);
}

function sizesOf({ shape, pieces }: PreparedText): Buffer {
  const sizes = Buffer.alloc(2 + shape.length + SIZE_BYTES * pieces.length);
  sizes[0] = shape.length;
  sizes.write(shape, 1, 'latin1');
  sizes[1 + shape.length] = pieces.length;
  pieces.forEach(({ length }, k) => sizes.writeUInt32LE(length, 2 + shape.length + SIZE_BYTES * k));
  return sizes;
}

/** An announced list: its JSON, what was prepared of it, or both. */
export type Announcement =
  { readonly prepared: undefined; readonly body: Buffer } | { readonly prepared: Prepared; readonly body: Buffer | undefined };

/** @throws Error when what was prepared is not of that form. */
export function decodeAnnouncement(message: Buffer): Announcement {
  if (message[0] === OPEN_OBJECT) return { prepared: undefined, body: message };
  if (message[0] !== MARK || message.length < FIRST_TEXT) throw new Error('an announcement is not of the right form');
  const bodyAt = message.readUInt32LE(BODY);
  if (bodyAt === message.length) return { prepared: new Prepared(message), body: undefined };
  if (message[bodyAt] !== OPEN_OBJECT) throw new Error('what was prepared of an announced list does not end where it says');
  return { prepared: new Prepared(message), body: message.subarray(bodyAt) };
}

/** What was prepared of a list, as it lies in the announcement. */
export class Prepared {
  constructor(private readonly bytes: Buffer) {}

  get appliedThrough(): number {
    return this.bytes.readDoubleLE(APPLIED);
  }

  get timeline(): Timeline {
    const { bytes } = this;
    const [receivedAt, recordedAt] = [bytes.readDoubleLE(RECEIVED), bytes.readDoubleLE(RECORDED)];
    const [startedAt, scoredAt] = [bytes.readDoubleLE(STARTED), bytes.readDoubleLE(SCORED)];
    if (receivedAt === receivedAt && recordedAt === recordedAt) return { receivedAt, recordedAt, startedAt, scoredAt };
    return {
      ...(!Number.isNaN(receivedAt) && { receivedAt }),
      ...(!Number.isNaN(recordedAt) && { recordedAt }),
      ...{ startedAt, scoredAt },
    };
  }

  /** Best first. */
  get itemIds(): string[] {
    const { bytes } = this;
    const from = this.idsAt();
    const ids = bytes.toString('utf8', from, from + bytes.readUInt32LE(IDS));
    return ids === '' ? [] : ids.split('\n');
  }

  /** The same, apart from the message that it was part of. */
  copy(): Prepared {
    const own = Buffer.allocUnsafeSlow(this.bytes.length); // no part of a larger one
    this.bytes.copy(own);
    return new Prepared(own);
  }

  /** The pieces of a shape; undefined: it was not prepared, or is cut in another number of them. */
  piecesOf({ id: shape, pieces: count }: PreparedShape): PreparedPieces | undefined {
    const { bytes } = this;
    let piecesAt = this.idsAt() + bytes.readUInt32LE(IDS);
    let at = FIRST_TEXT;
    for (let text = 0; text < bytes[TEXTS]!; text++) {
      const isIt = bytes[at] === shape.length && standsAt(bytes, at + 1, shape);
      at += 1 + bytes[at]!;
      const pieces = bytes[at++]!;
      const ends = [piecesAt];
      for (let k = 0; k < pieces; k++, at += SIZE_BYTES) {
        piecesAt += bytes.readUInt32LE(at);
        if (isIt) ends.push(piecesAt);
      }
      if (isIt) return pieces === count ? { bytes, ends } : undefined;
    }
    return undefined;
  }

  private idsAt(): number {
    const { bytes } = this;
    let at = FIRST_TEXT;
    for (let text = 0; text < bytes[TEXTS]!; text++) {
      at += 1 + bytes[at]!;
      at += 1 + SIZE_BYTES * bytes[at]!;
    }
    return at;
  }
}
