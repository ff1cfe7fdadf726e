import { BeckonError } from './errors';

const RETRY_AFTER_MS = 2000;

/** Lets few pieces of work run at a time; the others wait in the order in which they came. */
export class FewAtATime {
  private running = 0;
  private queue: (() => void)[] = [];
  /** Those before it have begun. */
  private next = 0;

  /**
   * @param most how many run at a time
   * @param mostWaiting how many may wait
   * @param what they are, for the message of the refusal
   */
  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
    private readonly what: string,
  ) {}

  get waiting(): number {
    return this.queue.length - this.next;
  }

  /** What the work gives. @throws what it throws; BeckonError OVERLOADED, at once, when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.most) this.running++;
    else await this.turn(); // whoever ends hands over its place
    try {
      return await work();
    } finally {
      this.handOver();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting >= this.mostWaiting) {
      throw new BeckonError('OVERLOADED', `too many ${this.what} wait already: try again`, { retryAfterMs: RETRY_AFTER_MS });
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  private handOver(): void {
    const begin = this.queue[this.next];
    if (!begin) {
      this.running--;
      return;
    }
    this.next++;
    if (this.waiting === 0 || this.next > COMPACT_AT) {
      this.queue = this.queue.slice(this.next);
      this.next = 0;
    }
    begin();
  }
}

/** So that the part of the queue that is over does not grow for as long as somebody waits. */
const COMPACT_AT = 1000;
