import type { Redis } from 'ioredis';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { AnnouncedList, AnnouncedLists } from './announced-list';
import type { Feed, ListKey, Lists } from './ports';
import { readListBody } from './is-list-body';
import type { RecommendationList } from './recommendation-list';

type Deliver = (list: RecommendationList) => void;

export interface RedisFeedOptions {
  /** A connection of its own: it is in subscriber mode. Closed with the feed. */
  readonly subscriber: Redis;
  readonly keys: Keys;
  readonly tenants: readonly string[];
  /** For reading again what a broken connection may have missed. */
  readonly lists: Lists;
  readonly log: Log;
}

interface Listened {
  readonly key: ListKey;
  /** Mostly one. */
  deliver: readonly Deliver[];
}

/** The four header lines of an announcement: user, surface, epoch, revision. */
const HEADER_LINES = 4;

/**
 * Lists as they are announced, by a fixed set of channels (one a shard, not one a user): a watcher that comes or goes
 * costs Redis nothing and can leave nothing behind. After a broken connection every listened-to list is read again.
 */
export class RedisFeed implements Feed {
  private readonly listeners = new Map<string, Listened>();
  private readonly tenantOfChannel = new Map<string, string>();
  private readonly announced = new AnnouncedLists();
  private connected: Promise<unknown> = Promise.resolve();
  private lost = false;
  private closed = false;

  constructor(private readonly options: RedisFeedOptions) {
    const { subscriber, keys, tenants } = options;
    for (const tenant of tenants)
      for (let shard = 0; shard < keys.shards; shard++) this.tenantOfChannel.set(keys.feed(tenant, shard), tenant);
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => this.receive(channel.toString(), message));
    subscriber.on('close', () => (this.lost = true));
    subscriber.on('ready', () => void this.recover());
  }

  /** Subscribes. Resolves when nothing that is announced from now on can be missed. */
  async open(): Promise<void> {
    this.connected = this.options.subscriber.subscribe(...this.tenantOfChannel.keys());
    await this.connected;
  }

  get isConnected(): boolean {
    return this.options.subscriber.status === 'ready';
  }

  /** Number of listeners, for tests of what is left behind. */
  get listenerCount(): number {
    let count = 0;
    for (const { deliver } of this.listeners.values()) count += deliver.length;
    return count;
  }

  async listen(key: ListKey, deliver: Deliver): Promise<() => Promise<void>> {
    await this.connected;
    const name = nameOf(key);
    let entry = this.listeners.get(name);
    if (!entry) this.listeners.set(name, (entry = { key, deliver: [] }));
    const held = entry;
    held.deliver = [...held.deliver, deliver];
    return () => {
      held.deliver = held.deliver.filter((other) => other !== deliver);
      if (held.deliver.length === 0 && this.listeners.get(name) === held) this.listeners.delete(name);
      return Promise.resolve();
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    this.options.subscriber.disconnect();
    return Promise.resolve();
  }

  private receive(channel: string, message: Buffer): void {
    const tenant = this.tenantOfChannel.get(channel);
    const ends = headerEnds(message);
    if (tenant === undefined || !ends) return;
    // Nobody here watches most announcements: of those no more is decoded than whose they are.
    const entry = this.listeners.get(`${tenant}\n${message.toString('utf8', 0, ends[1])}`);
    if (!entry) return;
    const epoch = message.toString('utf8', ends[1] + 1, ends[2]);
    const revision = Number(message.toString('latin1', ends[2] + 1, ends[3]));
    const body = message.subarray(ends[3] + 1);
    try {
      const list =
        this.announced.read(entry.key, { epoch, revision }, body) ?? Object.assign(readListBody(body.toString()), { epoch, revision });
      if (list instanceof AnnouncedList) list.shared = entry.deliver.length > 1;
      this.deliver(entry.deliver, list);
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'an announcement could not be read');
    }
  }

  private deliver(to: readonly Deliver[], list: RecommendationList): void {
    for (const deliver of to) deliver(list);
  }

  /**
   * Reads what was announced while the connection was broken. ioredis subscribes again by itself, but `ready` fires before
   * the server has confirmed that; subscribing once more (a no-op) waits for it, so that nothing falls between. The lists
   * are read over another connection, which may come back later than this one: hence again and again, until it is.
   */
  private async recover(): Promise<void> {
    if (!this.lost) return;
    this.lost = false;
    const { log, subscriber } = this.options;
    const isPointless = (): boolean => this.lost || this.closed; // lost once more: the next `ready` begins anew
    await keepTrying(() => subscriber.subscribe(...this.tenantOfChannel.keys()), {
      until: isPointless,
      onFailure: (error) => log.warn({ err: error }, 'the feed could not be subscribed again'),
    });
    await Promise.all(
      [...this.listeners.values()].map((listened) =>
        keepTrying(() => this.readAgain(listened), {
          until: () => isPointless() || listened.deliver.length === 0,
          onFailure: (error) => log.debug({ err: error }, 'a watched list could not be read again yet'),
        }),
      ),
    );
  }

  private async readAgain({ key, deliver }: Listened): Promise<void> {
    const { list } = await this.options.lists.read(key);
    if (list) this.deliver(deliver, list);
  }
}

const nameOf = ({ tenant, userId, surface }: ListKey): string => `${tenant}\n${userId}\n${surface}`;

/** Where each line of the header ends; undefined for what has no header. */
function headerEnds(message: Buffer): readonly [number, number, number, number] | undefined {
  const ends: number[] = [];
  for (let line = 0, from = 0; line < HEADER_LINES; line++) {
    const end = message.indexOf(10, from);
    if (end === -1) return undefined;
    ends.push(end);
    from = end + 1;
  }
  return [ends[0]!, ends[1]!, ends[2]!, ends[3]!];
}
