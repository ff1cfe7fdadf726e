import { get } from 'node:http';
import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import type { GatewayLimits, GatewaySettings } from '../../src/gateway/gateway-deps';
import { sha256, trustedDocuments } from '../../src/gateway/pipeline/trusted-documents';
import { systemClock } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { Bystander } from './attacks/bystander';
import { CONNECTION_ATTACKS, SECRET, SHOP, SLOW_ATTACKS, tokenOf, type ConnectionAttack, type Target } from './attacks/connection-attacks';
import { DOCUMENT_ATTACKS } from './attacks/document-attacks';
import { endOf, exchange, openSocket, send, type Outcome, type Transport, type Wire } from './attacks/transports';
import { fakeParts, listOf } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

const TRANSPORTS: readonly Transport[] = ['http', 'ws', 'sse'];
const OWN = { query: '{ profile { seq } }' };
const WATCH = { query: 'subscription { recommendations { appliedThrough } }' };

let gateway: TestGateway;
let bystander: Bystander;
let target: Target;

/** A gateway as in production, and somebody who uses it. The attacker is a user without scopes. */
async function open(rest: Partial<GatewaySettings> = {}, limits: Partial<GatewayLimits> = {}): Promise<void> {
  const authenticator = await createJwtAuthenticator({ secret: SECRET }, systemClock);
  const settings = {
    ...TEST_SETTINGS,
    introspection: false,
    allowedOrigins: [SHOP],
    ...rest,
    limits: { ...TEST_SETTINGS.limits, ...limits },
  };
  gateway = await startTestGateway(fakeParts({ authenticator }), { settings });
  bystander = await Bystander.arrive(gateway, 'kim', await tokenOf({ sub: 'kim' }));
  target = { url: gateway.httpUrl, headers: await tokenOf({ sub: 'mallory' }) };
}

async function close(): Promise<void> {
  bystander.leave();
  await gateway.close();
}

const LEAK = / {4}at |node_modules|\.[jt]s:\d|\/(?:root|home|work|srv|usr|tmp)\/|rediss?:\/\/|127\.0\.0\.1|stacktrace|Did you mean/;

function expectRefused({ verdict, text }: Outcome, refused: string | Readonly<Record<Transport, string>>, transport: Transport): void {
  expect(verdict).toBe(typeof refused === 'string' ? refused : refused[transport]);
  expect(text).not.toMatch(LEAK);
  expect(text.length).toBeLessThan(20_000);
}

