import { join } from 'node:path';
import { slotOf } from '../../src/platform/redis-cluster';
import { primariesOf } from '../../src/platform/redis-connection';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { TENANT } from '../support/beckon';
import { completeErasure } from '../support/complete-erasure';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { startClusterRedis } from '../support/redis-cluster';
import { record } from '../support/shop';
import { findTexts } from '../support/store-search';
import { USERS, WatchedSystem } from '../support/watched-system';

const system = new WatchedSystem(startClusterRedis);

const slotOfUser = (userId: string): number => slotOf(system.beckon.keys.profile({ tenant: TENANT, userId }));

/** Somebody for each primary, whose id begins so. */
async function usersOfEachPrimary(name: string): Promise<[string, string, string]> {
  const held = new Map<number, string>();
  for (let n = 0; held.size < 3; n++) held.set(await system.server.primaryOf(slotOfUser(`${name}-${n}`)), `${name}-${n}`);
  return [...held.values()] as [string, string, string];
}

it('users lie on all three primaries, and nothing is announced but where their keys are', async () => {
  const holders = new Set(await Promise.all(USERS.map((userId) => system.server.primaryOf(slotOfUser(userId)))));
  expect(holders.size).toBe(3);
  for (const primary of primariesOf(system.beckon.redis)) {
    expect(await primary.call('PUBSUB', 'SHARDCHANNELS', 'beckon:*:feed')).not.toEqual([]);
    expect(await primary.call('PUBSUB', 'CHANNELS', 'beckon:*')).toEqual([]);
  }
  await eventually(async () => {
    const ready = await fetch(`http://127.0.0.1:${system.beckon.gateway.port}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ok' });
  });
});

system.survives('a behaviour reaches the screen of its user, wherever that user’s keys are', async () => {
  const { users } = await record(
    system.beckon.as('replayer'),
    USERS.map((userId, n) => ({ id: `first-${n}`, userId, type: 'purchase', itemId: 'item-001' })),
  );
  await Promise.all(users.map(({ userId, seq }) => system.screens.find((screen) => screen.userId === userId)!.covering(seq)));
});

system.survives('a primary whose replica hangs: lists of its users wait for it, those of others do not', async () => {
  const holderOf = (userId: string): Promise<number> => system.server.primaryOf(slotOfUser(userId));
  const port = await holderOf('u-0');
  const screensOn = async (isThere: boolean): Promise<ListWatcher[]> => {
    const holders = await Promise.all(USERS.map(holderOf));
    return system.screens.filter((_, n) => (holders[n] === port) === isThere);
  };
  const [held, others] = [await screensOn(true), await screensOn(false)];
  const recordFor = ({ userId }: ListWatcher): ReturnType<typeof record> =>
    record(system.beckon.as('replayer'), [{ id: `waits-${userId}`, userId, type: 'purchase', itemId: 'item-002' }]);
  const thaw = system.server.freeze(await system.server.replicaOf(port));
  const refused = held.map((screen) => expect(recordFor(screen)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true }));
  for (const screen of others) await screen.covering((await recordFor(screen)).users[0]!.seq);
  await Promise.all(refused);
  for (const { last } of held) expect(last!.cause.behaviours.map(({ id }) => id)).not.toContainEqual(expect.stringMatching(/^waits/));
  thaw();
  for (const screen of held) await screen.covering((await eventually(() => recordFor(screen))).users[0]!.seq);
  await system.server.untilReplicated();
});

system.survives('a primary dies in the middle of a replay: nothing acknowledged is lost, and every screen goes on by itself', async () => {
  const acknowledged = await system.replayed(async () => {
    const port = await system.server.primaryOf(slotOfUser('u-0'));
    await system.server.kill9(port);
    await system.server.untilFailedOver(port);
    await system.server.restart(); // acknowledgements wait for a replica
  });
  expect([...acknowledged.retried.keys()]).toEqual(['UNAVAILABLE']);
  await system.expectConverged(acknowledged);
  await system.server.untilReplicated();
});

system.survives('slots are moved to another primary in the middle of a replay, and no screen is left behind', async () => {
  const acknowledged = await system.replayed(async () => {
    for (const userId of ['u-2', 'u-3', 'u-4']) {
      const slot = slotOfUser(userId);
      const from = await system.server.primaryOf(slot);
      const to = (await Promise.all([0, 8000, 16_000].map((other) => system.server.primaryOf(other)))).find((port) => port !== from)!;
      await system.server.moveSlot(slot, to);
    }
  });
  await system.expectConverged(acknowledged);
});

it('the command line finds its keys too', async () => {
  await system.expectRecordedByCommandLine();
});

system.survives('a training process publishes, workers take the version into use, and the gateway hears of it', async () => {
  const operator = system.beckon.as('operator');
  await operator.request('mutation { trainModels(models: [POPULAR]) { jobs { model } } }');
  await eventually(
    () => {
      expect(system.beckon.worker.lines.some((line) => line.includes('"popular"') && /"version":"(?!none)/.test(line))).toBe(true);
    },
    { withinMs: 60_000, everyMs: 100 },
  );
});

system.survives('who is erased is on no primary any more: in no name, value, slow command or file', async () => {
  const { beckon, server } = system;
  const [id, anonymous, follower] = await usersOfEachPrimary('gus-4e1f7');
  const versions = async (): Promise<string[]> =>
    (await new RedisModelStore(beckon.redis, beckon.keys).versions(TENANT, 'popular')).map(({ version }) => version);
  const searched = async (): Promise<string[]> => {
    const folders = (await server.primaries()).map((port) => join(server.dir, String(port)));
    return findTexts(beckon.redis, [id, anonymous], folders);
  };
  const onEach = (...settings: string[]): Promise<unknown> =>
    Promise.all(primariesOf(beckon.redis).map((primary) => primary.config('SET', ...(settings as [string, string]))));
  await onEach('rdbcompression', 'no');
  await onEach('slowlog-log-slower-than', '0'); // for a while, as if everything were slow
  await record(beckon.as(anonymous), [{ id: 'a-1', type: 'view', itemId: 'item-004' }]);
  await beckon.as(id).request(`mutation { mergeProfile(anonymousId: "${anonymous}") { profile { seq } } }`);
  await beckon
    .as(id)
    .request('mutation { setConsent(input: { purpose: "experiments", granted: false, source: "test" }) { consent { permitted } } }');
  await record(beckon.as(follower), [{ type: 'follow', target: id }]); // in another’s profile and log
  const screen = new ListWatcher(id, beckon.as(id));
  await record(beckon.as(id), [{ type: 'purchase', itemId: 'item-005' }]);
  await screen.covering(2);
  expect((await searched()).length).toBeGreaterThan(5);

  await onEach('slowlog-log-slower-than', '10000');
  const known = await versions();
  const receipt = await completeErasure(beckon.as(id));
  expect(receipt.ids).toBe(2);
  for (const version of await versions()) expect(known).not.toContain(version);
  expect(await searched()).toEqual([]);
});
