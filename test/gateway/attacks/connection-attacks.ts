import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { endOf, openSocket, send, type Transport } from './transports';

export const SECRET = 'a secret that is long enough for HS256';
export const SHOP = 'https://shop.example';

type Headers = Readonly<Record<string, string>>;

/** How the gateway is reached, and as whom. */
export interface Target {
  readonly url: string;
  /** Of a user without scopes. */
  readonly headers: Headers;
}

/** What is done to a transport, and what comes of it there. */
export interface ConnectionAttack {
  readonly name: string;
  readonly attack: (transport: Transport, target: Target) => Promise<string>;
  readonly refused: Readonly<Record<Transport, string>>;
}

const OWN = { query: '{ profile { seq } }' };

export async function tokenOf(claims: Readonly<Record<string, unknown>>, secret = SECRET): Promise<Headers> {
  const exp = Math.floor(performance.timeOrigin / 1000) + 3600;
  const token = await new SignJWT({ exp, ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
  return { authorization: `Bearer ${token}` };
}

/** The same verdict over HTTP and event streams, another one on sockets. */
const refusals = (http: string, ws: string): Record<Transport, string> => ({ http, ws, sse: http });

const verdictOf = async (...sent: Parameters<typeof send>): Promise<string> => (await send(...sent)).verdict;

const identity = (name: string, headersOf: () => Headers | Promise<Headers>): ConnectionAttack => ({
  name,
  attack: async (transport, { url }) => verdictOf(transport, OWN, { url, headers: await headersOf() }),
  refused: refusals('401 UNAUTHENTICATED', 'close 4403'),
});

const unsigned = (payload: object): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.`;

const IDENTITIES: readonly ConnectionAttack[] = [
  identity('no token', () => ({})),
  identity('a token that has expired', () => tokenOf({ sub: 'ann', exp: 1_000_000_000 })),
  identity('a token of another secret', () => tokenOf({ sub: 'ann' }, 'another secret, long enough for HS256 too')),
  identity('a token that nobody signed', () => ({ authorization: `Bearer ${unsigned({ sub: 'ann', exp: 4_000_000_000 })}` })),
  identity('a token without an end', () => tokenOf({ sub: 'ann', exp: undefined })),
  identity('a token of no tenant that there is', () => tokenOf({ sub: 'ann', tenant: 'elsewhere' })),
  identity('a token with a user of two lines', () => tokenOf({ sub: 'ann\r\nx' })),
  identity('the headers of the development identity', () => ({ 'x-beckon-user': 'ann', 'x-beckon-scopes': 'operate' })),
  {
    name: 'a token in the address, where logs keep it',
    attack: (transport, { url, headers }) =>
      verdictOf(transport, OWN, { url: `${url}?authorization=${encodeURIComponent(headers['authorization']!)}` }),
    refused: refusals('401 UNAUTHENTICATED', 'close 4403'),
  },
];

const fromOrigin = (name: string, origin: string): ConnectionAttack => ({
  name,
  attack: (transport, { url, headers }) => verdictOf(transport, OWN, { url, headers: { ...headers, origin } }),
  refused: refusals('403 FORBIDDEN', 'handshake 403'),
});

const ORIGINS: readonly ConnectionAttack[] = [
  fromOrigin('a page of another site', 'https://evil.example'),
  fromOrigin('a page of a site that begins like ours', `${SHOP}.evil.example`),
  fromOrigin('a page of ours without TLS', SHOP.replace('https', 'http')),
  fromOrigin('a page in a sandbox', 'null'),
  {
    name: 'what a browser sends for another site without asking',
    attack: async (transport, { url, headers }) => {
      if (transport === 'ws') return verdictOf('ws', OWN, { url, headers: { ...headers, origin: 'null' } });
      const sneaked = { ...headers, 'content-type': 'text/plain' };
      if (transport === 'http') return verdictOf('http', OWN, { url, headers: sneaked });
      const address = `${url}?query=${encodeURIComponent(OWN.query)}`;
      return verdictOf('sse', '', { url: address, method: 'GET', headers: { ...headers, 'sec-fetch-mode': 'no-cors' } });
    },
    refused: { http: 'BAD_REQUEST', ws: 'handshake 403', sse: 'BAD_REQUEST' },
  },
];

const bytes = (name: string, body: string | Buffer, refused: Record<Transport, string>, extra: Headers = {}): ConnectionAttack => ({
  name,
  attack: (transport, { url, headers }) => verdictOf(transport, body, { url, headers: { ...headers, ...extra } }),
  refused,
});

const message = (payload: unknown): string => JSON.stringify({ id: '1', type: 'subscribe', payload });
/** The same mistake in the body of a request and in a message. */
const both = (name: string, payload: unknown, http: string): ConnectionAttack => ({
  name,
  attack: (transport, { url, headers }) =>
    verdictOf(transport, transport === 'ws' ? message(payload) : JSON.stringify(payload), { url, headers }),
  refused: refusals(http, 'close 4400'),
});

const BODIES: readonly ConnectionAttack[] = [
  bytes('ten megabytes', JSON.stringify({ query: 'x'.repeat(10 * 1024 * 1024) }), refusals('413 BAD_INPUT', 'close 1009')),
  {
    name: 'little that grows to much',
    attack: async (transport, { url, headers }) => {
      const much = JSON.stringify({ query: ' '.repeat(20 * 1024 * 1024) });
      if (transport !== 'ws') return verdictOf(transport, gzipSync(much), { url, headers: { ...headers, 'content-encoding': 'gzip' } });
      const socket = openSocket(url);
      socket.once('open', () => {
        for (let sent = 0; sent < much.length; sent += 64 * 1024) socket.send(much.slice(sent, sent + 64 * 1024), { fin: false });
      });
      return endOf(socket);
    },
    refused: refusals('413 BAD_INPUT', 'close 1009'),
  },
  bytes(
    'a compression that nobody reads',
    '{}',
    { http: '415 BAD_INPUT', ws: 'close 4400', sse: '415 BAD_INPUT' },
    { 'content-encoding': 'zstd' },
  ),
  bytes('what is no JSON', 'hello', refusals('BAD_INPUT', 'close 4400')),
  bytes('what is no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b]), refusals('BAD_INPUT', 'close 4400')),
  bytes('a number', '7', refusals('BAD_INPUT', 'close 4400')),
  bytes('a batch of operations', JSON.stringify([OWN, OWN]), refusals('BAD_REQUEST', 'close 4400')),
  both('a document that is an object', { query: { $ne: '' } }, 'BAD_REQUEST'),
  both('variables that are text', { ...OWN, variables: 'x' }, 'BAD_REQUEST'),
  both('an operation name that is a number', { ...OWN, operationName: 7 }, 'BAD_REQUEST'),
  both('extensions that are text', { ...OWN, extensions: 'x' }, 'BAD_REQUEST'),
];

/** JSON text that `JSON.stringify` could not make. */
const deep = (depth: number): string => {
  const query = 'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { users { seq } } }';
  return `{"query":${JSON.stringify(query)},"variables":{"b":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
};

const DEEP: ConnectionAttack = {
  name: 'variables that nest without end',
  attack: (transport, { url, headers }) =>
    verdictOf(transport, transport === 'ws' ? `{"id":"1","type":"subscribe","payload":${deep(100_000)}}` : deep(100_000), { url, headers }),
  refused: refusals('BAD_USER_INPUT', 'BAD_USER_INPUT'),
};

const REQUESTS: readonly ConnectionAttack[] = [
  {
    name: 'another path',
    attack: (transport, { url, headers }) => verdictOf(transport, OWN, { url: url.replace('/graphql', '/admin'), headers }),
    refused: refusals('404 BAD_INPUT', 'handshake 404'),
  },
  {
    name: 'headers without end',
    attack: (transport, { url, headers }) => {
      const long = { ...headers, 'x-long': 'x'.repeat(40_000) };
      if (transport !== 'ws') return verdictOf(transport, OWN, { url, headers: long });
      return endOf(openSocket(url, { headers: long }));
    },
    refused: refusals('431 no answer', 'handshake 431'),
  },
  {
    name: 'a form of answer that there is not',
    attack: (transport, { url, headers }) => {
      if (transport === 'ws') return endOf(openSocket(url, {}, []));
      return verdictOf(transport, OWN, {
        url,
        headers: { ...headers, accept: transport === 'http' ? 'text/html' : 'text/event-stream;q=0' },
      });
    },
    refused: refusals('406 BAD_REQUEST', 'close 4406'),
  },
  {
    name: 'a method, or a message, that there is not',
    attack: (transport, { url, headers }) =>
      transport === 'ws'
        ? verdictOf('ws', '{"type":"hack"}', { url, headers })
        : verdictOf(transport, OWN, { url, headers, method: transport === 'http' ? 'DELETE' : 'PUT' }),
    refused: refusals('405 BAD_INPUT', 'close 4400'),
  },
];

export const CONNECTION_ATTACKS: readonly ConnectionAttack[] = [...IDENTITIES, ...ORIGINS, ...BODIES, DEEP, ...REQUESTS];

/** Sends text over a bare connection and keeps it open. The status that comes back, or `cut`. */
function leftOpen(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (part) => (answer += part.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'cut'));
  });
}

const head = (transport: Transport, { authorization }: Headers): string => {
  if (transport === 'ws') return 'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  const accept = transport === 'sse' ? 'text/event-stream' : 'application/json';
  const fields = { Host: 'x', Accept: accept, Authorization: authorization!, 'Content-Type': 'application/json', 'Content-Length': '1000' };
  return `POST /graphql HTTP/1.1\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;
};

/** Of a gateway with short deadlines. */
export const SLOW_ATTACKS: readonly ConnectionAttack[] = [
  {
    name: 'headers that never end',
    attack: (transport, { url, headers }) => leftOpen(url, head(transport, headers)),
    refused: { http: '408', ws: '408', sse: '408' },
  },
  {
    name: 'a body, or a beginning, that never comes',
    attack: (transport, { url, headers }) =>
      transport === 'ws' ? endOf(openSocket(url)) : leftOpen(url, `${head(transport, headers)}\r\n{"query":`),
    refused: { http: '408', ws: 'close 4408', sse: '408' },
  },
];
