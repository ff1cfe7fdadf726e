import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemId, record, stockShop } from '../support/shop';
import { STANDARD_CLIENTS } from '../support/standard-clients';

const QUERY =
  'query List($first: Int!, $minSeq: Int) { recommendations(first: $first, minSeq: $minSeq) { appliedThrough items { rank item { id title } reason { code } } } }';
const MUTATION =
  'mutation Record($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { recorded { id status } users { userId seq } } }';
const SUBSCRIPTION =
  'subscription Watch($first: Int!) { recommendations(first: $first) { position { epoch revision } appliedThrough list { items { itemId } } } }';

interface Query {
  readonly recommendations: {
    readonly appliedThrough: number;
    readonly items: readonly { rank: number; item: { id: string; title: string } }[];
  };
}

interface Event {
  readonly recommendations: {
    readonly position: { readonly epoch: string; readonly revision: number };
    readonly appliedThrough: number;
    readonly list: { readonly items: readonly { readonly itemId: string }[] };
  };
}

let beckon: Beckon;

beforeAll(async () => {
  beckon = await Beckon.start({ gateways: 2 });
  await beckon.untilFirstTrainingIsOver();
  await stockShop(beckon.as('operator'));
}, 120_000);
afterAll(() => beckon?.stop());

describe.each(STANDARD_CLIENTS)('%s, unchanged, against real processes', (name, create) => {
  const user = `user-of-${name.replaceAll(/\W/g, '-')}`;

  it(
    'runs a query, a mutation and the subscription, and the subscription survives a kill -9 of the gateway',
    () =>
      beckon.explaining(async () => {
        const client = create({ url: `http://127.0.0.1:${beckon.gateway.port}/graphql`, headers: { 'x-beckon-user': user } });
        const seen: Event[] = [];
        const stop = client.subscribe(SUBSCRIPTION, { first: 5 }, (data) => seen.push(data as Event));
        const last = (): Event['recommendations'] => seen.at(-1)!.recommendations;
        await eventually(() => expect(last().list.items).toHaveLength(5));

        expect(await client.mutate(MUTATION, { b: [{ id: 'b1', type: 'purchase', itemId: itemId(1) }] })).toEqual({
          recordBehaviours: { recorded: [{ id: 'b1', status: 'ACCEPTED' }], users: [{ userId: user, seq: 1 }] },
        });
        await eventually(() => expect(last().appliedThrough).toBe(1));
        const { recommendations } = (await client.query(QUERY, { first: 5, minSeq: 1 })) as Query;
        expect(recommendations.appliedThrough).toBe(1);
        expect(recommendations.items.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
        expect(recommendations.items.map(({ item }) => item.id)).toEqual(last().list.items.map((item) => item.itemId));

        await beckon.gateway.kill9();
        const { position } = last();
        // Life goes on while the screen has no connection: the newest list is made for whoever asks elsewhere.
        const elsewhere = beckon.as(user, { gateway: beckon.gateways[1]! });
        await record(elsewhere, [{ id: 'b2', type: 'purchase', itemId: itemId(2) }]);
        await beckon.gateway.restart();
        await eventually(() => expect(last().appliedThrough).toBe(2));
        expect(last().position.epoch).toBe(position.epoch);
        expect(last().position.revision).toBeGreaterThan(position.revision);

        await client.mutate(MUTATION, { b: [{ id: 'b3', type: 'purchase', itemId: itemId(3) }] });
        await eventually(() => expect(last().appliedThrough).toBe(3));
        const revisions = seen.map((event) => event.recommendations.position.revision);
        expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
        stop();
        await client.close();
      }),
    40_000,
  );
});
