import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { unavailability, type Item } from '../../src/catalogue/item';
import { decodeItem } from '../../src/catalogue/stored-item';
import { systemClock } from '../../src/platform/clock';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { connectForCommands, untilReady } from '../../src/platform/redis';
import { RedisLists } from '../../src/push/lists.redis';
import { placeOf, type Position } from '../../src/push/recommendation-list';
import { Deliveries } from './deliveries';
import { DirectLists } from './direct-lists';
import { openFloorWatchers, type OpenWatchers } from './floor-watchers';
import { obeyCommands } from './obey-commands';
import { openLoop } from './open-loop';
import { RawPublisher } from './raw-publisher';
import { forEachSide, pushCommand, type DirectResult, type PushCommand, type PushReply, type Side, type SideResult } from './push-messages';
import { round, spreadOf } from './quantiles';
import { Preparing } from './preparing';
import { sampleList } from './sample-list';
import { writeList } from './write-list';
import { SocketWatchers, type WatchedUpdate } from './socket-watchers';
import { PUSH_SHARDS, PUSH_TENANTS } from './push-tenants';

/*
 * The load of bench:push: writes lists straight into the store and receives them on both sides. The two sides have a tenant each, so that
 * neither gateway nor floor is sent what is meant for the other.
 */

const ARRIVED_WITHIN_MS = 10_000;
/** A server has read by then what was announced last. */
const READ_WITHIN_MS = 500;
type Update = Pick<WatchedUpdate, 'appliedThrough' | 'epoch' | 'revision' | 'chars'>;
type Start = Extract<PushCommand, { do: 'start' }>;

type Store = Parameters<typeof writeList>[0];

