import { fromUtf8 } from '../../src/platform/utf8';
import { JsonTape } from '../../src/push/json-tape';

const tape = new JsonTape();
const read = (json: string): boolean => {
  const bytes = Buffer.from(json);
  return tape.read(bytes, bytes.toString('latin1'));
};

/** The value of a cell, put together from its parts. */
function rebuilt(cell: number): unknown {
  if (!tape.isArray(cell) && !tape.isObject(cell)) return tape.valueOf(cell);
  const inside: number[] = [];
  for (let part = tape.firstIn(cell); part < tape.after(cell); part = tape.after(part)) inside.push(part);
  if (tape.isArray(cell)) return inside.map(rebuilt);
  const { text } = tape;
  const nameOf = (part: number): string => JSON.parse(fromUtf8(text.slice(tape.keyOf(part), tape.startOf(part) - 1))) as string;
  return Object.fromEntries(inside.map((part) => [nameOf(part), rebuilt(part)]));
}

const VALUES: readonly unknown[] = [
  null,
  true,
  -1.5e-7,
  1e21,
  '',
  'quote " back \\ line \n ä € 😀 \ud800 ,:]}',
  [],
  {},
  [[], {}, [[1, 2], [3]], 'x'],
  { a: { b: [{ c: null }, { d: { e: 'f' } }] }, 'k"1': [1], '': 0 },
  Array.from({ length: 2000 }, (_, k) => ({ k, text: `t${k}` })),
];

it.each(VALUES.map((value) => [JSON.stringify(value).slice(0, 60), value] as const))('says where everything lies in %s', (_name, value) => {
  expect(read(JSON.stringify(value))).toBe(true);
  expect(rebuilt(JsonTape.ROOT)).toEqual(value);
});

it('finds members by name, from wherever it begins to look', () => {
  read('{"a":1,"ab":2,"b":{"c":3},"d":"x\\"y"}');
  const cells = ['a', 'ab', 'b', 'd'].map((name) => tape.member(JsonTape.ROOT, name));
  expect(cells.map((cell) => tape.valueOf(cell))).toEqual([1, 2, { c: 3 }, 'x"y']);
  for (const hint of cells) expect(tape.member(JsonTape.ROOT, 'a', hint)).toBe(cells[0]);
  expect(tape.member(JsonTape.ROOT, 'c')).toBe(-1);
  expect(tape.textOf(cells[3]!)).toBe('x"y');
});

describe('a text that is no JSON, or not as JSON.stringify gives it', () => {
  const whole = JSON.stringify({ a: ['b', 1, true], c: { d: null } });

  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < whole.length; length++) expect([length, read(whole.slice(0, length))]).toEqual([length, false]);
  });

  it.each(['{"a" :1}', ' 1', '1 ', '[1,]', '{"a"}', '{a:1}', '[1}', '{"a":1]', '1,2', '{"a":1}{', '"a', '"a\\"', ''])(
    '%s is refused',
    (text) => expect(read(text)).toBe(false),
  );

  it('is refused when it is deeper than lists are', () => expect(read('['.repeat(40) + ']'.repeat(40))).toBe(false));
});
