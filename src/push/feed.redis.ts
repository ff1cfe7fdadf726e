import type { Channels } from '../platform/channels';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { AnnouncedList, AnnouncedLists } from './announced-list';
import type { Feed, ListKey, Lists } from './ports';
import { readListBody } from './is-list-body';
import { decodeAnnouncement } from './prepared-texts';
import type { Position, RecommendationList } from './recommendation-list';

type Deliver = (list: RecommendationList) => void;

export interface RedisFeedOptions {
  /** Shared with others; stay open. */
  readonly channels: Channels;
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
 * costs Redis nothing and can leave nothing behind. After a broken connection the listened-to lists that it concerns are read again.
 */
export class RedisFeed implements Feed {
  private readonly listeners = new Map<string, Listened>();
  private readonly tenantOfChannel = new Map<string, string>();
  private readonly announced = new AnnouncedLists();
  private connected: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: RedisFeedOptions) {
    const { channels, keys, tenants } = options;
    for (const tenant of tenants)
      for (let shard = 0; shard < keys.shards; shard++) this.tenantOfChannel.set(keys.feed(tenant, shard), tenant);
    channels.onGap((missed) => void this.recover(missed));
  }

  /** Subscribes. Resolves when nothing that is announced from now on can be missed. */
  async open(): Promise<void> {
    this.connected = this.options.channels.subscribe(this.tenantOfChannel.keys(), (message, channel) => this.receive(channel, message));
    await this.connected;
  }

  /** How many of the connections that lists come by are up. */
  get connection(): 'all' | 'some' | 'none' {
    return this.options.channels.connection;
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
    try {
      const list = this.read(entry.key, { epoch, revision }, message.subarray(ends[3] + 1));
      if (list instanceof AnnouncedList) list.shared = entry.deliver.length > 1;
      this.deliver(entry.deliver, list);
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'an announcement could not be read');
    }
  }

  private read(key: ListKey, position: Position, message: Buffer): RecommendationList {
    const announcement = decodeAnnouncement(message);
    const { head, body } = announcement;
    if (head) return this.announced.readPrepared(key, position, { ...announcement, head });
    return this.announced.read(key, position, body) ?? Object.assign(readListBody(body.toString()), position);
  }

  private deliver(to: readonly Deliver[], list: RecommendationList): void {
    for (const deliver of to) deliver(list);
  }

  /**
   * Reads what may have been announced while a connection was broken. It is read over another connection, which may come back later than
   * this one: hence again and again, until it is.
   */
  private async recover(missed: ReadonlySet<string>): Promise<void> {
    const { keys, log } = this.options;
    const concerned = [...this.listeners.values()].filter(({ key }) => missed.has(keys.feed(key.tenant, keys.shardOf(key))));
    await Promise.all(
      concerned.map((listened) =>
        keepTrying(() => this.readAgain(listened), {
          until: () => this.closed || listened.deliver.length === 0,
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
