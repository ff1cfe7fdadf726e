import { seededRandom } from '../../src/platform/random';
import { SubscribedReplies } from '../../src/platform/subscribed-replies';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const array = (...parts: readonly string[]): string => `*${parts.length}\r\n${parts.join('')}`;
const message = (channel: string, text: string): string => array(bulk('message'), bulk(channel), bulk(text));

/** Feeds a stream of bytes in pieces of the given sizes, and notes in order what comes of it. */
function readIn(stream: string, sizeAt: () => number): string[] {
  const heard: string[] = [];
  const replies = new SubscribedReplies(
    (text, channel) => heard.push(`${channel}: ${text.toString()}`),
    (reply) => heard.push(reply.toString()),
  );
  const bytes = Buffer.from(stream);
  for (let at = 0; at < bytes.length;) {
    const taken = bytes.copy(replies.space, 0, at, at + Math.max(1, sizeAt()));
    replies.take(taken);
    at += taken;
  }
  return heard;
}

const OTHERS = [
  '+OK\r\n',
  '-ERR not now\r\n',
  ':42\r\n',
  bulk('message'),
  bulk(''),
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  array(bulk('subscribe'), bulk('feed'), ':1\r\n'),
  array(bulk('pong'), bulk('')),
  array(bulk('message'), array(':1\r\n', '$-1\r\n'), bulk('three\r\nlines\r\n')).replace('message', 'massage'),
  array(array(array(), bulk('deep'))),
];

it('tells messages, and hands on every other reply as it came, in order', () => {
  const stream = OTHERS.map((reply, k) => reply + message('feed', `list ${k}`)).join('');
  expect(readIn(stream, () => 1_000_000)).toEqual(OTHERS.flatMap((reply, k) => [reply, `feed: list ${k}`]));
});

it('tells messages of sharded channels', () => {
  expect(readIn(array(bulk('smessage'), bulk('kanal-é'), bulk('ü\r\n')), () => 100)).toEqual(['kanal-é: ü\r\n']);
});

it.each([1, 2, 3, 7, 13])('finds the same in pieces of %i bytes', (size) => {
  const stream = OTHERS.map((reply, k) => reply + message('feed', `list ${k}`)).join('');
  expect(readIn(stream, () => size)).toEqual(OTHERS.flatMap((reply, k) => [reply, `feed: list ${k}`]));
});

it('finds messages of any size, however they are cut', () => {
  const random = seededRandom(7);
  const texts = Array.from({ length: 60 }, (_, k) => `${k} `.padEnd(1 + Math.floor(random() ** 4 * 300_000), 'x'));
  const stream = texts.map((text) => message('feed', text)).join('');
  const heard = readIn(stream, () => Math.floor(random() ** 3 * 100_000));
  expect(heard.length).toBe(texts.length);
  texts.forEach((text, k) => expect(heard[k] === `feed: ${text}`).toBe(true));
});

it('keeps no more memory than it needs after a large message', () => {
  const replies = new SubscribedReplies(
    () => undefined,
    () => undefined,
  );
  const before = replies.space.length;
  const large = Buffer.from(message('feed', 'x'.repeat(10 * before)));
  for (let at = 0; at < large.length;) {
    const taken = large.copy(replies.space, 0, at);
    replies.take(taken);
    at += taken;
  }
  expect(replies.space.length).toBe(before);
});

it('leaves what was told where it is until the next bytes come, also when a reply has not come whole', () => {
  const told: Buffer[] = [];
  const replies = new SubscribedReplies(
    (text) => told.push(text),
    () => undefined,
  );
  const stream = Buffer.from(Array.from({ length: 40 }, (_, k) => message('feed', `${k}:`.padEnd(700, String(k % 10)))).join(''));
  let heard = 0;
  for (let at = 0; at < stream.length;) {
    const taken = stream.copy(replies.space, 0, at, at + 5_000);
    replies.take(taken);
    at += taken;
    for (const text of told.splice(0)) expect(text.toString()).toBe(`${heard}:`.padEnd(700, String(heard++ % 10)));
  }
  expect(heard).toBe(40);
});