/** The watchers of one side, the lists written for them and what came of those. */
class SideLoad {
  private userIds: readonly string[] = [];
  private deliveries = new Deliveries(0);
  private opened: OpenWatchers | undefined;
  private direct: DirectLists | undefined;
  private written = 0;
  private chars = 0;
  private arrivals = 0;
  private pushed = 0;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly side: Side,
    private readonly store: Store,
    private readonly catalogue: readonly Item[],
    private readonly url: string,
    private readonly publisher: RawPublisher,
    private readonly preparing: Preparing,
  ) {}

  /** Every user has a list before its watcher comes, so that the first event is there at once. */
  async open(watchers: number): Promise<void> {
    this.userIds = Array.from({ length: watchers }, (_, k) => `user-${k + 1}`);
    this.deliveries = new Deliveries(watchers);
    for (const userId of this.userIds) await writeList(this.store, this.bodyFor(userId));
    const onUpdate = (watcher: number, at: number, update: Update): void => this.onUpdate(watcher, at, update);
    if (this.side === 'floor') {
      this.opened = await openFloorWatchers(this.url, this.userIds, onUpdate);
      return;
    }
    const onError = (error: Error): never => {
      throw error;
    };
    this.opened = await SocketWatchers.open({ url: this.url, userIds: this.userIds, onUpdate, onError });
    if (this.side === 'gateway') await this.preparing.untilAsked(PUSH_TENANTS.gateway);
  }

  async closeAll(): Promise<void> {
    await this.opened?.close();
  }

  stall(count: number): void {
    this.opened!.stall(count);
  }

  resume(): Promise<Readonly<Record<string, number>>> {
    return this.opened!.resume();
  }

  flood(seconds: number): Promise<DirectResult> {
    return this.announcing((lists) => lists.flood(seconds));
  }

  announce(ratePerSecond: number, seconds: number): Promise<DirectResult> {
    return this.announcing((lists) => lists.steady([0, this.userIds.length], ratePerSecond, seconds));
  }

  async announceUnwatched(ratePerSecond: number, seconds: number): Promise<void> {
    const userIds = this.userIds.map((userId) => `unwatched-${userId}`);
    const lists = this.directLists(
      userIds,
      userIds.map(() => ({ epoch: 'nobody', revision: 0 })),
    );
    let turn = 0;
    await openLoop({ ratePerSecond, seconds }, () => lists.send(turn++ % this.userIds.length));
    await after(READ_WITHIN_MS);
  }

  announceBeside(first: number, ratePerSecond: number, besidePerSecond: number, seconds: number): Promise<DirectResult> {
    return this.announcing(async (lists) => {
      const end = this.userIds.length;
      let turn = 0;
      const [measured] = await Promise.all([
        lists.steady([first, end], ratePerSecond, seconds),
        openLoop({ ratePerSecond: besidePerSecond, seconds }, () => lists.send(turn++ % first)),
      ]);
      return measured;
    });
  }

  /** Announces to the watchers, and then tells the store how far that went: what is stored later is newer. */
  private async announcing(work: (lists: DirectLists) => Promise<DirectResult>): Promise<DirectResult> {
    const { redis, keys, lists } = this.store;
    const tenant = PUSH_TENANTS[this.side];
    const places = await Promise.all(this.userIds.map(async (userId) => (await lists.read({ tenant, userId, surface: 'home' })).list!));
    const direct = this.directLists(this.userIds, places.map(placeOf));
    this.direct = direct;
    const result = await work(direct);
    this.direct = undefined; // what is stored from now on stands after them
    await Promise.all(this.userIds.map((userId, k) => redis.hset(keys.list({ tenant, userId }, 'home'), 'revision', direct.newest(k))));
    return result;
  }

  /** What was made before, here too, is no part of what is measured: that this process collects it would be. */
  private directLists(userIds: readonly string[], places: readonly Position[]): DirectLists {
    const { keys } = this.store;
    const tenant = PUSH_TENANTS[this.side];
    const channels = userIds.map((userId) => keys.feed(tenant, keys.shardOf({ tenant, userId })));
    const lists = new DirectLists({
      bodies: userIds.map((userId) => this.bodyFor(userId)),
      places,
      prepare: (body) => this.preparing.prepare(body),
      publish: (watcher, parts) => this.publisher.publish(channels[watcher]!, parts),
    });
    global.gc!();
    return lists;
  }

  async push(ratePerSecond: number, seconds: number, measured: boolean): Promise<void> {
    await openLoop({ ratePerSecond, seconds }, () => {
      const watcher = this.written % this.userIds.length;
      const body = this.bodyFor(this.userIds[watcher]!);
      if (measured) {
        this.pushed++;
        this.deliveries.expect(watcher, body.appliedThrough, performance.now());
      }
      const writing = writeList(this.store, body, this.preparing.prepare(body));
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
    if (this.direct?.has(watcher, { epoch, revision })) return this.direct.arrived(watcher, at, revision);
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
    const publisher = await RawPublisher.open(redisUrl);
    const preparing = await Preparing.open({ redis, keys, items: new Map(catalogue.map((item) => [item.id, item])) });
    const sideOf = (side: Side): SideLoad => new SideLoad(side, { redis, keys, lists }, catalogue, urls[side], publisher, preparing);
    return new PushLoad(forEachSide(sideOf));
  }

  async obey(command: Exclude<PushCommand, Start>): Promise<Omit<PushReply, 'done'>> {
    if (command.do === 'finish') return { results: forEachSide((side) => this.sides[side].result()) };
    const side = this.sides[command.side];
    switch (command.do) {
      case 'open':
        await side.open(command.watchers);
        return {};
      case 'close':
        await side.closeAll();
        return {};
      case 'push':
        await side.push(command.ratePerSecond, command.seconds, command.measured);
        return {};
      case 'flood':
        return { direct: await side.flood(command.seconds) };
      case 'announce':
        return { direct: await side.announce(command.ratePerSecond, command.seconds) };
      case 'announce-unwatched':
        await side.announceUnwatched(command.ratePerSecond, command.seconds);
        return {};
      case 'announce-beside':
        return { direct: await side.announceBeside(command.first, command.ratePerSecond, command.besidePerSecond, command.seconds) };
      case 'stall':
        side.stall(command.watchers);
        return {};
      case 'resume':
        return { closed: await side.resume() };
    }
  }
}

let load: PushLoad | undefined;

async function obey(command: PushCommand): Promise<PushReply> {
  if (command.do === 'start') load = await PushLoad.start(command);
  return { done: command.do, ...(command.do === 'start' ? {} : await load!.obey(command)) };
}

obeyCommands(pushCommand, obey);
