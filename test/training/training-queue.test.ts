import { Queue } from 'bullmq';
import { systemClock } from '../../src/platform/clock';
import { queuePrefix } from '../../src/push/recompute-job';
import { TRAINING_QUEUE, TrainingQueue } from '../../src/training/training-queue.bullmq';
import { openTestStore, TENANT, type TestStore } from '../support/store';

const HOUR = 3_600_000;
let store: TestStore;
let training: TrainingQueue;
let queue: Queue;

beforeAll(async () => {
  store = await openTestStore();
  training = new TrainingQueue(store.redis);
  queue = new Queue(TRAINING_QUEUE, { connection: store.connect('queue'), prefix: queuePrefix(TRAINING_QUEUE) });
});
afterAll(async () => {
  await Promise.all([training.close(), queue.close()]);
  await store.close();
});

describe('TrainingQueue', () => {
  it('puts a run in once while it waits', async () => {
    await training.train(TENANT, ['factor', 'popular'], 'demand');
    await training.train(TENANT, ['factor'], 'refused');
    expect((await queue.getWaiting()).map(({ data }) => (data as { model: string }).model).sort()).toEqual(['factor', 'popular']);
  });

  it('schedules the next run one interval from now, goes on in its rhythm after a restart, and stops when told', async () => {
    const now = systemClock.now();
    await training.schedule(TENANT, ['factor'], HOUR, now);
    await training.schedule(TENANT, ['factor'], HOUR, now + HOUR / 2); // a worker that starts later
    const [run, ...others] = await queue.getDelayed();
    expect(others).toEqual([]);
    expect(run!.timestamp + run!.opts.delay! - now).toBeGreaterThan(0.99 * HOUR);
    expect(run!.timestamp + run!.opts.delay! - now).toBeLessThan(1.01 * HOUR);
    await training.schedule(TENANT, ['factor'], 0, now);
    expect(await queue.getDelayed()).toEqual([]);
  });
});
