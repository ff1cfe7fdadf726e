/** So that the part of a queue that is over does not grow for as long as somebody waits. */
const COMPACT_AT = 1000;

/** What waits, in the order in which it came: taking the first costs the same however many there are. */
export class InOrder<T> {
  private held: T[] = [];
  /** Those before it have been taken. */
  private next = 0;

  get size(): number {
    return this.held.length - this.next;
  }

  /** The one that has waited the longest; undefined when none waits. */
  get first(): T | undefined {
    return this.held[this.next];
  }

  add(one: T): void {
    this.held.push(one);
  }

  take(): T | undefined {
    const one = this.first;
    if (this.size > 0) this.next++;
    if (this.size === 0 || this.next > COMPACT_AT) {
      this.held = this.held.slice(this.next);
      this.next = 0;
    }
    return one;
  }

  /** All, the queue being empty then. */
  takeAll(): readonly T[] {
    const all = this.held.slice(this.next);
    this.held = [];
    this.next = 0;
    return all;
  }
}
