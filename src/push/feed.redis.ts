import { setTimeout as after } from 'node:timers/promises';
import type { Channels } from '../platform/channels';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { standsAt, toUtf8 } from '../platform/utf8';
import { AnnouncedList, AnnouncedLists } from './announced-list';
import type { Feed, ListKey, Lists } from './ports';
import { readListBody } from './is-list-body';
import { decodeAnnouncement } from './prepared-texts';
import type { Position, RecommendationList } from './recommendation-list';

type Deliver = (list: RecommendationList, isStored: boolean) => boolean;

export interface RedisFeedOptions {
  /** Shared with others; stay open. */
  readonly channels: Channels;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  /** For reading again what a broken connection may have missed, and where what was announced does not do. */
  readonly lists: Lists;
  /** Runs for each list that is read because what was announced does not do. */
  readonly onReadWhole?: () => void;
  readonly log: Log;
}

interface Listened {
  readonly key: ListKey;
  /** Of what was announced last. */
  epoch: string;
  /** Mostly one. */
  deliver: readonly Deliver[];
  /** How many lists were announced. */
  heard: number;
  /** Of those, lists that did not do as they were announced, since one was read last. */
  unread: number;
}

const LINE_END = 10;
const ZERO = 0x30;
/** Of reading a list that is announced anew each time. */
const MOST_TRIES = 3;
/** Of reading one whose epoch is not the one that was announced: longer than a connection takes to find the server that has taken over. */
const MOST_TRIES_OF_EPOCH = 20;
const TRY_EPOCH_AGAIN_MS = 500;
const NOBODY: ReadonlyMap<string, Listened> = new Map();

/**
 * Lists as they are announced, by a fixed set of channels (one a shard, not one a user): a watcher that comes or goes
 * costs Redis nothing and can leave nothing behind. After a broken connection the listened-to lists that it concerns are read again.
 */
