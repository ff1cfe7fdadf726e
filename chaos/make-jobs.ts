import { Queue } from 'bullmq';
import type { RedisConnection } from '../src/platform/redis-connection';
import type { Random } from '../src/platform/random';

const QUEUE = 'recompute-0';
const HOUR_MS = 3_600_000;
const LATEST_MS = 2_000;

/** Jobs that no gateway would put on the recompute queue, as a bug or a broken retry elsewhere would. */
export class JobMaker {
  private readonly queue: Queue;
  private readonly poison: string[] = [];
  private steady: NodeJS.Timeout | undefined;

  constructor(
    connection: RedisConnection,
    private readonly userIds: readonly string[],
    private readonly random: Random,
  ) {
    this.queue = new Queue(QUEUE, { connection, prefix: `{beckon:${QUEUE}}`, skipWaitingForReady: true });
    this.queue.on('error', () => undefined); // Redis is killed on purpose
  }

  /** A few duplicates all the time: what an at-least-once queue delivers on an ordinary day. */
  start(everyMs: number): void {
    this.steady = setInterval(() => void this.addDuplicates(2).catch(() => undefined), everyMs);
  }

  async addDuplicates(jobs: number): Promise<void> {
    await this.add(jobs, () => ({ requestedAt: performance.timeOrigin + performance.now() }), 0);
  }

  async addLate(jobs: number): Promise<void> {
    await this.add(jobs, () => ({ requestedAt: performance.timeOrigin + performance.now() - HOUR_MS }), LATEST_MS);
  }

  /** One that is not of the codec's form, one of a tenant that is not there. @returns their ids. */
  async addPoison(): Promise<string[]> {
    const ids: string[] = [];
    for (const data of [{ nonsense: [1, 2, 3] }, this.jobOf('stranger', { tenant: 'nobody', requestedAt: 0 })]) {
      const { id } = await this.queue.add('recompute-list', data, { attempts: 5, removeOnFail: false });
      ids.push(id!);
    }
    this.poison.push(...ids);
    return ids;
  }

  /** Poison jobs that are still tried, with their state. One that a cut took away is `unknown`: done with. */
  async openPoison(): Promise<string[]> {
    const states = await Promise.all(this.poison.map(async (id) => `${id} is ${await this.queue.getJobState(id)}`));
    return states.filter((state) => !/ is (failed|unknown)$/.test(state));
  }

  stop(): void {
    clearInterval(this.steady);
  }

  async close(): Promise<void> {
    this.stop();
    await this.queue.close();
  }

  private async add(jobs: number, dated: () => { requestedAt: number }, latestMs: number): Promise<void> {
    const bulk = Array.from({ length: jobs }, () => ({
      name: 'recompute-list',
      data: this.jobOf(this.userIds[Math.floor(this.random() * this.userIds.length)]!, dated()),
      opts: { delay: Math.round(this.random() * latestMs), removeOnComplete: true, removeOnFail: 100 },
    }));
    await this.queue.addBulk(bulk);
  }

  private jobOf(userId: string, more: { tenant?: string; requestedAt: number }): object {
    return { tenant: 'default', userId, surface: 'home', why: 'request', ...more };
  }
}
