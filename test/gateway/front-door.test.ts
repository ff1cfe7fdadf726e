import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { FrontDoor } from '../../src/gateway/socket/front-door';

const UPGRADE = `GET /s HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${'k'.repeat(22)}==\r\n\r\n`;
const postOf = (body: string): string => `POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('the front door', () => {
  let server: Server;
  let door: FrontDoor;
  let upgraded: Socket[];
  let byNode: string[];
  const clients: Socket[] = [];

  beforeEach(async () => {
    upgraded = [];
    byNode = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += String(bytes))).on('end', () => response.end(`${request.method} ${body}`));
    });
    server.setMaxListeners(0).on('upgrade', (request, stream) => {
      byNode.push(request.url!);
      stream.end('HTTP/1.1 101 By Node\r\n\r\n');
    });
    door = new FrontDoor(server, (request, stream) => {
      upgraded.push(stream);
      stream.write(`HTTP/1.1 101 By Door ${request.url}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const socket of [...clients.splice(0), ...upgraded]) socket.destroy();
    door.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(): Promise<Socket> {
    const arrived = once(server, 'connection');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    clients.push(socket);
    await arrived;
    return socket;
  }

  /** What comes until it holds a text. */
  function heard(socket: Socket, text: string): Promise<string> {
    return new Promise((resolve) => {
      let all = '';
      socket.on('data', (bytes: Buffer) => {
        all += bytes.toString();
        if (all.includes(text)) resolve(all);
      });
    });
  }

  it('lets a request for a socket in past Node, and loses nothing that comes after it', async () => {
    const client = await open();
    client.write(UPGRADE);
    await heard(client, 'By Door /s');
    client.write('more');
    client.write('and more');
    const [stream] = upgraded;
    expect(await heard(stream!, 'and more')).toBe('moreand more');
    expect(byNode).toEqual([]);
    expect(door.size).toBe(0);
  });

  it('keeps what comes while whoever takes it waits', async () => {
    const client = await open();
    client.write(UPGRADE);
    await heard(client, 'By Door');
    client.end('late');
    const [stream] = upgraded;
    const ended = once(stream!, 'end');
    expect(await heard(stream!, 'late')).toBe('late');
    await ended;
  });

  it.each([1, 4, 20, postOf('hello').length - 2])(
    'gives Node every other request whole, also one that is cut after %i bytes',
    async (cut) => {
      const client = await open();
      const [first, rest] = [postOf('hello').slice(0, cut), postOf('hello').slice(cut)];
      client.setNoDelay(true);
      client.write(first);
      while (door.size > 0) await new Promise((resolve) => setImmediate(resolve));
      client.write(rest);
      await heard(client, 'POST hello');
      client.write(postOf('again'));
      await heard(client, 'POST again');
    },
  );

  it('gives Node a request for a socket that comes in two parts', async () => {
    const client = await open();
    client.write(UPGRADE.slice(0, 30));
    while (door.size > 0) await new Promise((resolve) => setImmediate(resolve));
    client.write(UPGRADE.slice(30));
    await heard(client, 'By Node');
    expect(byNode).toEqual(['/s']);
  });

  it('gives Node who says nothing for long, with its deadlines', async () => {
    const client = await open();
    expect(door.size).toBe(1);
    while (door.size > 0) await new Promise((resolve) => setImmediate(resolve));
    client.write(postOf('late'));
    await heard(client, 'POST late');
  });

  it.each(['end', 'resetAndDestroy'] as const)('keeps nothing of who leaves without a word: %s', async (leave) => {
    const client = await open();
    client[leave]();
    while (door.size > 0) await new Promise((resolve) => setImmediate(resolve));
    const left = (): Promise<number> => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    while ((await left()) > 0);
    expect(upgraded).toEqual([]);
  });

  it('gives Node everything when it is closed, also what comes then', async () => {
    const [before] = [await open()];
    door.close();
    const after = await open();
    expect(door.size).toBe(0);
    for (const client of [before, after]) {
      client.write(UPGRADE);
      await heard(client, 'By Node');
    }
  });

  it('is crowded while connections come in turn after turn', async () => {
    expect(door.isCrowded).toBe(false);
    const coming = Array.from({ length: 200 }, () => open());
    while (!door.isCrowded) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(coming);
    while (door.isCrowded) await new Promise((resolve) => setImmediate(resolve));
  });
});
