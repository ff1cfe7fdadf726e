import { setPriority } from 'node:os';
import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises';
import { seededRandom, type Random } from '../../src/platform/random';
import { obeyCommands } from './obey-commands';
import { round } from './quantiles';
import { ResumingWatcher } from './resuming-watcher';
import { watchersCommand, type WatchersCommand, type WatchersReply } from './storm-messages';

/*
 * A part of the watchers of bench:storm. It stands for thousands of devices that have CPUs of their own, so it has a lower priority than what
 * is measured.
 */

const NICE = 10;
/** How many connect in one turn of the loop. */
const AT_ONCE = 50;
const OPEN_WITHIN_MS = 300_000;
/** A watcher that could not come back tries again after half of this up to all of it. */
const RETRY_MS = 1000;

type Open = Extract<WatchersCommand, { do: 'open' }>;
type Cut = Extract<WatchersCommand, { do: 'cut' }>;

class StormWatchers {
  private readonly watchers: ResumingWatcher[];
  private readonly random: Random;
  private arrived = 0;
  private latenciesMs: number[] = [];
  private retries: Record<string, number> = {};
  /** What to do with each first list of a connection. */
  private onFirst: (watcher: number) => void = () => undefined;

  constructor({ url, userIds, addresses, beganAtMs, seed }: Open) {
    this.random = seededRandom(seed);
    const began = beganAtMs - performance.timeOrigin;
    this.watchers = userIds.map((userId, k) => {
      const watcher: ResumingWatcher = new ResumingWatcher({
        ...{ url, userId, localAddress: addresses[k % addresses.length]! },
        onList: (covers, at) => {
          this.arrived++;
          if (watcher.arrivedSinceConnect > 1) this.latenciesMs.push(round(at - began - covers / 10));
          this.onFirst(k);
        },
        onBroken: (why) => this.retry(watcher, why),
      });
      return watcher;
    });
  }

  /** Opens them a few at a time, and waits until each has its first list. */
  async open(): Promise<void> {
    const deadline = performance.now() + OPEN_WITHIN_MS;
    for (let from = 0; from < this.watchers.length; from += AT_ONCE) {
      const group = this.watchers.slice(from, from + AT_ONCE);
      for (const watcher of group) watcher.connect();
      while (group.some(({ arrivedSinceConnect }) => arrivedSinceConnect === 0)) {
        if (performance.now() > deadline) throw new Error(`the watchers could not be opened: ${JSON.stringify(this.retries)}`);
        await after(5);
      }
    }
  }

  /** @returns after how many ms each one that came back in time had its list. */
  async cut({ newest, withinMs }: Cut): Promise<number[]> {
    const cutAt = performance.now();
    const backAfterMs = new Map<number, number>();
    this.onFirst = (k) => {
      if (!backAfterMs.has(k) && this.watchers[k]!.newest >= newest[k]!) backAfterMs.set(k, round(performance.now() - cutAt));
    };
    for (const watcher of this.watchers) watcher.cut();
    for (let from = 0; from < this.watchers.length; from += AT_ONCE) {
      for (const watcher of this.watchers.slice(from, from + AT_ONCE)) watcher.connect();
      await nextTurn();
    }
    while (backAfterMs.size < this.watchers.length && performance.now() - cutAt < withinMs) await after(20);
    this.onFirst = () => undefined;
    return [...backAfterMs.values()];
  }

  reset(): void {
    this.arrived = 0;
    this.latenciesMs = [];
    this.retries = {};
  }

  get newest(): number[] {
    return this.watchers.map(({ newest }) => newest);
  }

  report(): WatchersReply {
    const { watchers, arrived, latenciesMs, retries } = this;
    const sum = (name: 'duplicate' | 'outOfOrder'): number => watchers.reduce((total, watcher) => total + watcher[name], 0);
    const counts = { arrived, duplicate: sum('duplicate'), outOfOrder: sum('outOfOrder'), retries };
    return { counts, latenciesMs };
  }

  private retry(watcher: ResumingWatcher, why: string): void {
    this.retries[why] = (this.retries[why] ?? 0) + 1;
    setTimeout(() => watcher.connect(), RETRY_MS * (0.5 + this.random() / 2));
  }
}

let watchers: StormWatchers;

async function obey(command: WatchersCommand): Promise<WatchersReply> {
  switch (command.do) {
    case 'open':
      setPriority(NICE);
      watchers = new StormWatchers(command);
      await watchers.open();
      return {};
    case 'cut':
      return { backAfterMs: await watchers.cut(command) };
    case 'reset':
      watchers.reset();
      return {};
    case 'newest':
      return { newest: watchers.newest };
    case 'report':
      return watchers.report();
  }
}

obeyCommands(watchersCommand, obey);
