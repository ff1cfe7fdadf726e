import { eventually } from '../support/eventually';
import { startSentinelRedis } from '../support/redis-sentinel';
import { record } from '../support/shop';
import { WatchedSystem } from '../support/watched-system';

const system = new WatchedSystem(startSentinelRedis);

describe('with REDIS_WAIT_REPLICAS=1', () => {
  system.survives(
    'what the replica does not have is neither acknowledged nor shown, and is recorded once when it is sent again',
    async () => {
      const screen = system.screens[0]!;
      const sent = [{ id: 'waits-1', userId: screen.userId, type: 'purchase', itemId: 'item-001' }];
      const thaw = await system.server.freezeReplica();
      await expect(record(system.beckon.as('replayer'), sent)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      expect(screen.updates.map(({ appliedThrough }) => appliedThrough)).not.toContain(1); // it takes milliseconds otherwise
      thaw();
      const again = await eventually(() => record(system.beckon.as('replayer'), sent));
      expect(again.users).toEqual([{ userId: screen.userId, seq: 1 }]);
      expect(again.recorded).toEqual([expect.objectContaining({ id: 'waits-1', status: 'DUPLICATE' })]);
      await screen.until(({ appliedThrough }) => appliedThrough === 1, { withinMs: 30_000 });
    },
  );
});

describe('a fail-over in the middle of a replay', () => {
  system.survives('after kill -9 of the primary: nothing acknowledged is lost, and every screen goes on by itself', async () => {
    const acknowledged = await system.replayed(async () => {
      const before = await system.server.primaryPort();
      await system.server.kill9();
      await system.server.untilFailedOver(before);
      await system.server.restartAsReplica(); // acknowledgements wait for it
    });
    expect([...acknowledged.retried.keys()]).toEqual(['UNAVAILABLE']);
    await system.expectConverged(acknowledged);
    await system.server.untilReplicated();
  });

  system.survives('of a primary that hangs: its connections are left as soon as a Sentinel says so', async () => {
    const acknowledged = await system.replayed(async () => {
      const before = await system.server.primaryPort();
      const thaw = await system.server.freezePrimary();
      await system.server.untilFailedOver(before);
      thaw(); // takes itself for the primary at first, until the Sentinels make it the replica that acknowledgements wait for
    });
    await system.expectConverged(acknowledged);
    await system.server.untilReplicated();
  });
});

it('the command line goes to the primary too', async () => {
  await system.expectRecordedByCommandLine();
});

system.survives('a training process finds the primary by the same setting', async () => {
  const operator = system.beckon.as('operator');
  const askedAt = Date.now();
  await operator.request('mutation { trainModels(models: [POPULAR]) { jobs { model } } }');
  await eventually(
    async () => {
      const { models } = await operator.request<{ models: { name: string; lastRun: { at: string; outcome: string } | null }[] }>(
        '{ models { name lastRun { at outcome } } }',
      );
      const run = models.find(({ name }) => name === 'POPULAR')!.lastRun!;
      expect(Date.parse(run.at)).toBeGreaterThanOrEqual(askedAt);
      expect(run.outcome).toBe('PUBLISHED');
    },
    { withinMs: 60_000, everyMs: 100 },
  );
});
