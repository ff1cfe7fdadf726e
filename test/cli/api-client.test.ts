import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import { createApiClient, type ApiClient } from '../../src/cli/api-client';
import { ApiError } from '../../src/cli/api-error';
import { startStubGateway, stubSchema, type StubGateway } from './stub-gateway';

const WATCH = 'subscription ($userId: ID) { recommendations(userId: $userId) { appliedThrough } }';
const changes = new EventEmitter();
const lists = async function* (): AsyncGenerator<{ recommendations: { appliedThrough: number } }> {
  yield { recommendations: { appliedThrough: 0 } };
  for await (const [appliedThrough] of on(changes, 'change')) yield { recommendations: { appliedThrough: appliedThrough as number } };
};

let gateway: StubGateway;
let client: ApiClient;

beforeAll(async () => {
  gateway = await startStubGateway(
    stubSchema({
      Query: {
        item: (_: unknown, { id }: { id: string }) => {
          if (id === 'busy')
            throw new GraphQLError('too much is waiting', { extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 250 } });
          if (id === 'wrong')
            throw new GraphQLError('id is malformed', { extensions: { code: 'BAD_INPUT', retryable: false, field: 'id' } });
          return { id, title: 'Lamp' };
        },
      },
      Subscription: {
        recommendations: {
          subscribe: (_: unknown, { userId }: { userId: string }) => {
            if (userId === 'stranger')
              throw new GraphQLError('this needs the scope read:any', { extensions: { code: 'FORBIDDEN', retryable: false } });
            return lists();
          },
        },
      },
    }),
  );
});
afterAll(() => gateway.stop());
beforeEach(() => {
  client = createApiClient({ url: gateway.url, headers: { 'x-beckon-user': 'ada' } });
});
afterEach(() => client.close());

const ITEM = 'query ($id: ID!) { item(id: $id) { id title } }';

describe('request', () => {
  it('gives the data, and sends variables and identity', async () => {
    expect(await client.request(ITEM, { id: 'a' })).toEqual({ item: { id: 'a', title: 'Lamp' } });
    expect(gateway.headers.at(-1)).toMatchObject({ 'x-beckon-user': 'ada' });
  });

  it.each([
    ['busy', { code: 'OVERLOADED', retryable: true, retryAfterMs: 250, message: 'too much is waiting' }],
    ['wrong', { code: 'BAD_INPUT', retryable: false, field: 'id' }],
  ])('throws what the gateway says of %s', async (id, expected) => {
    const failure = client.request(ITEM, { id });
    await expect(failure).rejects.toBeInstanceOf(ApiError);
    await expect(failure).rejects.toMatchObject(expected);
  });

  it('says that nobody is there, retryable', async () => {
    await expect(createApiClient({ url: 'http://127.0.0.1:9/graphql' }).request(ITEM, { id: 'a' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      retryable: true,
    });
  });

  it('says when it is not GraphQL that answers', async () => {
    const server = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await expect(createApiClient({ url: `http://127.0.0.1:${port}/` }).request(ITEM, { id: 'a' })).rejects.toMatchObject({
      code: 'NOT_GRAPHQL',
      retryable: false,
    });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it('ends when its signal says so', async () => {
    await expect(client.request(ITEM, { id: 'a' }, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('subscribe', () => {
  it('delivers in order, with identity on the socket', async () => {
    const updates = client.subscribe<{ recommendations: { appliedThrough: number } }>(WATCH);
    expect((await updates.next()).value).toEqual({ recommendations: { appliedThrough: 0 } });
    const next = [updates.next(), updates.next()];
    changes.emit('change', 1);
    changes.emit('change', 2);
    expect(
      (await Promise.all(next)).map(
        ({ value }) => (value as { recommendations: { appliedThrough: number } }).recommendations.appliedThrough,
      ),
    ).toEqual([1, 2]);
    expect(gateway.headers.at(-1)).toMatchObject({ 'x-beckon-user': 'ada', upgrade: 'websocket' });
    await updates.return?.();
  });

  it('can be ended while it waits', async () => {
    const updates = client.subscribe(WATCH);
    await updates.next();
    const waiting = updates.next();
    await updates.return?.();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('throws the gateway’s refusal', async () => {
    await expect(client.subscribe(WATCH, { userId: 'stranger' }).next()).rejects.toMatchObject({ code: 'FORBIDDEN', retryable: false });
  });

  it('goes on by itself after the connection is cut, and tells', async () => {
    const told: string[] = [];
    const watching = createApiClient({
      url: gateway.url,
      onLost: () => told.push('lost'),
      onConnected: (again) => told.push(again ? 'again' : 'first'),
    });
    const updates = watching.subscribe<{ recommendations: { appliedThrough: number } }>(WATCH);
    await updates.next();
    const next = updates.next();
    gateway.cutSockets();
    expect((await next).value).toEqual({ recommendations: { appliedThrough: 0 } }); // the current list, sent again
    expect(told).toEqual(['first', 'lost', 'again']);
    await watching.close();
  });

  it('ends with an error instead where it is told not to reconnect', async () => {
    const watching = createApiClient({ url: gateway.url, reconnects: 0 });
    const updates = watching.subscribe(WATCH);
    await updates.next();
    const next = updates.next();
    gateway.cutSockets();
    await expect(next).rejects.toMatchObject({ code: 'CLOSED', retryable: true });
    await watching.close();
  });
});
