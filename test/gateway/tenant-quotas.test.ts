import { Redis } from 'ioredis';
import type WebSocket from 'ws';
import { RedisTenantQuotas } from '../../src/gateway/limits/tenant-quotas.redis';
import { systemClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import { Metrics } from '../../src/platform/metrics';
import { quotaSettings } from '../../src/tenants/quota-settings';
import { eventually } from '../support/eventually';
import { openTestStore, type TestStore } from '../support/store';
import { fakeParts } from './support/fake-parts';
import { startTestGateway, type TestGateway } from './support/test-gateway';

let store: TestStore;
let opened: { close(): unknown }[] = [];
beforeAll(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  await store.redis.flushall();
});
afterAll(() => store.close());

let gateways = 0;

/** The quotas of one more gateway of the store, for the tenant `default`. */
function quotasOf(
  settings: object,
  { metrics = new Metrics(), placesLeaseMs }: { metrics?: Metrics; placesLeaseMs?: number } = {},
): RedisTenantQuotas {
  const { redis, keys, log } = store;
  const quotas = new Map([['default', quotaSettings.parse(settings)]]);
  const name = `gateway-${++gateways}`;
  const made = new RedisTenantQuotas({
    ...{ redis, keys, name, quotas, clock: systemClock, metrics, log },
    ...(placesLeaseMs !== undefined && { placesLeaseMs }),
  });
  opened.push(made);
  return made;
}

/** Whether the quota lets it pass. @throws any error but RATE_LIMITED */
async function passes(work: () => Promise<void> | undefined): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof BeckonError && error.code === 'RATE_LIMITED') return false;
    throw error;
  }
}

const storeMs = async (): Promise<number> => {
  const [seconds, microseconds] = await store.redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
};

