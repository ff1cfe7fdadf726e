import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { readUpgrade, type UpgradeRequest } from '../../src/gateway/socket/upgrade-request';

const LINES = [
  'GET /graphql HTTP/1.1',
  'Host: beckon.example:4000',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const requestOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const withLine = (line: string): string => requestOf([...LINES, line]);
const withFirst = (first: string): string => requestOf([first, ...LINES.slice(1)]);
const without = (name: string): string => requestOf(LINES.filter((line) => !line.startsWith(name)));
const read = (text: string): UpgradeRequest | undefined => readUpgrade(Buffer.from(text, 'latin1'));

/** Requests that clients send. */
const USUAL: Readonly<Record<string, string>> = {
  'the least there is': requestOf(LINES),
  'what browsers send': requestOf([
    ...LINES.filter((line) => !line.startsWith('Connection')),
    'Connection: keep-alive, Upgrade',
    'Pragma: no-cache',
    'Origin: https://shop.example',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
    'Cookie: a=b; c="d e"',
  ]),
  'a query': withFirst('GET /graphql?a=b&c=%20 HTTP/1.1'),
  'names in other letters': requestOf(LINES.map((line, k) => (k === 0 ? line : line.toLowerCase()))),
  'a value with spaces and tabs about it': withLine('x-a:  \t b'),
  'no space before a value': withLine('x-a:b'),
  'a token': withLine('Authorization: Bearer a.b-c_d'),
};

/** Whatever is wrong with them, or is not: Node says. */
const OTHERS: Readonly<Record<string, string>> = {
  'a part of one': requestOf(LINES).slice(0, -1),
  'something after it': `${requestOf(LINES)}x`,
  'two of them': requestOf(LINES) + requestOf(LINES),
  'another method': withFirst('POST /graphql HTTP/1.1'),
  'another version': withFirst('GET /graphql HTTP/1.0'),
  'a whole address': withFirst('GET http://beckon.example/graphql HTTP/1.1'),
  'a space in the path': withFirst('GET /graph ql HTTP/1.1'),
  'no host': without('Host'),
  'no connection': without('Connection'),
  'no upgrade': without('Upgrade'),
  'another upgrade': requestOf(LINES.map((line) => line.replace('websocket', 'h2c'))),
  'a connection that keeps something': requestOf(LINES.map((line) => line.replace(': Upgrade', ': close, Upgrade'))),
  'a header twice': withLine('host: elsewhere.example'),
  'a body': withLine('Content-Length: 3'),
  'a body in chunks': withLine('Transfer-Encoding: chunked'),
  'an expectation': withLine('Expect: 100-continue'),
  'a header over two lines': withLine('x-a: b\r\n c'),
  'a line that ends with a line feed': withLine('x-a: b\nx-c: d'),
  'a line that ends with a carriage return': withLine('x-a: b\rx-c: d'),
  'a space before the colon': withLine('x-a : b'),
  'no value': withLine('x-a:'),
  'a space after a value': withLine('x-a: b '),
  'no colon': withLine('x-a'),
  'a name that objects have': withLine('__proto__: x'),
  'what is not ASCII': withLine('x-a: \u00e9'),
  'a zero': withLine('x-a: b\u0000c'),
  much: withLine(`x-a: ${'b'.repeat(9000)}`),
  nothing: '',
  TLS: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'.padEnd(200, 'x'),
};

describe('a request for a WebSocket', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  async function asNodeReads(text: string): Promise<UpgradeRequest> {
    const upgraded = new Promise<UpgradeRequest>((resolve) => {
      server.once('upgrade', ({ method, url, headers }: IncomingMessage, stream: Duplex) => {
        stream.destroy();
        resolve({ method: method!, url: url!, headers });
      });
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    socket.write(text, 'latin1');
    return upgraded;
  }

  it.each(Object.entries(USUAL))('is read as Node reads it: %s', async (_, text) => {
    expect(read(text)).toEqual(await asNodeReads(text));
  });

  it.each(Object.entries(OTHERS))('is left to Node: %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('is left to Node wherever it is cut', () => {
    const text = requestOf(LINES);
    for (let bytes = 0; bytes < text.length; bytes++) expect(read(text.slice(0, bytes))).toBeUndefined();
  });
});
