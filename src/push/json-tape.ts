import { fromUtf8 } from '../platform/utf8';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const NULL_HEAD = 0x6e;
const TRUE_HEAD = 0x74;
const FALSE_HEAD = 0x66;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
/** In ASCII a closing bracket comes two after the one that opens. */
const TO_CLOSING = 2;

const DEEPEST = 32;
/** Ints of a cell: where the key begins (-1: no key), where the value begins and ends, and the cell after all that is inside. */
const CELL = 4;
const NO_KEY = -1;
const FIRST_CELLS = 512;

/**
 * Where each value of a JSON text lies, found in one pass over its bytes that makes no object, so that what is to be said again can be cut
 * out as it is. Takes what `JSON.stringify` gives, without spaces between. Every value has a number here, its cell, good until the next
 * text is read.
 */
export class JsonTape {
  /** The cell of the whole text. */
  static readonly ROOT = 0;
  /** The text in UTF-8, a character for each byte: places in it are places of bytes. */
  text = '';
  private cells: Int32Array = new Int32Array(FIRST_CELLS * CELL);
  private readonly open = new Int32Array(DEEPEST);

  /**
   * Reads a text in place of the one before. False: it is no JSON, or not of that form; nothing may be asked then.
   * @param bytes are not kept; `text` says the same.
   */
  read(bytes: Uint8Array, text: string): boolean {
    const { open } = this;
    let { cells } = this;
    this.text = text;
    let depth = 0;
    let at = 0;
    let key = NO_KEY;
    for (let cell = 0, top = CELL; ; cell = top, top += CELL) {
      if (top > cells.length) cells = this.grow();
      cells[cell] = key;
      cells[cell + 1] = at;
      const head = bytes[at]!;
      if (isOpening(head) && bytes[at + 1] !== head + TO_CLOSING) {
        if (depth === DEEPEST) return false;
        open[depth++] = cell;
        at++;
      } else {
        at = isOpening(head) ? at + 2 : head === QUOTE ? endOfText(bytes, at) : endOfWord(bytes, at);
        if (at === -1) return false;
        cells[cell + 2] = at;
        cells[cell + 3] = top;
        for (; depth > 0 && bytes[at] !== COMMA; at++) {
          const container = open[--depth]!;
          if (bytes[at] !== bytes[cells[container + 1]!]! + TO_CLOSING) return false;
          cells[container + 2] = at + 1;
          cells[container + 3] = top;
        }
        if (depth === 0) return at === bytes.length;
        at++;
      }
      key = NO_KEY;
      if (bytes[cells[open[depth - 1]! + 1]!] !== OPEN_OBJECT) continue;
      key = at;
      at = endOfKey(bytes, at);
      if (at === -1) return false;
    }
  }

  /** The first element or member of a container; its `after` when it is empty. */
  firstIn(container: number): number {
    return container + CELL;
  }

  /** The cell after a value and all that is inside of it: its neighbour, or, of the last one, that of what contains it. */
  after(cell: number): number {
    return this.cells[cell + 3]!;
  }

  startOf(cell: number): number {
    return this.cells[cell + 1]!;
  }

  endOf(cell: number): number {
    return this.cells[cell + 2]!;
  }

  /** Where the key of a member begins, with its quote. */
  keyOf(cell: number): number {
    return this.cells[cell]!;
  }

  /** The first character of a value, as a code. */
  headOf(cell: number): number {
    return this.text.charCodeAt(this.cells[cell + 1]!);
  }

  isObject(cell: number): boolean {
    return this.headOf(cell) === OPEN_OBJECT;
  }

  isArray(cell: number): boolean {
    return this.headOf(cell) === OPEN_ARRAY;
  }

  isText(cell: number): boolean {
    return this.headOf(cell) === QUOTE;
  }

  isNull(cell: number): boolean {
    return this.headOf(cell) === NULL_HEAD;
  }

  isBoolean(cell: number): boolean {
    const head = this.headOf(cell);
    return head === TRUE_HEAD || head === FALSE_HEAD;
  }

  isNumber(cell: number): boolean {
    const head = this.headOf(cell);
    return (head >= ZERO && head <= NINE) || head === MINUS;
  }

  /** A value as JSON, in UTF-8 as `text` is. */
  jsonOf(cell: number): string {
    return this.text.substring(this.cells[cell + 1]!, this.cells[cell + 2]);
  }

  valueOf(cell: number): unknown {
    return JSON.parse(fromUtf8(this.jsonOf(cell)));
  }

  /** What a value that is a text says. */
  textOf(cell: number): string {
    const inner = this.text.substring(this.cells[cell + 1]! + 1, this.cells[cell + 2]! - 1);
    return inner.includes('\\') ? (this.valueOf(cell) as string) : fromUtf8(inner);
  }

  /**
   * The member of an object that has a name, without anything to escape in it; -1: none.
   * @param hint a member to look at first.
   */
  member(object: number, name: string, hint = this.firstIn(object)): number {
    const end = this.after(object);
    for (let cell = hint; cell < end; cell = this.after(cell)) if (this.isNamed(cell, name)) return cell;
    for (let cell = this.firstIn(object); cell < hint; cell = this.after(cell)) if (this.isNamed(cell, name)) return cell;
    return -1;
  }

  private isNamed(cell: number, name: string): boolean {
    const key = this.cells[cell]!;
    // The key with its quotes and the colon stand before the value.
    return this.cells[cell + 1]! - key === name.length + 3 && this.text.startsWith(name, key + 1);
  }

  private grow(): Int32Array {
    const more = new Int32Array(this.cells.length * 2);
    more.set(this.cells);
    return (this.cells = more);
  }
}

const isOpening = (byte: number): boolean => byte === OPEN_OBJECT || byte === OPEN_ARRAY;

/** The place after a number, `true`, `false` or `null`; -1: there is none. */
function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isOfWord(bytes[at]!)) at++;
  return at === from ? -1 : at;
}

/** Digits, signs, the point, small letters and E: nothing that ends a value. */
const isOfWord = (byte: number): boolean =>
  (byte >= 0x2b && byte <= 0x39 && byte !== COMMA) || byte === 0x45 || (byte >= 0x61 && byte <= 0x7a);

/** The place after a text; -1: it does not end. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
    if (byte === BACKSLASH) at++;
    else if (byte === undefined) return -1;
  }
  return at + 1;
}

/** The place after a key and its colon; -1: there is none. */
function endOfKey(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  const end = endOfText(bytes, from);
  return end !== -1 && bytes[end] === COLON ? end + 1 : -1;
}
