/** Who is told, instead of waiting in `next()`, that something can be taken. */
export interface MailboxListener<T = unknown> {
  /** There is something to take. Told once for each value that comes into an empty slot; `take` gives the newest. */
  onReady(): void;
  onFailure(error: unknown): void;
  /** Nothing will come any more: whoever gave has ended it. */
  onEnd?(): void;
  /** Whether a value that lacks what may be left out is enough. Absent: none is. */
  canUse?(value: T): boolean;
}

const NO_CLOSERS: readonly (() => unknown)[] = [];

/**
 * One slot, newest wins: what a slow reader gets is the newest value, never a queue. Read by `next()`, or by `take()` when a listener
 * was told. An async iterator *object* with its own `return()`, because that of an `async function*` waits behind a pending `next()`
 * and would leak its listener. Of what was read only its place is kept: values may be large, and there may be thousands of readers.
 */
export class LatestMailbox<T extends Place, Place = T> implements AsyncIterableIterator<T> {
  private slot: T | undefined;
  private last: Place | undefined;
  private reader: { readonly resolve: (result: IteratorResult<T>) => void; readonly reject: (error: unknown) => void } | undefined;
  private listener: MailboxListener<T> | undefined;
  private closed = false;
  private failure: { readonly error: unknown } | undefined;
  private closers: readonly (() => unknown)[] = NO_CLOSERS;

  /**
   * @param isNewer whether `next` may follow `last`, the place that was read last; others are dropped.
   * @param keepPlace what is remembered of a value that was read: what was remembered before may be overwritten, and is the mailbox's alone.
   */
  constructor(
    private readonly isNewer: (next: T, last: Place) => boolean = () => true,
    private readonly keepPlace: (value: T, before: Place | undefined) => Place = (value) => value,
  ) {}

  /** Puts a value in the slot in place of one not yet read, unless that, or the one read last, is newer. */
  offer(value: T): void {
    if (this.closed) return;
    const newest = this.slot ?? this.last;
    if (newest !== undefined && !this.isNewer(value, newest)) return;
    const { reader, slot } = this;
    if (reader) {
      this.reader = undefined;
      this.last = this.keepPlace(value, this.last);
      reader.resolve({ done: false, value });
      return;
    }
    this.slot = value;
    if (slot === undefined) this.listener?.onReady();
  }

  /** Offers a value only if nothing at all has been offered or read yet. */
  seed(value: T): void {
    if (this.slot === undefined && this.last === undefined) this.offer(value);
  }

  /** Takes a place, which is the mailbox's from now on, as read already: nothing that is not newer will be delivered, also if it waits in the slot. */
  skipTo(place: Place): void {
    if (this.slot !== undefined && !this.isNewer(this.slot, place)) this.slot = undefined;
    this.last ??= place;
  }

  /** Runs when the mailbox is closed, once, by whichever side. */
  onClose(closer: () => unknown): void {
    this.closers = [...this.closers, closer]; // exactly as long: an array that was pushed to has place for seventeen
  }

  /** From now on the listener is told, at once if something waits already. In place of `next()`, not beside it. */
  listen(listener: MailboxListener<T>): void {
    this.listener = listener;
    if (this.slot !== undefined) listener.onReady();
    if (this.failure) listener.onFailure(this.failure.error);
  }

  /** Whether a value that lacks what may be left out is enough for whoever takes it; undefined: nobody waits for one. */
  canUse(value: T): boolean | undefined {
    if (this.reader) return false;
    return this.listener && (this.listener.canUse?.(value) ?? false);
  }

  /** What is in the slot, if anything is; the slot is empty then. */
  take(): T | undefined {
    const value = this.slot;
    if (value === undefined) return undefined;
    this.last = this.keepPlace(value, this.last);
    this.slot = undefined;
    return value;
  }

  /** Ends the watch with an error, which whoever reads or listens gets. */
  fail(error: unknown): void {
    if (this.closed) return;
    const { reader, listener } = this;
    this.reader = undefined;
    this.failure = { error };
    if (reader) reader.reject(error);
    else listener?.onFailure(error);
  }

  /** Ends the watch from the side that gives: whoever reads sees its end, who listens is told. */
  finish(): void {
    if (this.closed) return;
    const { listener } = this;
    void this.return();
    listener?.onEnd?.();
  }

  async next(): Promise<IteratorResult<T>> {
    const value = this.take();
    if (value !== undefined) return { done: false, value };
    if (this.failure) throw this.failure.error;
    if (this.closed) return { done: true, value: undefined };
    return new Promise((resolve, reject) => (this.reader = { resolve, reject }));
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.closed) {
      this.closed = true;
      this.slot = undefined;
      this.listener = undefined;
      this.reader?.resolve({ done: true, value: undefined });
      this.reader = undefined;
      const closers = this.closers;
      this.closers = NO_CLOSERS;
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
