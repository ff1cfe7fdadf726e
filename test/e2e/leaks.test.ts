import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { Inspector } from '../support/inspector';
import { RawSubscriber } from '../support/raw-subscriber';
import { stockShop } from '../support/shop';

const ROUNDS = 10_000;
const SOCKETS = 20;
/** Of ten rounds, one ends by a connection that is cut, and one by a `complete` that overtakes the first event. */
const TENTH = 10;
const CUT = 1;
const OVERTAKEN = 2;
const USERS = 200;
/** A listener, a mailbox or a lease that is left behind in each round would be several hundred bytes each. */
const BYTES_PER_ROUND = 100;

const SUBSCRIPTION =
  'subscription Watch($userId: ID) { recommendations(first: 3, userId: $userId) { appliedThrough list { items { itemId } } } }';

let beckon: Beckon;
let url: string;

beforeAll(async () => {
  beckon = await Beckon.start({ gatewayNodeOptions: ['--inspect=0'] });
  await beckon.untilFirstTrainingIsOver(); // it has connections of its own
  await stockShop(beckon.as('operator'));
  url = `ws://127.0.0.1:${beckon.gateway.port}/graphql`;
}, 120_000);
afterAll(() => beckon?.stop());

it(
  `${ROUNDS} rounds of subscribing and unsubscribing leave nothing behind, and no heap that a second ${ROUNDS} repeats`,
  () =>
    beckon.explaining(async () => {
      const inspector = await Inspector.of(beckon.gateway);
      const before = await leftovers();
      await runRounds(USERS * 5); // every list is made, every code path compiled, every cache filled
      const heap: number[] = [];
      for (let n = 0; n < 2; n++) {
        await runRounds(ROUNDS);
        await eventually(async () => expect(await leftovers()).toEqual(before), { withinMs: 20_000, everyMs: 50 });
        heap.push(await inspector.heapBytes());
      }
      inspector.close();
      expect(before).toMatchObject({ sockets: 0, subscriptions: 0, listeners: 0, watchedLists: 0, leases: 0, leasesByUser: 0 });
      const [first, second] = heap as [number, number];
      expect(second - first).toBeLessThan(ROUNDS * BYTES_PER_ROUND);
    }),
  180_000,
);

/** Subscribes and ends, so many times over, on a few sockets at once; a share of the rounds ends with the connection. */
async function runRounds(rounds: number): Promise<void> {
  let round = 0;
  const lane = async (): Promise<void> => {
    let socket = await RawSubscriber.open(url, { 'x-beckon-user': 'watcher' });
    while (round < rounds) {
      const number = round++;
      const { id, arrived } = socket.subscribe(SUBSCRIPTION, { userId: `u-${number % USERS}` });
      const ending = number % TENTH;
      if (ending === CUT || ending === OVERTAKEN)
        arrived.catch(() => undefined); // it may never come
      else await arrived;
      if (ending !== CUT) {
        socket.complete(id);
        continue;
      }
      await socket.cut();
      socket = await RawSubscriber.open(url, { 'x-beckon-user': 'watcher' });
    }
    await socket.close();
  };
  await Promise.all(Array.from({ length: SOCKETS }, lane));
}

/** What a watch holds, in the gateway and in Redis. */
async function leftovers(): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${beckon.gateway.port}/metrics`)).text();
  const gauge = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  const { redis, keys } = beckon;
  const shards = Array.from({ length: keys.shards }, (_, shard) => shard);
  const leases = await Promise.all(shards.map((shard) => redis.zcard(keys.watched(TENANT, shard))));
  const byUser = await Promise.all(
    Array.from({ length: USERS }, (_, n) => redis.zcard(keys.watches({ tenant: TENANT, userId: `u-${n}` }))),
  );
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    sockets: gauge('beckon_gateway_sockets'),
    subscriptions: gauge('beckon_gateway_subscriptions'),
    listeners: gauge('beckon_feed_listeners'),
    watchedLists: gauge('beckon_watched_lists'),
    leases: sum(leases),
    leasesByUser: sum(byUser),
    channels: ((await redis.pubsub('CHANNELS')) as string[]).length,
    connections: String(await redis.call('CLIENT', 'LIST'))
      .trim()
      .split('\n').length,
  };
}
