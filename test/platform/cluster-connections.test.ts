import type { Cluster } from 'ioredis';
import { checkParts } from '../../src/gateway/check-parts';
import { Channels } from '../../src/platform/channels';
import { BeckonError } from '../../src/platform/errors';
import { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import { connectAt, connectForCommands, connectForWaiting, onRedis, untilReady } from '../../src/platform/redis';
import { placeOf, slotOf } from '../../src/platform/redis-cluster';
import { primariesOf, publish } from '../../src/platform/redis-connection';
import { connectReplicated } from '../../src/platform/redis-replicated';
import { serverClock } from '../../src/platform/server-clock';
import type { OnMessage } from '../../src/platform/subscribed-replies';
import { StreamTails } from '../../src/platform/stream-tails';
import { eventually } from '../support/eventually';
import { startClusterRedis, type ClusterRedis } from '../support/redis-cluster';

const log = createLog('test', 'silent');
const keys = new Keys(16);
const SHARDS = Array.from({ length: keys.shards }, (_, shard) => shard);

let server: ClusterRedis;
let redis: Cluster;
const portOf = (key: string): number => Number(placeOf(redis, slotOf(key))!.split(':')[1]);
const at = (key: string, onMessage?: OnMessage) => connectAt(key, redis, { url: server.url, log, name: 'test' }, onMessage);

beforeAll(async () => {
  server = await startClusterRedis();
  redis = connectForCommands({ url: server.url, log, name: 'test' }) as Cluster;
  await untilReady(redis);
}, 150_000);
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
}, 30_000);

it('hears what is published in any slot, and is told of a gap only where a connection broke', async () => {
  const channels = new Channels({ redis, connect: at, log });
  const heard: string[] = [];
  const gaps: string[][] = [];
  channels.onGap((missed) => gaps.push([...missed]));
  const names = SHARDS.map((shard) => keys.feed('shop', shard));
  await channels.subscribe(names, (message, channel) => heard.push(`${channel} ${message.toString()}`));
  expect(channels.connection).toBe('all');
  for (const name of names) await publish(redis, name, 'hello');
  await eventually(() => expect(heard.sort()).toEqual(names.map((name) => `${name} hello`).sort()));

  const broken = primariesOf(redis)[0]!;
  await broken.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  const concerned = names.filter((name) => portOf(name) === broken.options.port);
  expect(concerned.length).toBeGreaterThan(0);
  await eventually(() => expect(gaps.flat().sort()).toEqual([...concerned].sort()));
  heard.length = 0;
  await publish(redis, concerned[0]!, 'again');
  await eventually(() => expect(heard).toEqual([`${concerned[0]} again`]));
  channels.close();
});

it('follows streams of several slots, and holds all of them at once', async () => {
  const streams = SHARDS.map((shard) => keys.log('shop', shard));
  const seen: string[] = [];
  const onEntries = (stream: string): void => void seen.push(stream);
  const tails = new StreamTails({
    redis,
    connect: (key) => at(key),
    from: new Map(streams.map((stream) => [stream, '0'])),
    onEntries,
    log,
  });
  await tails.whileHeld(async () => {
    for (const stream of streams) await redis.xadd(stream, '*', 'a', '1');
    expect(seen).toEqual([]);
  });
  await eventually(() => expect(seen.sort()).toEqual([...streams].sort()));
  for (const stream of streams) expect(tails.positionOf(stream)).not.toBe('0');
  await tails.close();
});

it('takes the time of the server that holds a key', async () => {
  for (const shard of SHARDS) expect((await serverClock(redis, keys.pending('shop', shard))).now()).toBeGreaterThan(0);
});

