import type { Clock, EpochMs } from './clock';

const TICK_MS = 250;

/**
 * Tells when the time of things is over, up to half a second late: one timer for all of them, and none while there are none.
 * Follows the clock that it is given: when that jumps ahead, everything whose time has come is told at once; when it jumps back,
 * things last longer by as much.
 */
export class ExpiryWheel<T> {
  private readonly slots = new Map<number, Set<T>>();
  private readonly slotOf = new Map<T, number>();
  private timer: NodeJS.Timeout | undefined;
  private turned: number;

  /** @param onExpired is called once for each thing, which is no longer in the wheel then. */
  constructor(
    private readonly clock: Clock,
    private readonly onExpired: (thing: T) => void,
  ) {
    this.turned = this.slotAt(clock.now());
  }

  get size(): number {
    return this.slotOf.size;
  }

  /** Sets the time of a thing, in place of the one that it had. A time that is over is told with the next tick. */
  set(thing: T, expiresAt: EpochMs): void {
    this.delete(thing);
    if (this.size === 0) this.turned = this.slotAt(this.clock.now());
    const slot = Math.max(this.turned + 1, Math.ceil(expiresAt / TICK_MS)); // not before its time
    const things = this.slots.get(slot);
    if (things) things.add(thing);
    else this.slots.set(slot, new Set([thing]));
    this.slotOf.set(thing, slot);
    this.timer ??= setInterval(() => this.turn(), TICK_MS).unref();
  }

  delete(thing: T): void {
    const slot = this.slotOf.get(thing);
    if (slot === undefined) return;
    this.slotOf.delete(thing);
    const things = this.slots.get(slot)!;
    things.delete(thing);
    if (things.size === 0) this.slots.delete(slot);
    if (this.size === 0) this.stop();
  }

  /** Tells of everything whose time is over. Called by the timer. */
  turn(): void {
    const now = this.slotAt(this.clock.now());
    const passed = now - this.turned;
    const due = passed > this.slots.size ? [...this.slots.keys()].filter((slot) => slot <= now) : slotsBetween(this.turned, now);
    this.turned = now; // also when it is earlier than before: what is set from now on is measured by the new time
    for (const slot of due) {
      for (const thing of this.slots.get(slot) ?? []) {
        this.delete(thing);
        this.onExpired(thing);
      }
    }
  }

  /** Ends the telling; things stay as they are. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private slotAt(time: EpochMs): number {
    return Math.floor(time / TICK_MS);
  }
}

/** `after` < slot ≤ `upTo` */
const slotsBetween = (after: number, upTo: number): number[] =>
  upTo <= after ? [] : Array.from({ length: upTo - after }, (_, n) => after + 1 + n);
