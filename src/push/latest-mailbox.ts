/**
 * One slot, newest wins: what a slow reader gets is the newest value, never a queue. An async iterator *object* with its
 * own `return()`, because that of an `async function*` waits behind a pending `next()` and would leak its listener.
 */
export class LatestMailbox<T> implements AsyncIterableIterator<T> {
  private slot: { readonly value: T } | undefined;
  private reader: ((result: IteratorResult<T>) => void) | undefined;
  private closed = false;
  private closers: (() => void | Promise<void>)[] = [];
  private last: { readonly value: T } | undefined;

  /** @param isNewer whether `next` may follow `last`, the value that was read last; others are dropped. */
  constructor(private readonly isNewer: (next: T, last: T) => boolean = () => true) {}

  /** Puts a value in the slot in place of one not yet read, unless that, or the one read last, is newer. */
  offer(value: T): void {
    if (this.closed) return;
    const newest = this.slot ?? this.last;
    if (newest && !this.isNewer(value, newest.value)) return;
    if (!this.reader) {
      this.slot = { value };
      return;
    }
    const { reader } = this;
    this.reader = undefined;
    this.last = { value };
    reader({ done: false, value });
  }

  /** Offers a value only if nothing at all has been offered or read yet. */
  seed(value: T): void {
    if (!this.slot && !this.last) this.offer(value);
  }

  /** Takes a value as read already: nothing that is not newer will be delivered, also if it waits in the slot. */
  skipTo(value: T): void {
    if (this.slot && !this.isNewer(this.slot.value, value)) this.slot = undefined;
    this.last ??= { value };
  }

  /** Runs when the mailbox is closed, once, by whichever side. */
  onClose(closer: () => void | Promise<void>): void {
    this.closers.push(closer);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.slot) {
      const { value } = this.slot;
      this.last = this.slot;
      this.slot = undefined;
      return Promise.resolve({ done: false, value });
    }
    if (this.closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => (this.reader = resolve));
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.closed) {
      this.closed = true;
      this.slot = undefined;
      this.reader?.({ done: true, value: undefined });
      this.reader = undefined;
      const closers = this.closers;
      this.closers = [];
      await Promise.all(closers.map(async (closer) => closer()));
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
