import type { Verdict } from './verdict';

export interface Acknowledgement {
  readonly id: string;
  readonly userId: string;
  readonly seq: number;
  /** When the request went and when its answer came, by this process's monotonic clock. */
  readonly sentAtMs: number;
  readonly atMs: number;
}

/** A time in which acknowledged behaviour may be lost: Redis, ended at `untilMs`, was left with a file to which it last wrote at `fromMs`. */
export interface LossWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Ids that are in the file all the same. */
  readonly written?: ReadonlySet<string>;
}

export interface LogEntry {
  readonly userId: string;
  readonly seq: number;
  readonly id: string;
}

/** What was sent and what was answered: the senders' own book, apart from everything that the product keeps. */
export class Ledger {
  readonly acknowledged = new Map<string, Acknowledgement>();
  /** Items that each user did something with. */
  readonly itemsOf = new Map<string, Set<string>>();
  readonly sentBy = new Map<string, string>();
  private readonly windows: LossWindow[] = [];

  constructor(private readonly verdict: Verdict) {}

  sent(id: string, userId: string, itemId: string): void {
    this.sentBy.set(id, userId);
    const items = this.itemsOf.get(userId);
    if (items) items.add(itemId);
    else this.itemsOf.set(userId, new Set([itemId]));
  }

  /** Takes an answer. One that was answered before must be answered alike, unless it was lost in between. */
  acknowledge(answer: Acknowledgement): void {
    const before = this.acknowledged.get(answer.id);
    this.verdict.check(
      'log-once',
      before === undefined || before.seq === answer.seq || this.mayBeLost(before),
      () => `${answer.id} was acknowledged as ${before?.seq}, then as ${answer.seq}`,
    );
    if (!before || before.seq !== answer.seq) this.acknowledged.set(answer.id, answer);
  }

  /** Takes note that Redis lost what it had not written. @returns how many of those that are acknowledged by now. */
  lose(window: LossWindow): number {
    this.windows.push(window);
    return [...this.acknowledged.values()].filter((answer) => isIn(window, answer)).length;
  }

  /** Holds the log against the book. @returns how many were lost with what Redis had not written. */
  judge(log: readonly LogEntry[]): { readonly lostInWindows: number } {
    const found = new Map<string, LogEntry[]>();
    const next = new Map<string, number>();
    for (const entry of log) {
      found.set(entry.id, [...(found.get(entry.id) ?? []), entry]);
      const expected = (next.get(entry.userId) ?? 0) + 1;
      this.verdict.check('log-order', entry.seq === expected, () => `${entry.userId}: ${entry.id} has ${entry.seq}, not ${expected}`);
      next.set(entry.userId, entry.seq);
    }
    for (const [id, entries] of found) {
      this.verdict.check('log-once', entries.length === 1, () => `${id} is in the log ${entries.length} times`);
      const sender = this.sentBy.get(id);
      this.verdict.check('own-list', entries[0]!.userId === sender, () => `${id} of ${sender} is in the log of ${entries[0]!.userId}`);
    }
    let lostInWindows = 0;
    for (const [id, answer] of this.acknowledged) {
      const [entry] = found.get(id) ?? [];
      const asAcknowledged = entry?.userId === answer.userId && entry.seq === answer.seq;
      if (!entry && this.mayBeLost(answer)) lostInWindows++;
      else
        this.verdict.check(
          'log-once',
          asAcknowledged,
          () => `${id} was acknowledged as ${answer.seq}, the log has ${entry?.seq ?? 'nothing'}`,
        );
    }
    return { lostInWindows };
  }

  /** Whether it may have been written in a window: what was answered before one began was in the file. */
  private mayBeLost(answer: Acknowledgement): boolean {
    return this.windows.some((window) => isIn(window, answer));
  }
}

const isIn = ({ fromMs, untilMs, written }: LossWindow, { id, sentAtMs, atMs }: Acknowledgement): boolean =>
  atMs >= fromMs && sentAtMs <= untilMs && written?.has(id) !== true;
