import type WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { fakeParts, itemOf, listOf } from './support/fake-parts';
import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';

const WATCHERS = 20;
const ITEMS = 50;
/** As long again has a reader to see why it was closed. */
const SLOW_READER_MS = 2500;
/** Enough that what the two operating system buffers of a socket hold is a small part of it. */
const ROUNDS = 3000;

/** Lists of some 40 KB: content is long here, so that few fill the buffers of a connection that is not read. */
const WATCH = 'subscription { recommendations(first: 50) { position { revision } list { items { itemId content { title text } } } } }';

const ids = Array.from({ length: ITEMS }, (_, k) => `item-${k}`);
const listAt = (userId: string, revision: number) => {
  const list = listOf(userId, ids, { revision, appliedThrough: revision });
  const content = { title: 'T'.repeat(200), text: 'x'.repeat(600), callToAction: 'Go' };
  return { ...list, items: list.items.map((item) => ({ ...item, content })) };
};

interface Reader {
  readonly socket: WebSocket;
  readonly userId: string;
  readonly revisions: number[];
  closed: readonly [number, string] | undefined;
}

let gateway: TestGateway;
beforeEach(async () => {
  const parts = fakeParts();
  for (const id of ids) parts.items.set(id, itemOf(id));
  gateway = await startTestGateway(parts, { settings: { ...TEST_SETTINGS, slowReaderMs: SLOW_READER_MS } });
});
afterEach(() => gateway.close());

async function open(k: number): Promise<Reader> {
  const socket = await gateway.socket();
  const reader: Reader = { socket, userId: `user-${k}`, revisions: [], closed: undefined };
  socket.on('message', (data: Buffer) => {
    const [, revision] = /"revision":(\d+)/.exec(data.toString('latin1', 0, 200)) ?? [];
    if (revision !== undefined) reader.revisions.push(Number(revision));
    else if (data.includes('connection_ack')) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: WATCH } }));
  });
  socket.on('close', (code, reason) => (reader.closed = [code, String(reason)]));
  gateway.push(listAt(reader.userId, 1));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': reader.userId } }));
  await eventually(() => expect(reader.revisions).toEqual([1]));
  return reader;
}

const slowReaders = async (state: 'unread' | 'closing'): Promise<number> => {
  const { values } = await gateway.deps.metrics.registry.getSingleMetric('beckon_gateway_slow_readers')!.get();
  return values.find(({ labels }) => labels['state'] === state)?.value ?? 0;
};

it('half of the readers stop: they keep one list each, are closed with 4430, and the others miss nothing', async () => {
  const readers: Reader[] = [];
  for (let k = 0; k < WATCHERS; k++) readers.push(await open(k));
  const [stopped, reading] = [readers.filter((_, k) => k % 2 === 0), readers.filter((_, k) => k % 2 === 1)];
  for (const { socket } of stopped) socket.pause();

  let revision = 1;
  const pushAll = async (): Promise<void> => {
    revision++;
    for (const { userId } of readers) gateway.push(listAt(userId, revision));
    await eventually(() => expect(reading.every(({ revisions }) => revisions.at(-1) === revision)).toBe(true), { everyMs: 1 });
  };
  while ((await slowReaders('unread')) < stopped.length && revision < ROUNDS) await pushAll();
  expect(await slowReaders('unread')).toBe(stopped.length);
  const more = 30; // none of it can leave: were there a queue, it would hold this many
  for (let k = 0; k < more; k++) await pushAll();
  await eventually(async () => expect(await slowReaders('closing')).toBe(stopped.length));
  for (const { socket } of stopped) socket.resume();
  await eventually(() => expect(stopped.map(({ closed }) => closed?.[0])).toEqual(stopped.map(() => 4430)));
  for (const { revisions } of stopped) {
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(revisions.length).toBeLessThanOrEqual(revision - more); // what could not leave was replaced, not queued
  }
  for (const { revisions, closed } of reading) {
    expect(closed).toBeUndefined();
    expect(revisions).toEqual(Array.from({ length: revision }, (_, k) => k + 1));
  }
  await eventually(() => expect(gateway.watching.size).toBe(reading.length));
  expect([await slowReaders('unread'), await slowReaders('closing')]).toEqual([0, 0]);
});

it('a reader that pauses and goes on in time gets the newest list, and nothing twice', async () => {
  const reader = await open(1);
  reader.socket.pause();
  let revision = 1;
  while ((await slowReaders('unread')) === 0 && revision < ROUNDS) gateway.push(listAt(reader.userId, ++revision));
  for (let k = 0; k < 20; k++) gateway.push(listAt(reader.userId, ++revision));
  reader.socket.resume();
  await eventually(() => expect(reader.revisions.at(-1)).toBe(revision));
  expect(new Set(reader.revisions).size).toBe(reader.revisions.length);
  expect(reader.closed).toBeUndefined();
  expect(await slowReaders('unread')).toBe(0);
});

it('a client that asks and asks without reading the answers is closed', async () => {
  const socket = await gateway.socket();
  socket.send('{"type":"connection_init"}');
  await new Promise((resolve) => socket.once('message', resolve));
  socket.pause();
  const payload = { text: 'x'.repeat(100_000) };
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  for (let k = 0; k < 200; k++) socket.send(JSON.stringify({ type: 'ping', payload }));
  await eventually(async () => expect(await slowReaders('closing')).toBe(1));
  socket.resume();
  expect(await closed).toBe(4430);
});
