import { startGateway, type GatewayServer } from '../../src/gateway/start-gateway';
import type { RecommendationList } from '../../src/push/recommendation-list';
import { eventually } from '../support/eventually';
import { STANDARD_CLIENTS, type StandardClientOptions } from '../support/standard-clients';
import { fakeParts, itemOf, listOf, type FakeParts } from './support/fake-parts';
import { TEST_SETTINGS } from './support/test-gateway';

const QUERY = 'query List($first: Int!) { recommendations(first: $first) { appliedThrough items { rank item { id title } } } }';
const MUTATION =
  'mutation Record($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { recorded { id status } users { userId seq } } }';
const SUBSCRIPTION =
  'subscription Watch { recommendations(first: 2) { position { epoch revision } list { items { rank item { id title } } } } }';

const VARIABLES = { b: [{ id: 'b1', type: 'view', itemId: 'a' }] };
const HEADERS = { 'x-beckon-user': 'ann' };
const RECORDED = { recordBehaviours: { recorded: [{ id: 'b1', status: 'ACCEPTED' }], users: [{ userId: 'ann', seq: 1 }] } };

let parts: FakeParts;
let server: GatewayServer;
const push = (itemIds: readonly string[], rest: Partial<RecommendationList> = {}): void => parts.push(listOf('ann', itemIds, rest));
const listen = async (port = 0): Promise<void> => {
  server = await startGateway(parts.deps, TEST_SETTINGS, { host: '127.0.0.1', port });
};

beforeEach(async () => {
  parts = fakeParts();
  for (const id of ['a', 'b']) parts.items.set(id, itemOf(id));
  push(['a', 'b'], { appliedThrough: 4 });
  await listen();
});
afterEach(() => server.close(100));

const options = (): StandardClientOptions => ({ url: `http://127.0.0.1:${server.port}/graphql`, headers: HEADERS });

const showing = (revision: number, ...itemIds: string[]): object => ({
  recommendations: {
    position: { epoch: 'e1', revision },
    list: { items: itemIds.map((id, index) => ({ rank: index + 1, item: { id, title: `Title of ${id}` } })) },
  },
});

describe.each(STANDARD_CLIENTS)('%s, unchanged', (_name, create) => {
  it('runs a query and a mutation', async () => {
    const client = create(options());
    expect(await client.query(QUERY, { first: 2 })).toEqual({
      recommendations: {
        appliedThrough: 4,
        items: [
          { rank: 1, item: { id: 'a', title: 'Title of a' } },
          { rank: 2, item: { id: 'b', title: 'Title of b' } },
        ],
      },
    });
    expect(await client.mutate(MUTATION, VARIABLES)).toEqual(RECORDED);
    await client.close();
  });

  it('runs the subscription, through a restart of the gateway by its own reconnect', async () => {
    const client = create(options());
    const seen: unknown[] = [];
    const stop = client.subscribe(SUBSCRIPTION, {}, (data) => seen.push(data));
    await eventually(() => expect(seen).toEqual([showing(1, 'a', 'b')]));
    push(['b', 'a'], { revision: 2 });
    await eventually(() => expect(seen).toHaveLength(2));

    const { port } = server;
    await server.close(100);
    push(['b'], { revision: 3 }); // nobody is connected
    await listen(port);
    await eventually(() => expect(seen.at(-1)).toEqual(showing(3, 'b')));
    push(['a'], { revision: 4 });
    await eventually(() => expect(seen.at(-1)).toEqual(showing(4, 'a')));
    stop();
    await eventually(() => expect(parts.watching.size).toBe(0));
    await client.close();
  });
});
