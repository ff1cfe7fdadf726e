import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { LeavingCrowd } from '../../src/gateway/socket/leaving-crowd';
import { eventually } from '../support/eventually';

const MANY = 400;

describe('a crowd that leaves at once', () => {
  let server: Server;
  let crowd: LeavingCrowd;
  let clients: Socket[];
  const there = new Set<Socket>();
  let heard: string[];

  beforeEach(async () => {
    there.clear();
    heard = [];
    clients = [];
    server = createServer((socket) => {
      there.add(socket);
      socket.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
      socket.on('end', () => crowd.left()).on('error', () => crowd.left());
      socket.on('close', () => there.delete(socket));
    });
    crowd = new LeavingCrowd(() => there);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (let k = 0; k < MANY; k++) {
      clients.push(connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined));
    }
    await eventually(() => expect(there.size).toBe(MANY));
  });

  afterEach(async () => {
    crowd.stop();
    for (const socket of [...clients, ...there]) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** The most that left in one turn of the event loop, of all turns until nobody is there or only `rest`. */
  function mostInATurn(rest: number): Promise<number> {
    let most = 0;
    let before = there.size;
    return new Promise((resolve) => {
      const look = (): void => {
        most = Math.max(most, before - there.size);
        before = there.size;
        if (there.size > rest) setImmediate(look);
        else resolve(most);
      };
      setImmediate(look);
    });
  }

  it.each([
    ['with a goodbye', (socket: Socket): unknown => socket.destroy()],
    ['without', (socket: Socket): unknown => socket.resetAndDestroy()],
  ])('%s: is let go of a few in each turn, and nobody is left behind', async (_, leave) => {
    const most = mostInATurn(0);
    for (const socket of clients) leave(socket);
    expect(await most).toBeLessThanOrEqual(2 * 33); // those of a turn in which it shows that it is one, and those that are heard next
    expect(crowd.size).toBe(0);
  });

  it('does not lose a word of those that stay', async () => {
    const [staying, ...leaving] = clients;
    const most = mostInATurn(1);
    for (const socket of leaving) socket.destroy();
    staying!.write('still here');
    await most;
    await eventually(() => expect(heard).toEqual(['still here']));
    staying!.write('and now');
    await eventually(() => expect(heard).toEqual(['still here', 'and now']));
  });

  it('leaves alone what is not being read', async () => {
    const paused = [...there][0]!;
    const handle = (paused as unknown as { _handle: { reading: boolean; readStop(): void } })._handle;
    handle.reading = false; // as Node notes it
    handle.readStop();
    const client = clients.find(({ localPort }) => localPort === paused.remotePort)!;
    const most = mostInATurn(1);
    for (const socket of clients) if (socket !== client) socket.destroy();
    client.write('unread');
    await most;
    await eventually(() => expect(crowd.size).toBe(0));
    expect(heard).toEqual([]);
  });

  it('is heard at once when nothing more is to be kept back', async () => {
    for (let k = 0; k < 40; k++) crowd.left();
    expect(crowd.size).toBe(MANY);
    crowd.stop();
    expect(crowd.size).toBe(0);
    clients[0]!.write('heard');
    await eventually(() => expect(heard).toEqual(['heard']));
  });

  it('a few that leave keep nobody from being heard', () => {
    for (let k = 0; k < 32; k++) crowd.left();
    expect(crowd.size).toBe(0);
  });
});