export class RedisFeed implements Feed {
  /** By tenant, then by user and surface as they stand in an announcement. */
  private readonly listeners = new Map<string, Map<string, Listened>>();
  private readonly listenersOfChannel = new Map<string, ReadonlyMap<string, Listened>>();
  private readonly announced = new AnnouncedLists();
  private connected: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: RedisFeedOptions) {
    const { channels, keys, tenants } = options;
    for (const tenant of tenants) {
      const own = new Map<string, Listened>();
      this.listeners.set(tenant, own);
      for (let shard = 0; shard < keys.shards; shard++) this.listenersOfChannel.set(keys.feed(tenant, shard), own);
    }
    channels.onGap((missed) => void this.recover(missed));
  }

  /** Subscribes. Resolves when nothing that is announced from now on can be missed. */
  async open(): Promise<void> {
    this.connected = this.options.channels.subscribe(this.listenersOfChannel.keys(), (message, channel) => this.receive(channel, message));
    await this.connected;
  }

  /** How many of the connections that lists come by are up. */
  get connection(): 'all' | 'some' | 'none' {
    return this.options.channels.connection;
  }

  /** Number of listeners, for tests of what is left behind. */
  get listenerCount(): number {
    let count = 0;
    for (const { deliver } of this.listened()) count += deliver.length;
    return count;
  }

  async listen(key: ListKey, deliver: Deliver): Promise<() => Promise<void>> {
    await this.connected;
    const own = this.listeners.get(key.tenant);
    if (!own) throw new Error(`nothing is announced for ${key.tenant}`);
    const name = nameOf(key);
    let entry = own.get(name);
    if (!entry) own.set(name, (entry = { key, epoch: '', deliver: [], heard: 0, unread: 0 }));
    const held = entry;
    held.deliver = [...held.deliver, deliver];
    return () => {
      held.deliver = held.deliver.filter((other) => other !== deliver);
      if (held.deliver.length === 0 && own.get(name) === held) own.delete(name);
      return Promise.resolve();
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const own of this.listeners.values()) own.clear();
    return Promise.resolve();
  }

  /**
   * Reads the four lines before a list: user, surface, epoch, revision. Nobody here watches most of what is announced: of that no more is read
   * than whose it is.
   */
  private receive(channel: string, message: Buffer): void {
    const nameEnd = endOfLine(message, endOfLine(message, 0) + 1);
    const entry = (this.listenersOfChannel.get(channel) ?? NOBODY).get(message.toString('latin1', 0, nameEnd));
    if (!entry) return;
    entry.heard++;
    const epochEnd = endOfLine(message, nameEnd + 1);
    const epochAt = nameEnd + 1;
    const isSame = epochEnd - epochAt === entry.epoch.length && standsAt(message, epochAt, entry.epoch);
    if (!isSame) entry.epoch = message.toString('utf8', epochAt, epochEnd);
    const { epoch } = entry;
    let at = epochEnd + 1;
    let revision = 0;
    for (; at < message.length && message[at] !== LINE_END; at++) revision = revision * 10 + message[at]! - ZERO;
    try {
      const list = this.read(entry.key, { epoch, revision }, message.subarray(at + 1));
      if (list instanceof AnnouncedList) list.shared = entry.deliver.length > 1;
      if (!this.deliver(entry.deliver, list, false)) void this.readWhole(entry);
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'an announcement could not be read');
    }
  }

  private read(key: ListKey, position: Position, message: Buffer): RecommendationList {
    const { prepared, body } = decodeAnnouncement(message);
    if (prepared) return this.announced.readPrepared(key, position, prepared, body);
    return this.announced.read(key, position, body) ?? Object.assign(readListBody(body.toString()), position);
  }

  private *listened(): Iterable<Listened> {
    for (const own of this.listeners.values()) yield* own.values();
  }

  /** Whether all could take it. One that fails keeps it from nobody else. */
  private deliver(to: readonly Deliver[], list: RecommendationList, isStored: boolean): boolean {
    let taken = true;
    for (const deliver of to) {
      try {
        if (!deliver(list, isStored)) taken = false;
      } catch (error) {
        this.options.log.error({ err: error }, 'a list could not be delivered');
      }
    }
    return taken;
  }

  /**
   * Reads a list that does not do as it was announced: one read at a time, and another if one more was announced meanwhile. Where the store knows
   * nothing of what was announced, one of the two is of a server that has been replaced: read again for a while, until the other connection is at the new one.
   */
  private async readWhole(listened: Listened): Promise<void> {
    if (listened.unread++ > 0) return;
    let tries = 0;
    while (listened.unread > 0) {
      const asked = listened.unread;
      this.options.onReadWhole?.();
      const epoch = await this.untilReadAgain(listened);
      tries++;
      if (epoch === listened.epoch || tries === MOST_TRIES_OF_EPOCH || this.isPointless(listened)) {
        listened.unread -= asked;
        tries = 0;
      } else {
        await after(TRY_EPOCH_AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  /**
   * Reads what may have been announced while a connection was broken. It is read over another connection, which may come back later than
   * this one: hence again and again, until it is.
   */
  private async recover(missed: ReadonlySet<string>): Promise<void> {
    const { keys } = this.options;
    const concerned = [...this.listened()].filter(({ key }) => missed.has(keys.feed(key.tenant, keys.shardOf(key))));
    await Promise.all(concerned.map((listened) => this.untilReadAgain(listened)));
  }

  /** @returns the epoch that the list has in the store. */
  private async untilReadAgain(listened: Listened): Promise<string | undefined> {
    let epoch: string | undefined;
    await keepTrying(async () => (epoch = await this.readAgain(listened)), {
      until: () => this.isPointless(listened),
      onFailure: (error) => this.options.log.debug({ err: error }, 'a watched list could not be read again yet'),
    });
    return epoch;
  }

  private isPointless(listened: Listened): boolean {
    return this.closed || listened.deliver.length === 0;
  }

  /** What is announced while the answer is on its way may be newer than that: then it is asked again. */
  private async readAgain(listened: Listened): Promise<string | undefined> {
    for (let tries = 1; ; tries++) {
      const { heard } = listened;
      const { list } = await this.options.lists.read(listened.key);
      if (listened.heard !== heard && tries < MOST_TRIES) continue;
      if (list) this.deliver(listened.deliver, list, true);
      return list?.epoch;
    }
  }
}

/** In UTF-8, as it is announced. */
const nameOf = ({ userId, surface }: ListKey): string => toUtf8(`${userId}\n${surface}`);

/** The place of the next line's end, or that after the last byte. A few bytes: looking at them costs less than asking `indexOf`. */
function endOfLine(message: Buffer, from: number): number {
  let at = from;
  while (at < message.length && message[at] !== LINE_END) at++;
  return at;
}
