import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { fakeParts } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

interface Gone {
  readonly code: number;
  readonly reason: string;
  /** How many sockets were open when this one was told to go. */
  readonly open: number;
}

describe('a gateway that ends in production', () => {
  let gateway: TestGateway;
  const begin = async (drain: { noticeMs: number; spreadMs: number }): Promise<void> => {
    gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, drain } });
  };
  afterEach(() => gateway.close());
  const ready = (): Promise<{ status: number; text: string }> =>
    fetch(gateway.httpUrl.replace('/graphql', '/health/ready')).then(async (res) => ({ status: res.status, text: await res.text() }));
  const connect = (): Promise<'open' | Error> =>
    new Promise((resolve) => {
      const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
      socket.once('open', () => resolve('open'));
      socket.once('error', resolve);
    });

  it('first says that it is not ready, and goes on as before until the notice is over', async () => {
    await begin({ noticeMs: 600_000, spreadMs: 0 });
    const socket = await gateway.socket();
    expect((await ready()).status).toBe(200);
    const closed = gateway.server.close(1000);
    const { status, text } = await ready();
    expect([status, JSON.parse(text)]).toEqual([
      503,
      {
        status: 'down',
        checks: [
          { name: 'gateway', status: 'down', message: 'this gateway is ending: use another one' },
          { name: 'store', status: 'ok' },
        ],
      },
    ]);
    expect((await fetch(gateway.httpUrl.replace('/graphql', '/health/live'))).status).toBe(200);
    const { answer } = await gateway.post({ query: '{ profile { userId } }' });
    expect(answer).toEqual({ data: { profile: { userId: 'dev' } } });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(await connect()).toBe('open');
    void gateway.server.close(); // again: the notice is over
    await closed;
    await eventually(() => expect(socket.readyState).toBe(WebSocket.CLOSED));
  });

  it('closes its sockets a few at a time, refuses new ones and answers requests meanwhile, and tells each when to come back', async () => {
    await begin({ noticeMs: 0, spreadMs: 1000 });
    const SOCKETS = 60;
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => gateway.socket()));
    const gone: Gone[] = [];
    for (const socket of sockets) {
      socket.once('close', (code, reason) => {
        const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
        gone.push({ code, reason: String(reason), open });
      });
    }
    const closed = gateway.server.close();
    await eventually(() => expect(gone.length).toBeGreaterThan(0));
    expect(gone.length).toBeLessThan(SOCKETS / 2);
    expect(await connect()).toMatchObject({ message: expect.stringContaining('503') as string });
    expect((await ready()).status).toBe(503);
    expect((await gateway.post({ query: '{ profile { userId } }' })).status).toBe(200);
    expect(gone.length).toBeLessThan(SOCKETS);
    await closed;
    expect(gone).toHaveLength(SOCKETS);
    const waits = gone.map(({ code, reason }) => {
      expect(code).toBe(1001);
      return Number(/^Going away: reconnect in (\d+) ms and resume with your last position$/.exec(reason)?.[1] ?? 0);
    });
    expect(new Set(waits).size).toBeGreaterThan(SOCKETS / 2);
    expect(Math.max(...waits)).toBeLessThan(1000);
    // Never more than a tick's share at once, but where this process was late for a tick.
    expect(new Set(gone.map(({ open }) => open)).size).toBeGreaterThan(5);
    await expect(ready()).rejects.toThrow();
  });

  it('cuts a socket that does not answer its goodbye, and ends', async () => {
    await begin({ noticeMs: 0, spreadMs: 200 });
    const sockets = await Promise.all([gateway.socket(), gateway.socket()]);
    for (const socket of sockets) socket.pause();
    await gateway.server.close(50);
    for (const socket of sockets) socket.terminate();
  });

  it('does not wait for sockets that are not there', async () => {
    await begin({ noticeMs: 0, spreadMs: 600_000 });
    await gateway.server.close();
    await expect(ready()).rejects.toThrow();
  });
});
