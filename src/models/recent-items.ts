/**
 * The newest distinct items of every user, newest first, at most `window` each: what a live model is given as
 * `previous`, rebuilt from a log. An item that comes again moves to the front.
 */
export class RecentItems {
  private readonly rows: Int32Array;
  private readonly sizes: Uint8Array;

  /** @throws RangeError when `window` is not in 1 … 255. */
  constructor(
    users: number,
    readonly window: number,
  ) {
    if (!Number.isInteger(window) || window < 1 || window > 255) throw new RangeError(`window ${window} is not in 1 … 255`);
    this.rows = new Int32Array(users * window);
    this.sizes = new Uint8Array(users);
  }

  /** The user's items before now: a view, valid until the next `push` of that user. */
  of(user: number): Int32Array {
    const start = user * this.window;
    return this.rows.subarray(start, start + this.sizes[user]!);
  }

  push(user: number, row: number): void {
    const start = user * this.window;
    const size = this.sizes[user]!;
    let at = 0;
    while (at < size && this.rows[start + at] !== row) at++;
    if (at === size && size < this.window) this.sizes[user] = size + 1;
    this.rows.copyWithin(start + 1, start, start + Math.min(at, this.window - 1));
    this.rows[start] = row;
  }
}
