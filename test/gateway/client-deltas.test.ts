import { applyUpdate, type DeltaOrFull, type HeldItem, type HeldList } from '../../src/client/apply-delta';
import { startGateway, type GatewayServer } from '../../src/gateway/start-gateway';
import { eventually } from '../support/eventually';
import { STANDARD_CLIENTS } from '../support/standard-clients';
import { fakeParts, itemOf, listOf, type FakeParts } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

const DELTAS = `subscription Deltas {
  recommendations {
    full { position { epoch revision } items { itemId rank item { title } } }
    delta {
      base { epoch revision } position { epoch revision }
      removed moved { itemId to } added { itemId rank item { title } } changed { itemId rank item { title } }
    }
  }
}`;

/** Its subscriptions are event streams, which graphql-js answers: every list comes whole. */
const WITHOUT_DELTAS = 'graphql-sse';

let parts: FakeParts;
let server: GatewayServer;
const push = (revision: number, ...itemIds: readonly string[]): void => parts.push(listOf('ann', itemIds, { revision }));
const listen = async (port = 0): Promise<void> => {
  server = await startGateway(parts.deps, TEST_SETTINGS, { host: '127.0.0.1', port });
};

beforeEach(async () => {
  parts = fakeParts();
  for (const id of ['a', 'b', 'c']) parts.items.set(id, itemOf(id));
  push(1, 'a', 'b');
  await listen();
});
afterEach(() => server.close(100));

it.each(STANDARD_CLIENTS)(
  '%s, unchanged, keeps a list by deltas, and is sent the whole one when it has reconnected',
  async (name, create) => {
    const client = create({ url: `http://127.0.0.1:${server.port}/graphql`, headers: { 'x-beckon-user': 'ann' } });
    const kinds: string[] = [];
    let held: HeldList<HeldItem> | undefined;
    const stop = client.subscribe(DELTAS, {}, (data) => {
      const update = (data as { recommendations: DeltaOrFull<HeldItem, HeldList<HeldItem>> }).recommendations;
      kinds.push(update.full ? 'full' : 'delta');
      held = applyUpdate(held, update);
    });
    const holding = (revision: number, ...itemIds: string[]): Promise<void> =>
      eventually(() =>
        expect(held).toEqual({
          position: { epoch: 'e1', revision },
          items: itemIds.map((itemId, index) => ({ itemId, rank: index + 1, item: { title: `Title of ${itemId}` } })),
        }),
      );
    await holding(1, 'a', 'b');
    push(2, 'c', 'b', 'a');
    await holding(2, 'c', 'b', 'a');

    const { port } = server;
    await server.close(100);
    push(3, 'a', 'b', 'c');
    await listen(port);
    await holding(3, 'a', 'b', 'c');
    push(4, 'a', 'c');
    await holding(4, 'a', 'c');
    const later = name === WITHOUT_DELTAS ? 'full' : 'delta';
    expect(kinds).toEqual(['full', later, 'full', later]);
    stop();
    await client.close();
  },
);
