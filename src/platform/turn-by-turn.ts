import { InOrder } from './in-order';

interface Waiting {
  readonly work: () => void;
  /** When it came, by `performance.now()`. */
  readonly since: number;
}

/**
 * Runs short pieces of work in the order in which they come, no more in one turn of the event loop than fit into a slice of time: between
 * two slices everything else has its turn. Without a crowd each runs at once.
 */
export class TurnByTurn {
  private readonly waiting = new InOrder<Waiting>();
  private spentMs = 0;
  private turn: NodeJS.Immediate | undefined;

  /**
   * @param sliceMs time for this work in one turn; the last piece may run over.
   * @param longestWaitMs when the first in the queue has waited for longer, no more are taken.
   */
  constructor(
    private readonly sliceMs: number,
    private readonly longestWaitMs: number,
  ) {}

  /** How many wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Runs the work now or in a later turn. False: it will not be run, because those before it have waited for too long already. */
  add(work: () => void): boolean {
    const now = performance.now();
    const { first } = this.waiting;
    if (first && now - first.since > this.longestWaitMs) return false;
    if (this.size === 0 && this.spentMs < this.sliceMs) this.run(work, now);
    else this.waiting.add({ work, since: now });
    this.turn ??= setImmediate(() => this.begin());
    return true;
  }

  /** Runs what waits now, however long it takes. */
  flush(): void {
    for (const { work } of this.waiting.takeAll()) work();
  }

  private begin(): void {
    this.turn = undefined;
    this.spentMs = 0;
    while (this.size > 0 && this.spentMs < this.sliceMs) this.run(this.waiting.take()!.work, performance.now());
    if (this.spentMs > 0) this.turn = setImmediate(() => this.begin());
  }

  private run(work: () => void, startedAt: number): void {
    try {
      work();
    } finally {
      this.spentMs += performance.now() - startedAt;
    }
  }
}
