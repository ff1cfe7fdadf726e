import { setTimeout as after } from 'node:timers/promises';
import { startRedisServer, type RedisServer, type RedisServerOptions } from '../platform/redis-server';
import type { Supervision } from './supervised-child';

/** A private Redis that is started again, on the same port and file, whenever it ends by itself. */
export class SupervisedRedis {
  private readonly stopping = new AbortController();
  private watching: Promise<void> | undefined;

  private constructor(
    private server: RedisServer,
    private readonly options: RedisServerOptions,
    private readonly supervision: Supervision,
  ) {}

  /** @throws Error as startRedisServer does. */
  static async start(options: RedisServerOptions, supervision: Supervision): Promise<SupervisedRedis> {
    const redis = new SupervisedRedis(await startRedisServer(options), options, supervision);
    redis.watching = redis.watch();
    return redis;
  }

  get url(): string {
    return this.server.url;
  }

  get pid(): number {
    return this.server.pid;
  }

  private async watch(): Promise<void> {
    const { backoffMs = 250, maxBackoffMs = 10_000, giveUpAfter = 6, onRestart, onGiveUp } = this.supervision;
    for (let failures = 0; ;) {
      await this.server.exited;
      if (this.stopping.signal.aborted) return;
      const pauseMs = Math.min(maxBackoffMs, backoffMs * 2 ** failures);
      onRestart('Redis ended', pauseMs);
      await after(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      try {
        this.server = await startRedisServer({ ...this.options, port: this.server.port });
        failures = 0;
      } catch (error) {
        if (++failures < giveUpAfter) continue;
        onGiveUp(`Redis does not start: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
    }
  }

  /** Ends it for good, its file complete; resolves after its exit; idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.server.stop();
    await this.watching;
    await this.server.stop(); // one that was just being started again
  }

  /** Ends it at once; the file holds what it held. */
  async kill(): Promise<void> {
    this.stopping.abort();
    try {
      process.kill(this.server.pid, 'SIGKILL');
    } catch {
      return; // it is gone
    }
    await this.server.exited;
  }
}
