import { InOrder } from './in-order';

interface Waiting {
  readonly work: () => void;
  /** When it came, by `performance.now()`. */
  readonly since: number;
}

export interface TurnByTurnOptions {
  /** Time for this work in one turn, in ms; the last piece may run over. */
  readonly sliceMs: number;
  /** When the first in the queue has waited for longer, in ms, no more are taken. */
  readonly longestWaitMs: number;
  /** While it says so there is something better to do, and no slice is begun. @default never */
  readonly isBusy?: () => boolean;
  /** But one is after this time, in ms, however busy. @default 250 */
  readonly longestPauseMs?: number;
  /** And that one is so long, in ms: where it is busy for ever, this is all that is done. @default 8 */
  readonly sliceAfterPauseMs?: number;
}

/** How soon it is looked again whether there is still something better to do. */
const LOOK_AGAIN_MS = 1;

/**
 * Runs short pieces of work in the order in which they come, no more in one turn of the event loop than fit into a slice of time: between
 * two slices everything else has its turn. Without a crowd each runs at once.
 */
export class TurnByTurn {
  private readonly waiting = new InOrder<Waiting>();
  private spentMs = 0;
  private turnIsSet = false;
  private ranAt = 0;
  private readonly isBusy: () => boolean;
  private readonly sliceMs: number;
  private readonly longestWaitMs: number;
  private readonly longestPauseMs: number;
  private readonly sliceAfterPauseMs: number;

  constructor({ sliceMs, longestWaitMs, isBusy = () => false, longestPauseMs = 250, sliceAfterPauseMs = 8 }: TurnByTurnOptions) {
    this.sliceMs = sliceMs;
    this.longestWaitMs = longestWaitMs;
    this.isBusy = isBusy;
    this.longestPauseMs = longestPauseMs;
    this.sliceAfterPauseMs = sliceAfterPauseMs;
  }

  /** How many wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Runs the work now or in a later turn. False: it will not be run, because those before it have waited for too long already. */
  add(work: () => void): boolean {
    const now = performance.now();
    const { first } = this.waiting;
    if (first && now - first.since > this.longestWaitMs) return false;
    if (this.size === 0 && this.spentMs < this.sliceMs && !this.isBusy()) this.run(work, now);
    else this.waiting.add({ work, since: now });
    if (!this.turnIsSet) this.nextTurn();
    return true;
  }

  /** Runs what waits now, however long it takes. */
  flush(): void {
    for (const { work } of this.waiting.takeAll()) work();
  }

  private nextTurn(): void {
    this.turnIsSet = true;
    setImmediate(() => this.begin());
  }

  private begin(): void {
    this.turnIsSet = false;
    this.spentMs = 0;
    const { first } = this.waiting;
    const isBusy = first !== undefined && this.isBusy();
    if (isBusy && performance.now() - Math.max(this.ranAt, first.since) < this.longestPauseMs) {
      this.turnIsSet = true;
      setTimeout(() => this.begin(), LOOK_AGAIN_MS);
      return;
    }
    const sliceMs = isBusy ? this.sliceAfterPauseMs : this.sliceMs;
    while (this.size > 0 && this.spentMs < sliceMs) this.run(this.waiting.take()!.work, performance.now());
    if (this.spentMs > 0) this.nextTurn();
  }

  private run(work: () => void, startedAt: number): void {
    try {
      work();
    } finally {
      this.ranAt = performance.now();
      this.spentMs += this.ranAt - startedAt;
    }
  }
}