describe('the attack table', () => {
  it('has at least 60 attacks on each of three transports', () => {
    expect(DOCUMENT_ATTACKS.length + CONNECTION_ATTACKS.length + SLOW_ATTACKS.length).toBeGreaterThanOrEqual(60);
    const names = [...DOCUMENT_ATTACKS, ...CONNECTION_ATTACKS, ...SLOW_ATTACKS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a gateway as in production', () => {
  beforeAll(() => open());
  afterAll(close);
  afterEach(() => bystander.isUndisturbed());

  describe.each(TRANSPORTS)('over %s refuses', (transport) => {
    it.each(DOCUMENT_ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async (_name, { sent, refused }) => {
      expectRefused(await send(transport, sent, target), refused, transport);
    });

    it.each(CONNECTION_ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async (_name, { attack, refused }) => {
      expect(await attack(transport, target)).toBe(refused[transport]);
    });

    it('nothing that is right', async () => {
      expect((await send(transport, OWN, target)).verdict).toBe('ok');
      expect((await send(transport, OWN, { ...target, headers: { ...target.headers, origin: SHOP } })).verdict).toBe('ok');
    });
  });

  const getting = (query: string, headers: Record<string, string>) =>
    exchange({ url: `${target.url}?${query}`, method: 'GET', headers: { ...target.headers, ...headers } });

  it.each([
    ['a mutation by GET', 'query=mutation{eraseProfile{userId}}', {}, 405],
    ['a mutation by GET for events', 'query=mutation{eraseProfile{userId}}', { accept: 'text/event-stream' }, 405],
    ['a link of another site', 'query={profile{seq}}', { 'sec-fetch-mode': 'navigate' }, 400],
    ['a parameter given twice', 'query={profile{seq}}&query={models{name}}', {}, 400],
    ['variables that are no JSON', 'query={profile{seq}}&variables={', {}, 400],
  ])('over HTTP refuses %s', async (_name, query, headers, status) => {
    const answered = await getting(query.replaceAll('{', '%7B').replaceAll('}', '%7D'), headers);
    expect(answered).toMatchObject({ status, text: expect.stringContaining('"code":"BAD_REQUEST"') as string });
  });

  it.each([
    ['an operation before connection_init', ['{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}'], 4401],
    ['connection_init twice', ['init', 'init'], 4429],
    ['an operation id that is in use', ['init', 'watch', 'watch'], 4409],
  ])('over WebSocket refuses %s', async (_name, messages, code) => {
    const socket = openSocket(target.url);
    const words: Record<string, unknown> = {
      init: { type: 'connection_init', payload: target.headers },
      watch: { id: '1', type: 'subscribe', payload: WATCH },
    };
    const [first, ...others] = messages.map((word) => (word in words ? JSON.stringify(words[word]) : word));
    socket.once('open', () => socket.send(first!));
    socket.once('message', () => others.forEach((word) => socket.send(word)));
    expect(await endOf(socket)).toBe(`close ${code}`);
  });
});

describe('a gateway that was told of its documents', () => {
  const TRUSTED = '{ recommendations { position { revision } } }';
  const HASH = sha256(TRUSTED);
  const WATCHED = 'subscription { recommendations { position { revision } } }';
  const byHash = trustedDocuments({ [HASH]: TRUSTED, [sha256(WATCHED)]: WATCHED }, { only: true });
  beforeAll(() => open({ trustedDocuments: byHash }));
  afterAll(close);
  afterEach(() => bystander.isUndisturbed());

  const attacks: readonly (readonly [string, Wire, string])[] = [
    ['another document', OWN, 'DOCUMENT_NOT_TRUSTED'],
    ['a trusted document with a field more', { query: TRUSTED.replace('revision', 'revision epoch') }, 'DOCUMENT_NOT_TRUSTED'],
    ['another document under the hash of a trusted one', { ...OWN, documentId: HASH }, 'BAD_REQUEST'],
    ['a hash that nobody knows', { query: '', documentId: 'b'.repeat(64) }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a path for a hash', { query: '', documentId: '../../etc/passwd' }, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'a name of the prototype for a hash',
      { query: '', extensions: { persistedQuery: { sha256Hash: '__proto__' } } },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['a hash that is an object', { query: '', extensions: { persistedQuery: { sha256Hash: {} } } }, 'BAD_REQUEST'],
  ];

  describe.each(TRANSPORTS)('over %s', (transport) => {
    it.each(attacks)('refuses %s', async (_name, sent, refused) => {
      expectRefused(await send(transport, sent, target), refused, transport);
    });

    it('runs a trusted document by its text and by its hash, in either form', async () => {
      const persistedQuery = { version: 1, sha256Hash: HASH };
      for (const sent of [{ query: TRUSTED }, { query: '', documentId: `sha256:${HASH}` }, { query: '', extensions: { persistedQuery } }])
        expect((await send(transport, sent, target)).verdict).toBe('ok');
    });
  });
});

describe('a gateway with short deadlines', () => {
  beforeAll(() => open({ deadlines: { connectionInitMs: 1000, requestHeadersMs: 500, requestMs: 1000 } }));
  afterAll(close);
  afterEach(() => bystander.isUndisturbed());

  const cases = TRANSPORTS.flatMap((transport) => SLOW_ATTACKS.map((attack) => [transport, attack.name, attack] as const));
  it.each(cases)('over %s cuts %s', async (transport, _name, { attack, refused }: ConnectionAttack) => {
    expect(await attack(transport, target)).toBe(refused[transport]);
  });
});

describe('a gateway with low limits', () => {
  const ELSEWHERE = '127.0.0.2';
  beforeAll(() => open({}, { maxConnectionsPerUser: 3, maxConnectionsPerAddress: 5, maxMessagesPerSecond: 20 }));
  afterAll(close);
  afterEach(() => bystander.isUndisturbed());

  /** Opens watches until they are as many as said, each on a connection of its own. Returns how to end them. */
  async function fill(transport: 'ws' | 'sse', count: number, userOf: (n: number) => string): Promise<() => void> {
    const before = gateway.watching.size;
    const ending = new AbortController();
    for (let n = 0; n < count; n++) {
      const headers = await tokenOf({ sub: userOf(n) });
      if (transport === 'ws') {
        const socket = openSocket(target.url, { localAddress: ELSEWHERE });
        socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: headers })));
        socket.once('message', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: WATCH })));
        ending.signal.addEventListener('abort', () => socket.terminate());
      } else {
        const url = `${target.url}?query=${encodeURIComponent(WATCH.query)}`;
        const options = { agent: false, localAddress: ELSEWHERE, headers: { ...headers, accept: 'text/event-stream' } };
        const sent = get(url, options).once('error', () => undefined);
        ending.signal.addEventListener('abort', () => sent.destroy());
      }
    }
    await eventually(() => expect(gateway.watching.size).toBe(before + count));
    return () => ending.abort();
  }

  const from = { localAddress: ELSEWHERE };
  describe.each([
    ['ws', 'close 4420', 'handshake 429'],
    ['sse', '429 OVERLOADED', '429 OVERLOADED'],
  ] as const)('over %s', (transport, tooManyOfUser, tooManyOfAddress) => {
    it('bounds the connections of a user, and takes more when one has ended', async () => {
      const end = await fill(transport, 3, () => 'mallory');
      expect((await send(transport, OWN, { ...target, ...from })).verdict).toBe(tooManyOfUser);
      end();
      await eventually(async () => expect((await send(transport, OWN, { ...target, ...from })).verdict).toBe('ok'));
    });

    it('bounds the connections of an address, and takes more when one has ended', async () => {
      await eventually(() => expect(gateway.watching.size).toBe(2));
      const end = await fill(transport, 5, (n) => `user-${n}`);
      expect((await send(transport, OWN, { ...target, ...from })).verdict).toBe(tooManyOfAddress);
      end();
      await eventually(async () => expect((await send(transport, OWN, { ...target, ...from })).verdict).toBe('ok'));
    });
  });

  it('closes a socket that sends more messages than are allowed', async () => {
    const socket = openSocket(target.url);
    socket.once('open', () => {
      for (let n = 0; n < 200; n++) socket.send('{"type":"ping"}');
    });
    expect(await endOf(socket)).toBe('close 4421');
  });

  it('answers OVERLOADED to more operations than a socket may have, and leaves it open', async () => {
    const client = gateway.client({ lazy: false, connectionParams: target.headers });
    const running = Array.from({ length: TEST_SETTINGS.limits.maxOperationsPerSocket }, () => client.iterate(WATCH));
    gateway.push(listOf('mallory', ['a']));
    for (const events of running) await events.next();
    await expect(client.iterate(WATCH).next()).rejects.toMatchObject([{ extensions: { code: 'OVERLOADED', retryable: true } }]);
    await client.dispose();
  });
});
