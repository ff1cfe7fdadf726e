import { BeckonError } from './errors';
import { InOrder } from './in-order';

const RETRY_AFTER_MS = 2000;

/** Lets few pieces of work run at a time; the others wait in the order in which they came. */
export class FewAtATime {
  private running = 0;
  private readonly queue = new InOrder<() => void>();

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
    return this.queue.size;
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
    return new Promise((resolve) => this.queue.add(resolve));
  }

  private handOver(): void {
    const begin = this.queue.take();
    if (begin) begin();
    else this.running--;
  }
}
