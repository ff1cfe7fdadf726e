import { setTimeout as after } from 'node:timers/promises';
import { encodePrepared, type PreparedList } from '../../src/push/prepared-texts';
import type { ListBody, Position } from '../../src/push/recommendation-list';
import { openLoop } from './open-loop';
import type { DirectResult } from './push-messages';
import { round, spreadOf } from './quantiles';

interface DirectOptions {
  readonly bodies: readonly ListBody[];
  /** Where the stored list of each watcher is. */
  readonly places: readonly Position[];
  /** What is announced before the JSON of a list, or in place of it. */
  readonly prepare: (body: ListBody) => PreparedList;
  /** Announces a list to a watcher, as Redis would. */
  readonly publish: (watcher: number, parts: readonly Buffer[]) => void;
}

/** Lists that a flood has on their way at a time, one for each of so many watchers. */
const WINDOW = 500;
const ARRIVED_WITHIN_MS = 10_000;

/**
 * Lists announced without being stored, so that the server that pushes them is what is measured and not the store. They have the epochs of the
 * stored ones, and the revisions after those: what the store knows nothing of would be looked up in it.
 */
export class DirectLists {
  private readonly texts: readonly { readonly head: Buffer; readonly body: Buffer }[];
  /** When the revisions that did not arrive yet were announced, oldest first. */
  private readonly open: { revision: number; at: number }[][];
  private readonly sent: number[];
  private readonly latenciesMs: number[] = [];
  private readonly seen: number[];
  private duplicate = 0;
  private outOfOrder = 0;
  private onArrival: ((watcher: number) => void) | undefined;

  constructor(private readonly options: DirectOptions) {
    const { bodies, places, prepare } = options;
    this.texts = bodies.map((body, watcher) => {
      const { texts, suffices } = prepare(body);
      const json = suffices ? '' : JSON.stringify(body);
      return {
        head: Buffer.from(`${body.userId}\n${body.surface}\n${places[watcher]!.epoch}\n`),
        body: Buffer.concat([Buffer.from('\n'), encodePrepared(body, texts), Buffer.from(json)]),
      };
    });
    this.open = bodies.map(() => []);
    this.sent = places.map(({ revision }) => revision);
    this.seen = places.map(({ revision }) => revision);
  }

  /** Whether a list is one of these. */
  has(watcher: number, { epoch, revision }: Position): boolean {
    const place = this.options.places[watcher]!;
    return place.epoch === epoch && place.revision < revision;
  }

  /** The newest revision of a watcher's list. */
  newest(watcher: number): number {
    return this.sent[watcher]!;
  }

  /** As many as the server passes on: each watcher is sent the next list when the one before has come. */
  async flood(seconds: number): Promise<DirectResult> {
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1000;
    let arrived = 0;
    this.onArrival = (watcher) => {
      if (performance.now() >= endsAt) return;
      arrived++;
      this.send(watcher);
    };
    for (let watcher = 0; watcher < Math.min(WINDOW, this.sent.length); watcher++) this.send(watcher);
    await after(seconds * 1000);
    this.onArrival = undefined;
    return this.finish(arrived / seconds);
  }

  /** At a steady rate to the watchers of a range, in turn. */
  async steady(range: readonly [from: number, to: number], ratePerSecond: number, seconds: number): Promise<DirectResult> {
    const [from, to] = range;
    let turn = 0;
    await openLoop({ ratePerSecond, seconds }, () => this.send(from + (turn++ % (to - from))));
    return this.finish(ratePerSecond, range);
  }

  arrived(watcher: number, at: number, revision: number): void {
    const open = this.open[watcher]!;
    if (revision <= this.seen[watcher]!) {
      if (revision === this.seen[watcher]) this.duplicate++;
      else this.outOfOrder++;
      return;
    }
    this.seen[watcher] = revision;
    while (open.length > 0 && open[0]!.revision <= revision) this.latenciesMs.push(at - open.shift()!.at);
    this.onArrival?.(watcher);
  }

  /** The next list of a watcher. */
  send(watcher: number): void {
    const revision = ++this.sent[watcher]!;
    const { head, body } = this.texts[watcher]!;
    this.open[watcher]!.push({ revision, at: performance.now() });
    this.options.publish(watcher, [head, Buffer.from(String(revision)), body]);
  }

  private async finish(perSecond: number, [from, to]: readonly [number, number] = [0, this.sent.length]): Promise<DirectResult> {
    const waiting = (): number => this.open.slice(from, to).reduce((sum, own) => sum + own.length, 0);
    const deadline = performance.now() + ARRIVED_WITHIN_MS;
    while (waiting() > 0 && performance.now() < deadline) await after(10);
    const { duplicate, outOfOrder, latenciesMs } = this;
    const pushed = this.sent.slice(from, to).reduce((sum, own, k) => sum + own - this.options.places[from + k]!.revision, 0);
    return { perSecond, pushed, lost: waiting(), duplicate, outOfOrder, latency: spreadOf(latenciesMs.map(round)) };
  }
}
