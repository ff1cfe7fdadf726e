/**
 * Tells when the same time has passed for each of many things: one timer for all of them, none while there are none. Things come due in
 * the order in which they were added.
 */
export class SameDelay<T> {
  private readonly dueAt = new Map<T, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param onDue is called once for each thing, which is not held any more then. */
  constructor(
    private readonly delayMs: number,
    private readonly onDue: (thing: T) => void,
  ) {}

  get size(): number {
    return this.dueAt.size;
  }

  /** Has no effect on a thing that is held already. */
  add(thing: T): void {
    if (this.dueAt.has(thing)) return;
    this.dueAt.set(thing, performance.now() + this.delayMs);
    this.timer ??= this.wait(this.delayMs);
  }

  delete(thing: T): void {
    this.dueAt.delete(thing); // the timer finds out
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.dueAt.clear();
  }

  private wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.tell(), Math.ceil(ms)).unref();
  }

  private tell(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const [thing, at] of this.dueAt) {
      if (at > now) {
        this.timer ??= this.wait(at - now);
        return;
      }
      this.dueAt.delete(thing);
      this.onDue(thing);
    }
  }
}
