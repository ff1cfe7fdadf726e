import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultProxy } from '../../chaos/fault-proxy';
import { seededRandom } from '../../src/platform/random';
import { eventually } from '../support/eventually';

let server: Server;
let accepted: Socket[];
let proxy: FaultProxy;
const opened: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => socket.write(`echo ${data.toString()}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  proxy = await FaultProxy.open({ name: 'link', upstreamPort: port, random: seededRandom(1) });
});
afterEach(async () => {
  for (const socket of [...opened.splice(0), ...accepted]) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

async function dial(): Promise<{ socket: Socket; heard: () => string; closed: () => boolean }> {
  const socket = connect(proxy.port, '127.0.0.1');
  opened.push(socket);
  let text = '';
  let gone = false;
  socket.on('data', (data) => (text += data.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (gone = true));
  await once(socket, 'connect');
  const before = accepted.length;
  await eventually(() => expect(accepted.length).toBeGreaterThanOrEqual(Math.max(1, before)));
  return { socket, heard: () => text, closed: () => gone };
}

it('passes both ways', async () => {
  const { socket, heard } = await dial();
  socket.write('one');
  await eventually(() => expect(heard()).toBe('echo one'));
});

it('holds one way and lets go in order, with nothing lost', async () => {
  const { socket, heard } = await dial();
  proxy.hold('down');
  socket.write('one');
  let atServer = '';
  accepted[0]!.on('data', (data) => (atServer += data.toString()));
  socket.write(' two');
  await eventually(() => expect(atServer).toContain('two')); // up is open
  expect(heard()).toBe('');
  proxy.pass();
  await eventually(() => expect(heard().replaceAll('echo ', '')).toBe('one two'));
});

it('keeps the order of what it slows down', async () => {
  const { socket, heard } = await dial();
  proxy.slow({ delayMs: 1, jitterMs: 30 });
  const words = Array.from({ length: 20 }, (_, n) => `${n};`);
  for (const word of words) {
    socket.write(word);
    await new Promise(setImmediate);
  }
  await eventually(() => expect(heard().replaceAll('echo ', '')).toBe(words.join('')));
});

it('resets both sides', async () => {
  const { closed } = await dial();
  proxy.reset();
  await eventually(() => expect([closed(), accepted[0]!.destroyed]).toEqual([true, true]));
  expect(proxy.connections).toBe(0);
});

it.each(['connecting', 'accepting'] as const)('loses the %s side of a connection without telling the other', async (lost) => {
  const { socket, heard, closed } = await dial();
  proxy.halfOpen(lost);
  const [gone, unknowing] = lost === 'connecting' ? [closed, () => accepted[0]!.destroyed] : [() => accepted[0]!.destroyed, closed];
  await eventually(() => expect(gone()).toBe(true));
  if (lost === 'accepting') socket.write('is anybody there?');
  const second = await dial(); // as usual
  second.socket.write('yes');
  await eventually(() => expect(second.heard()).toBe('echo yes'));
  expect([unknowing(), heard()]).toEqual([false, '']);
  expect(proxy.orphans).toBe(lost === 'connecting' ? 1 : 0);
});