describe('a rate', () => {
  it('is kept to by two gateways together, as the clock of the store goes', async () => {
    const rate = 200;
    const two = [quotasOf({ behavioursPerSecond: rate, burstSeconds: 0.5 }), quotasOf({ behavioursPerSecond: rate, burstSeconds: 0.5 })];
    const from = await storeMs();
    let passed = 0;
    while ((await storeMs()) < from + 600)
      for (const quotas of two) if (await passes(() => quotas.take('default', 'behaviours', 3))) passed += 3;
    const elapsed = (await storeMs()) - from;
    expect(passed).toBeLessThanOrEqual(rate * 0.5 + (rate * elapsed) / 1000);
    expect(passed).toBeGreaterThan(rate * 0.5);
  });

  it('has a share for a gateway that asks for little, beside one that takes all it can get', async () => {
    const [busy, quiet] = [
      quotasOf({ operationsPerSecond: 100, burstSeconds: 0.5 }),
      quotasOf({ operationsPerSecond: 100, burstSeconds: 0.5 }),
    ];
    let stopped = false;
    let refused = 0;
    const hammering = (async () => {
      while (!stopped) {
        if (!(await passes(() => busy.take('default', 'operations', 1)))) refused += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await eventually(() => expect(refused).toBeGreaterThan(0));
    await eventually(async () => expect(await passes(() => quiet.take('default', 'operations', 1))).toBe(true)); // from now on it is known
    const verdicts: boolean[] = [];
    for (let asked = 0; asked < 15; asked++) {
      const at = await storeMs();
      await eventually(async () => expect(await storeMs()).toBeGreaterThan(at + 25)); // 40 a second; its share is 50
      verdicts.push(await passes(() => quiet.take('default', 'operations', 1)));
    }
    stopped = true;
    await hammering;
    expect(verdicts).not.toContain(false);
  });

  it('costs a round trip for a batch only, and none while it is used up', async () => {
    const metrics = new Metrics();
    const quotas = quotasOf({ operationsPerSecond: 1000, burstSeconds: 1 }, { metrics });
    let refused = 0;
    const from = await storeMs();
    for (let asked = 0; asked < 5000; asked++) {
      if (!(await passes(() => quotas.take('default', 'operations', 1)))) refused += 1;
    }
    const elapsedMs = (await storeMs()) - from;
    const text = await metrics.registry.metrics();
    const counted = (name: string): number => Number(new RegExp(`^${name}\\{.*kind="operations".*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    expect(refused).toBeGreaterThan(0);
    expect(counted('beckon_quota_refused_total')).toBe(refused);
    expect(counted('beckon_quota_leases_total')).toBeLessThan(25 + elapsedMs / 10);
  });

  it('lets a batch through that is larger than the burst when nothing else was used, and then asks for patience', async () => {
    const quotas = quotasOf({ behavioursPerSecond: 10, burstSeconds: 1 });
    expect(await passes(() => quotas.take('default', 'behaviours', 50))).toBe(true);
    const refusal = (async () => quotas.take('default', 'behaviours', 1))();
    await expect(refusal).rejects.toMatchObject({ code: 'RATE_LIMITED', field: 'behaviours', retryable: true });
    const { retryAfterMs } = (await refusal.catch((error: BeckonError) => error)) as BeckonError;
    expect(retryAfterMs).toBeGreaterThan(3000); // 40 are owed
    expect(retryAfterMs).toBeLessThanOrEqual(4200);
  });

  it('does not concern tenants and kinds without one', () => {
    const quotas = quotasOf({ behavioursPerSecond: 1 });
    for (let asked = 0; asked < 100; asked++) {
      expect(quotas.take('default', 'operations', 1)).toBeUndefined();
      expect(quotas.take('other', 'behaviours', 1)).toBeUndefined();
      expect(quotas.enter('default')).toBeUndefined();
    }
  });

  it('lets everything pass while the store is away', async () => {
    const away = new Redis({ port: 1, lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null });
    away.on('error', () => undefined); // the rejected calls say the same
    const { keys, log } = store;
    const all = quotaSettings.parse({ behavioursPerSecond: 1, connections: 1 });
    const quotas = new RedisTenantQuotas({
      ...{ redis: away, keys, name: 'cut off', quotas: new Map([['default', all]]), clock: systemClock, metrics: new Metrics(), log },
    });
    opened.push(quotas);
    for (let asked = 0; asked < 10; asked++) {
      expect(await passes(() => quotas.take('default', 'behaviours', 10))).toBe(true);
      expect(await passes(() => quotas.enter('default'))).toBe(true);
    }
  });
});

describe('connections', () => {
  it('are counted over two gateways, and a place that is left is free for both', async () => {
    const [one, two] = [quotasOf({ connections: 3 }), quotasOf({ connections: 3 })];
    const enter = (quotas: RedisTenantQuotas): Promise<boolean> => passes(() => quotas.enter('default'));
    expect(await Promise.all([enter(one), enter(one), enter(two)])).toEqual([true, true, true]);
    expect(await Promise.all([enter(one), enter(two)])).toEqual([false, false]);
    one.leave('default');
    await one.renewPlaces(); // as it does every few seconds
    expect(await enter(two)).toBe(true);
    expect(await enter(one)).toBe(false);
  });

  it('of a gateway that died are free again when its lease has run out', async () => {
    const [dead, alive] = [quotasOf({ connections: 1 }, { placesLeaseMs: 300 }), quotasOf({ connections: 1 }, { placesLeaseMs: 300 })];
    expect(await passes(() => dead.enter('default'))).toBe(true);
    dead.close(); // renews nothing from now on
    expect(await passes(() => alive.enter('default'))).toBe(false);
    await eventually(async () => expect(await passes(() => alive.enter('default'))).toBe(true));
  });
});

describe('two gateways', () => {
  async function startTwo(settings: object): Promise<[TestGateway, TestGateway]> {
    const start = async (): Promise<TestGateway> => {
      const parts = fakeParts();
      const gateway = await startTestGateway({ ...parts, deps: { ...parts.deps, quotas: quotasOf(settings) } });
      opened.push(gateway);
      return gateway;
    };
    return [await start(), await start()];
  }

  it.each(['http', 'socket'] as const)('refuse what is over the quota of operations, over %s, and health is free', async (transport) => {
    const two = await startTwo({ operationsPerSecond: 1, burstSeconds: 4 });
    const ask = async (gateway: TestGateway, query: string) =>
      transport === 'http' ? (await gateway.post({ query })).answer : (await gateway.overSocket({ query }))[0]!;
    const codes: (string | undefined)[] = [];
    for (let asked = 0; asked < 8; asked++) codes.push((await ask(two[asked % 2]!, '{ profile { seq } }')).errors?.[0]?.extensions.code);
    expect(codes.slice(0, 2)).toEqual([undefined, undefined]);
    const refused = await ask(two[0], '{ profile { seq } }');
    expect(refused.errors![0]).toMatchObject({
      path: ['profile'],
      extensions: { code: 'RATE_LIMITED', field: 'operations', retryable: true, retryAfterMs: expect.any(Number) as number },
    });
    expect((await ask(two[0], '{ health { status } __typename }')).errors).toBeUndefined();
  });

  it('refuse behaviours that are over the quota as a whole, and record none of them', async () => {
    const [one, two] = await startTwo({ behavioursPerSecond: 1, burstSeconds: 10 });
    const send = (gateway: TestGateway, count: number) =>
      gateway.post({
        query: 'mutation Send($behaviours: [BehaviourInput!]!) { recordBehaviours(behaviours: $behaviours) { recorded { id } } }',
        variables: { behaviours: Array.from({ length: count }, (_, n) => ({ type: 'view', itemId: `item-${n}` })) },
      });
    expect((await send(one, 10)).answer.errors).toBeUndefined();
    const { answer } = await send(two, 10);
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', field: 'behaviours', retryable: true });
    expect(two.recorded).toEqual([]);
  });

  it('let in as many sockets as the quota has, and close one more with 1013', async () => {
    const [one, two] = await startTwo({ connections: 2 });
    const open = async (gateway: TestGateway): Promise<{ socket: WebSocket; outcome: unknown }> => {
      const socket = await gateway.socket();
      const outcome = new Promise((resolve) => {
        socket.once('message', (data: Buffer) => resolve((JSON.parse(data.toString()) as { type: string }).type));
        socket.once('close', (code) => resolve(code));
      });
      socket.send(JSON.stringify({ type: 'connection_init' }));
      return { socket, outcome: await outcome };
    };
    const [first, second, third] = [await open(one), await open(two), await open(two)];
    expect([first.outcome, second.outcome, third.outcome]).toEqual(['connection_ack', 'connection_ack', 1013]);
    const stream = await two.post({ query: '{ __typename }' }, { accept: 'text/event-stream' });
    expect(stream.status).toBe(429);
    expect(stream.answer.errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', field: 'connection' });
    second.socket.close();
    await eventually(async () => expect((await open(two)).outcome).toBe('connection_ack'));
  });
});
