import type { Redis } from 'ioredis';
import { keepTrying } from '../platform/keep-trying';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import type { Feed, ListKey, Lists } from './ports';
import { listBody, type RecommendationList } from './recommendation-list';

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
  readonly deliver: Set<Deliver>;
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
  private connected: Promise<unknown> = Promise.resolve();
  private lost = false;
  private closed = false;

  constructor(private readonly options: RedisFeedOptions) {
    const { subscriber, keys, tenants } = options;
    for (const tenant of tenants)
      for (let shard = 0; shard < keys.shards; shard++) this.tenantOfChannel.set(keys.feed(tenant, shard), tenant);
    subscriber.on('message', (channel: string, message: string) => this.receive(channel, message));
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
    for (const { deliver } of this.listeners.values()) count += deliver.size;
    return count;
  }

  async listen(key: ListKey, deliver: Deliver): Promise<() => Promise<void>> {
    await this.connected;
    const name = nameOf(key);
    let entry = this.listeners.get(name);
    if (!entry) this.listeners.set(name, (entry = { key, deliver: new Set() }));
    const held = entry;
    held.deliver.add(deliver);
    return () => {
      held.deliver.delete(deliver);
      if (held.deliver.size === 0 && this.listeners.get(name) === held) this.listeners.delete(name);
      return Promise.resolve();
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    this.options.subscriber.disconnect();
    return Promise.resolve();
  }

  private receive(channel: string, message: string): void {
    const tenant = this.tenantOfChannel.get(channel);
    const header = splitHeader(message);
    if (tenant === undefined || !header) return;
    const [userId, surface, epoch, revision, body] = header;
    const entry = this.listeners.get(nameOf({ tenant, userId, surface }));
    if (!entry) return;
    try {
      this.deliver(entry.deliver, { ...listBody.parse(JSON.parse(body)), epoch, revision: Number(revision) });
    } catch (error) {
      this.options.log.error({ err: error, channel }, 'an announcement could not be read');
    }
  }

  private deliver(to: ReadonlySet<Deliver>, list: RecommendationList): void {
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
          until: () => isPointless() || listened.deliver.size === 0,
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

function splitHeader(message: string): [string, string, string, string, string] | undefined {
  const parts: string[] = [];
  let from = 0;
  for (let line = 0; line < HEADER_LINES; line++) {
    const end = message.indexOf('\n', from);
    if (end === -1) return undefined;
    parts.push(message.slice(from, end));
    from = end + 1;
  }
  return [parts[0]!, parts[1]!, parts[2]!, parts[3]!, message.slice(from)];
}
