import { Queue } from 'bullmq';
import type { Channels } from '../platform/channels';
import { publish, type RedisConnection } from '../platform/redis-connection';
import type { Histogram } from 'prom-client';
import type { Clock, EpochMs } from '../platform/clock';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import { CANARY, type CanaryJob } from './canary-job';
import { queuePrefix, recomputeQueueName } from './recompute-job';

/** `feed`: store → subscription of this process. `queue`: queue → worker → store → that subscription. */
export type CanaryPath = 'feed' | 'queue';

export interface CanaryOptions {
  /** For commands: fails fast while Redis is away. */
  readonly redis: RedisConnection;
  /** What lists are announced on: what is not heard there, nobody is pushed. Stay open. */
  readonly channels: Channels;
  readonly keys: Keys;
  readonly queueShards: number;
  /** Unique to this process. */
  readonly name: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly everyMs: number;
  /** A path that nothing has come back on for so long is broken. */
  readonly deadlineMs: number;
}

export interface CanaryReport {
  readonly feed: 'ok' | 'broken';
  readonly queue: 'ok' | 'broken';
  /** Whether it comes back on another process, or came back here within the deadline. */
  readonly passesSomewhere: boolean;
}

/**
 * Sends a canary along the whole way of a push every few seconds: into the queue, through a worker, and back by the subscription that
 * lists come by; a second one by the subscription alone tells which half is broken. It goes in front of what waits in the queue, so
 * that it measures the way and not the backlog, which has a metric of its own.
 */
export class Canary {
  private readonly queues: readonly Queue[];
  private readonly ms: Histogram<'path'>;
  private readonly cameBack: Record<CanaryPath, EpochMs>;
  private timer: NodeJS.Timeout | undefined;
  private beats = 0;
  private reconnectedAt: EpochMs;

  constructor(private readonly options: CanaryOptions) {
    const { redis, queueShards, clock, metrics } = options;
    this.queues = Array.from({ length: queueShards }, (_, shard) => {
      const name = recomputeQueueName(shard);
      const queue = new Queue(name, { connection: redis, prefix: queuePrefix(name), skipWaitingForReady: true });
      queue.on('error', () => undefined); // the connection logs its own state
      return queue;
    });
    const now = clock.now();
    this.cameBack = { feed: now, queue: now };
    this.reconnectedAt = now;
    this.ms = metrics.stage('beckon_canary_ms', 'Time that a canary took along a path, in ms', ['path']);
    metrics.observed('beckon_canary_feed_age_ms', 'Time since a canary came back by the feed, in ms', () => this.ageMs('feed'));
    metrics.observed('beckon_canary_queue_age_ms', 'Time since a canary came back from the queue, in ms', () => this.ageMs('queue'));
  }

  /** Resolves when the first canaries can come back. */
  async open(): Promise<void> {
    const { channels, everyMs } = this.options;
    await channels.subscribe([this.channel], (message) => this.receive(message.toString()));
    this.timer = setInterval(() => this.beat(), everyMs);
    this.timer.unref();
    this.beat();
  }

  /** @throws Error while Redis is away. */
  async check(): Promise<CanaryReport> {
    const { redis, keys } = this.options;
    const state = (path: CanaryPath): 'ok' | 'broken' => (this.ageMs(path) > this.options.deadlineMs ? 'broken' : 'ok');
    const report = { feed: state('feed'), queue: state('queue') };
    return { ...report, passesSomewhere: report.queue === 'ok' || (await redis.exists(keys.canaryPassed())) === 1 };
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private get channel(): string {
    return this.options.keys.canary(this.options.name);
  }

  private ageMs(path: CanaryPath): number {
    return this.options.clock.now() - this.cameBack[path];
  }

  private beat(): void {
    const { redis, name, clock, log } = this.options;
    this.healFeed();
    const queue = this.queues[this.beats++ % this.queues.length]!;
    const now = clock.now();
    const job: CanaryJob = { channel: this.channel, echo: `queue ${now}` };
    // One at a time waits or runs, so that nothing piles up where no worker takes it.
    const options = { lifo: true, deduplication: { id: `canary/${name}` }, removeOnComplete: true, removeOnFail: true };
    const sent = [publish(redis, this.channel, `feed ${now}`), queue.add(CANARY, job, options)];
    for (const sending of sent) sending.catch((error: unknown) => log.debug({ err: error }, 'a canary could not be sent'));
  }

  /** A subscription that hears nothing may be half open: the other end is gone and nobody has said so. Connecting again mends that. */
  private healFeed(): void {
    const { channels, clock, deadlineMs, log } = this.options;
    const since = Math.max(this.cameBack.feed, this.reconnectedAt);
    if (clock.now() - since <= deadlineMs || !channels.reconnect(this.channel)) return;
    this.reconnectedAt = clock.now();
    log.warn('the subscription to new lists hears nothing: connecting again');
  }

  private receive(message: string): void {
    const { redis, keys, name, clock, deadlineMs, log } = this.options;
    const [path, sentAt] = message.split(' ');
    if (path !== 'feed' && path !== 'queue') return;
    this.cameBack[path] = clock.now();
    this.ms.observe({ path }, clock.now() - Number(sentAt));
    if (path !== 'queue') return;
    redis
      .set(keys.canaryPassed(), name, 'PX', deadlineMs)
      .catch((error: unknown) => log.debug({ err: error }, 'other processes could not be told that a canary passes'));
  }
}