describe('when a primary is replaced', () => {
  const key = keys.profile({ tenant: 'shop', userId: 'ann' });
  const other = SHARDS.map((shard) => keys.log('other', shard)).find((name) => portOfLater(name) !== portOfLater(key))!;
  function portOfLater(name: string): number {
    return Math.floor((slotOf(name) * 3) / 16_384); // as the test's cluster deals slots out
  }

  it('fails fast what goes there, serves the others, confirms no write meanwhile, and goes on with the new one', async () => {
    const recording = await connectReplicated({ url: server.url, log, name: 'recording', replicas: 1, shared: redis });
    const patient = connectForWaiting({ url: server.url, log, name: 'patient' });
    const channels = new Channels({ redis, connect: at, log });
    const heard: string[] = [];
    const feed = keys.feed('shop', keys.shardOf({ tenant: 'shop', userId: 'ann' }));
    await channels.subscribe([feed], (message) => heard.push(message.toString()));
    const write = (): Promise<unknown> => recording.confirmed([key, other], () => onRedis(() => recording.redis.hincrby(key, 'seq', 1)));
    await write();

    const port = portOf(key);
    await server.kill9(port);
    await expect(write()).rejects.toThrow(BeckonError);
    await expect(onRedis(() => redis.hget(key, 'seq'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(redis.set(other, 'x')).resolves.toBe('OK');
    expect((await checkParts({ redis, feed: channels, workerNamePrefix: 'beckon-worker' }))[0]).toEqual({
      name: 'store',
      status: 'degraded',
      message: '2 of 3 servers of the store answer',
    });
    const waited = patient.hget(key, 'seq'); // answered by the replica that becomes the primary
    await server.untilFailedOver(port);
    expect(await waited).toBe('1');
    await expect(write()).rejects.toMatchObject({ code: 'UNAVAILABLE' }); // it has no replica yet
    await server.restart();
    await server.untilReplicated();
    await eventually(write, { everyMs: 100 });
    await eventually(async () => {
      await publish(redis, feed, 'from the new one');
      expect(heard).toContain('from the new one');
    });
    recording.close();
    patient.disconnect();
    channels.close();
  }, 150_000);

  it('follows a slot that is moved to another server', async () => {
    const stream = keys.log('moving', 3);
    const seen: string[] = [];
    const tails = new StreamTails({
      redis,
      connect: at,
      from: new Map([[stream, '0']]),
      onEntries: (_, entries) => void seen.push(...entries.map(([, [, text]]) => text!)),
      log,
    });
    await redis.xadd(stream, '*', 'n', 'before');
    await eventually(() => expect(seen).toEqual(['before']));
    const to = (await Promise.all([0, 8000, 16_000].map((slot) => server.primaryOf(slot)))).find((port) => port !== portOf(stream))!;
    await server.moveSlot(slotOf(stream), to);
    await redis.xadd(stream, '*', 'n', 'after');
    await eventually(() => expect(seen).toEqual(['before', 'after']));
    await eventually(() => expect(portOf(stream)).toBe(to));
    await tails.close();
  }, 150_000);

  it('subscribes at the server that a slot was moved to, though the connection is to the one before', async () => {
    const feed = keys.feed('moving', 5);
    const channels = new Channels({ redis, connect: at, log });
    const heard: string[] = [];
    const listen = (message: Buffer, channel: string): void => void heard.push(`${channel} ${message.toString()}`);
    await channels.subscribe([feed], listen);
    const to = (await server.primaries()).find((port) => port !== portOf(feed))!;
    await server.moveSlot(slotOf(feed), to);
    await channels.subscribe([`${feed}/more`], listen);
    await eventually(() => expect(portOf(feed)).toBe(to));
    for (const name of [feed, `${feed}/more`]) await publish(redis, name, 'hello');
    await eventually(() => expect(heard.sort()).toEqual([`${feed} hello`, `${feed}/more hello`]));
    channels.close();
  }, 150_000);
});

it('finds the server of a slot again after every server was away', async () => {
  const channels = new Channels({ redis, connect: at, log });
  const heard: string[] = [];
  const feed = keys.feed('shop', 0);
  await channels.subscribe([feed], (message) => heard.push(message.toString()));
  const ports = redis.nodes('all').map(({ options }) => options.port!);
  const looked = jest.spyOn(redis, 'refreshSlotsCache');
  for (const port of ports) await server.kill9(port);
  await eventually(() => expect(looked.mock.results.length).toBeGreaterThan(5));
  expect(channels.connection).toBe('none');
  await expect(onRedis(() => redis.get('any'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await server.restart();
  await eventually(
    async () => {
      await publish(redis, feed, 'back');
      expect(heard).toContain('back');
    },
    { withinMs: 40_000, everyMs: 200 },
  );
  channels.close();
}, 150_000);
