/** Something that a watcher must come to see: the watcher's `seq`-th change, sent at a moment of the receiver's clock. */
interface Expected {
  readonly seq: number;
  readonly sentAt: number;
}

/** One list as it reached a watcher. */
export interface Arrival {
  readonly at: number;
  readonly epoch: string;
  readonly revision: number;
  /** Every change up to this one is in it. */
  readonly covers: number;
}

export interface DeliverySummary {
  /** Expected changes that a list covered. */
  readonly delivered: number;
  /** Expected changes that no list covered. */
  readonly lost: number;
  /** Lists whose place a watcher had seen already. */
  readonly duplicate: number;
  /** Lists with a revision lower than one of the same epoch that the watcher had seen before. */
  readonly outOfOrder: number;
  /** Sent → first list that covers it, in ms, one for each delivered change. */
  readonly latenciesMs: readonly number[];
}

/** What each watcher should see and what it saw. A list may arrive before the answer that says what it must cover: both are kept. */
export class Deliveries {
  private readonly expected: Expected[][];
  private readonly arrivals: Arrival[][];

  constructor(watchers: number) {
    this.expected = Array.from({ length: watchers }, () => []);
    this.arrivals = Array.from({ length: watchers }, () => []);
  }

  expect(watcher: number, seq: number, sentAt: number): void {
    this.expected[watcher]!.push({ seq, sentAt });
  }

  arrived(watcher: number, arrival: Arrival): void {
    this.arrivals[watcher]!.push(arrival);
  }

  /** Expected changes not covered yet. */
  get open(): number {
    return this.expected.reduce(
      (sum, own, watcher) => sum + own.filter(({ seq }) => firstCovering(this.arrivals[watcher]!, seq) === undefined).length,
      0,
    );
  }

  summary(): DeliverySummary {
    const latenciesMs: number[] = [];
    let lost = 0;
    let duplicate = 0;
    let outOfOrder = 0;
    this.expected.forEach((own, watcher) => {
      const arrivals = this.arrivals[watcher]!;
      for (const { seq, sentAt } of own) {
        const first = firstCovering(arrivals, seq);
        if (first) latenciesMs.push(first.at - sentAt);
        else lost++;
      }
      const flaws = placeFlaws(arrivals);
      duplicate += flaws.duplicate;
      outOfOrder += flaws.outOfOrder;
    });
    return { delivered: latenciesMs.length, lost, duplicate, outOfOrder, latenciesMs };
  }
}

const firstCovering = (arrivals: readonly Arrival[], seq: number): Arrival | undefined => arrivals.find(({ covers }) => covers >= seq);

function placeFlaws(arrivals: readonly Arrival[]): { duplicate: number; outOfOrder: number } {
  const seen = new Set<string>();
  const highest = new Map<string, number>();
  let duplicate = 0;
  let outOfOrder = 0;
  for (const { epoch, revision } of arrivals) {
    const place = `${epoch} ${revision}`;
    if (seen.has(place)) duplicate++;
    else if (revision < (highest.get(epoch) ?? 0)) outOfOrder++;
    seen.add(place);
    highest.set(epoch, Math.max(revision, highest.get(epoch) ?? 0));
  }
  return { duplicate, outOfOrder };
}
