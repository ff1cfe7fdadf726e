import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { unavailability, type Item } from '../../src/catalogue/item';
import { decodeItem } from '../../src/catalogue/stored-item';
import { systemClock } from '../../src/platform/clock';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { connectForCommands, untilReady } from '../../src/platform/redis';
import { RedisLists } from '../../src/push/lists.redis';
import { Deliveries } from './deliveries';
import { openFloorWatchers } from './floor-watchers';
import { openLoop } from './open-loop';
import { forEachSide, pushCommand, type PushCommand, type PushReply, type Side, type SideResult } from './push-messages';
import { round, spreadOf } from './quantiles';
import { sampleList } from './sample-list';
import { SocketWatchers, type WatchedUpdate } from './socket-watchers';
import { PUSH_SHARDS, PUSH_TENANTS } from './push-tenants';

/*
 * The load of bench:push: writes lists straight into the store and receives them on both sides. The two sides have a tenant each, so that
 * neither gateway nor floor is sent what is meant for the other.
 */

const ARRIVED_WITHIN_MS = 10_000;
type Update = Pick<WatchedUpdate, 'appliedThrough' | 'epoch' | 'revision' | 'chars'>;
type Start = Extract<PushCommand, { do: 'start' }>;

/** The watchers of one side, the lists written for them and what came of those. */
class SideLoad {
  private userIds: readonly string[] = [];
  private deliveries = new Deliveries(0);
  private close: () => Promise<void> = async () => undefined;
  private written = 0;
  private chars = 0;
  private arrivals = 0;
  private pushed = 0;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly side: Side,
    private readonly lists: RedisLists,
    private readonly catalogue: readonly Item[],
    private readonly url: string,
  ) {}

  /** Every user has a list before its watcher comes, so that the first event is there at once. */
  async open(watchers: number): Promise<void> {
    this.userIds = Array.from({ length: watchers }, (_, k) => `user-${k + 1}`);
    this.deliveries = new Deliveries(watchers);
    for (const userId of this.userIds) await this.lists.replace(this.bodyFor(userId));
    const onUpdate = (watcher: number, at: number, update: Update): void => this.onUpdate(watcher, at, update);
    if (this.side === 'floor') {
      this.close = await openFloorWatchers(this.url, this.userIds, onUpdate);
      return;
    }
    const onError = (error: Error): never => {
      throw error;
    };
    const opened = await SocketWatchers.open({ url: this.url, userIds: this.userIds, onUpdate, onError });
    this.close = () => opened.close();
  }

  closeAll(): Promise<void> {
    return this.close();
  }

  async push(ratePerSecond: number, seconds: number, measured: boolean): Promise<void> {
    await openLoop({ ratePerSecond, seconds }, () => {
      const watcher = this.written % this.userIds.length;
      const body = this.bodyFor(this.userIds[watcher]!);
      if (measured) {
        this.pushed++;
        this.deliveries.expect(watcher, body.appliedThrough, performance.now());
      }
      const writing = this.lists.replace(body);
      this.inFlight.add(writing);
      void writing.finally(() => this.inFlight.delete(writing));
    });
    await Promise.all(this.inFlight);
    const deadline = performance.now() + ARRIVED_WITHIN_MS;
    while (this.deliveries.open > 0 && performance.now() < deadline) await after(20);
  }

  result(): SideResult {
    const { latenciesMs, ...counts } = this.deliveries.summary();
    return {
      pushed: this.pushed,
      ...counts,
      bytesPerPush: Math.round(this.chars / Math.max(1, this.arrivals)),
      latency: spreadOf(latenciesMs.map(round)),
    };
  }

  private bodyFor(userId: string): ReturnType<typeof sampleList> {
    return sampleList({ tenant: PUSH_TENANTS[this.side], userId, n: ++this.written, catalogue: this.catalogue, now: systemClock.now() });
  }

  private onUpdate(watcher: number, at: number, { appliedThrough, epoch, revision, chars }: Update): void {
    this.deliveries.arrived(watcher, { at, epoch, revision, covers: appliedThrough });
    this.chars += chars;
    this.arrivals++;
  }
}

class PushLoad {
  private constructor(private readonly sides: Readonly<Record<Side, SideLoad>>) {}

  static async start({ redisUrl, urls }: Start): Promise<PushLoad> {
    const redis = connectForCommands({ url: redisUrl, log: createLog('bench', 'warn'), name: 'beckon-bench' });
    await untilReady(redis);
    const keys = new Keys(PUSH_SHARDS);
    const lists = new RedisLists(redis, keys, randomUUID);
    const held = Object.values(await redis.hgetall(keys.items(PUSH_TENANTS.gateway))).map(decodeItem);
    const catalogue = held.filter((item) => unavailability(item, systemClock.now()) === undefined); // nothing is to be taken back
    const sideOf = (side: Side): SideLoad => new SideLoad(side, lists, catalogue, urls[side]);
    return new PushLoad(forEachSide(sideOf));
  }

  async obey(command: Exclude<PushCommand, Start>): Promise<Record<Side, SideResult> | undefined> {
    if (command.do === 'finish') return forEachSide((side) => this.sides[side].result());
    const side = this.sides[command.side];
    if (command.do === 'open') await side.open(command.watchers);
    else if (command.do === 'close') await side.closeAll();
    else await side.push(command.ratePerSecond, command.seconds, command.measured);
    return undefined;
  }
}

let load: PushLoad | undefined;

async function obey(command: PushCommand): Promise<PushReply> {
  if (command.do === 'start') load = await PushLoad.start(command);
  const results = command.do === 'start' ? undefined : await load!.obey(command);
  return { done: command.do, ...(results && { results }) };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (message: unknown) => {
  obey(pushCommand.parse(message)).then(
    (reply) => process.send!(reply),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
