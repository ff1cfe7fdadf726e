/** Most parts that a period is cut into, and the shortest that one may be. */
const MOST_PARTS = 100;
const SHORTEST_PART_MS = 100;
/** At most so great a share (one in so many) of a period's parts are visited together. */
const MOST_SHARE = 8;

interface EvenRoundsOptions {
  /** Into how many parts a period is cut at most. @default 100 */
  readonly mostParts?: number;
  /**
   * Things of the next parts, of an eighth of the period at most, are visited with those of the present one until there are so many: to wake
   * costs more than to visit one. @default 0
   */
  readonly leastAtOnce?: number;
}

/**
 * Visits each of a changing set of things once in every period, in small groups spread evenly over it: a thousand things visited at once
 * would hold up everything else for as long as that takes. One timer for all, none while there is nothing. A new thing is first visited within
 * one period, or, where parts are visited together, within nine eighths of one.
 */
export class EvenRounds<T> {
  private readonly groups: readonly Set<T>[];
  private readonly groupOf = new Map<T, Set<T>>();
  private readonly partMs: number;
  private timer: NodeJS.Timeout | undefined;
  private readonly leastAtOnce: number;
  private joined = 0;
  private turn = 0;
  /** The first turn whose group was not yet visited. */
  private ahead = 0;

  /** @param visit is given one group at a time, never an empty one. */
  constructor(
    periodMs: number,
    private readonly visit: (group: ReadonlySet<T>) => void,
    { mostParts = MOST_PARTS, leastAtOnce = 0 }: EvenRoundsOptions = {},
  ) {
    this.leastAtOnce = leastAtOnce;
    const parts = Math.min(mostParts, Math.max(1, Math.floor(periodMs / SHORTEST_PART_MS)));
    this.groups = Array.from({ length: parts }, () => new Set());
    this.partMs = periodMs / parts;
  }

  get size(): number {
    return this.groupOf.size;
  }

  add(thing: T): void {
    if (this.groupOf.has(thing)) return;
    const group = this.groups[this.joined++ % this.groups.length]!;
    group.add(thing);
    this.groupOf.set(thing, group);
    this.timer ??= setInterval(() => this.visitNext(), this.partMs).unref();
  }

  delete(thing: T): void {
    this.groupOf.get(thing)?.delete(thing);
    if (this.groupOf.delete(thing) && this.size === 0) this.stop();
  }

  /** Ends the visits, until something is added. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private visitNext(): void {
    const { groups, turn } = this;
    this.turn++;
    if (turn < this.ahead) return;
    const group = new Set(groups[turn % groups.length]);
    for (this.ahead = turn + 1; this.ahead - turn < groups.length / MOST_SHARE && group.size < this.leastAtOnce; this.ahead++) {
      for (const thing of groups[this.ahead % groups.length]!) group.add(thing);
    }
    if (group.size > 0) this.visit(group);
  }
}
