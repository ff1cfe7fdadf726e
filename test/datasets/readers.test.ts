import { gzipSync } from 'node:zlib';
import { readAtomic } from '../../src/datasets/read-atomic';
import { readCsv } from '../../src/datasets/read-csv';
import { readJsonLines } from '../../src/datasets/read-json-lines';
import { MAX_LINE_LENGTH, readLines } from '../../src/datasets/read-lines';
import { collect, collectUntilError, Files } from './files';

const files = new Files();
afterAll(() => files.remove());

const INTER = 'user_id:token\titem_id:token\trating:float\ttags:token_seq\n';

describe('readLines', () => {
  it('gives lines without CR, LF and byte-order mark, and counts blank ones', async () => {
    const path = files.write('lines.txt', '\uFEFFone\r\n\n  \ntwo\nthree');
    expect(await collect(readLines(path))).toEqual([
      { line: 1, record: 'one' },
      { line: 4, record: 'two' },
      { line: 5, record: 'three' },
    ]);
  });

  it('reads the same from gzip, whatever the file is called', async () => {
    const path = files.gzip('disguised.txt', 'a\nb\n');
    expect(await collect(readLines(path))).toEqual([
      { line: 1, record: 'a' },
      { line: 2, record: 'b' },
    ]);
  });

  it('keeps characters that a chunk boundary cuts in two', async () => {
    const text = 'é'.repeat(40_000); // two bytes each: 64 KiB chunks after one ASCII byte cut inside a character
    const [row] = await collect(readLines(files.write('utf8.txt', `x${text}\n`)));
    expect(row).toEqual({ line: 1, record: `x${text}` });
  });

  it('calls a line bad that is not UTF-8 or too long, and goes on', async () => {
    const long = Buffer.concat([
      Buffer.from('ok\n'),
      Buffer.from([0xe9, 0x0a]),
      Buffer.alloc(MAX_LINE_LENGTH + 70_000, 'x'),
      Buffer.from('\nlast\n'),
    ]);
    expect(await collect(readLines(files.write('bad.txt', long)))).toEqual([
      { line: 1, record: 'ok' },
      { line: 2, reason: 'is not UTF-8' },
      { line: 3, reason: `is longer than ${MAX_LINE_LENGTH} characters` },
      { line: 4, record: 'last' },
    ]);
  });

  it('gives every whole line of a truncated gzip file, then says where it broke', async () => {
    const whole = gzipSync(Array.from({ length: 50_000 }, (_, k) => `line ${(k * 7919) % 50_021}`).join('\n'));
    const { rows, error } = await collectUntilError(readLines(files.write('cut.gz', whole.subarray(0, whole.length / 2))));
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.at(-1)).toEqual({ line: rows.length, record: `line ${((rows.length - 1) * 7919) % 50_021}` });
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      field: 'file',
      message: `cut.gz: the gzip data ends too early (a broken download?) after line ${rows.length}`,
    });
  });

  it.each([
    ['absent.tsv', undefined, 'absent.tsv: there is no such file'],
    ['plain.gz', 'hello\n', 'plain.gz is called .gz but does not begin as gzip does'],
  ])('refuses %s', async (name, content, message) => {
    const path = content === undefined ? name : files.write(name, content);
    await expect(collect(readLines(path))).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'file', message });
  });
});

describe('readAtomic', () => {
  it('reads each type by its header and leaves empty fields out', async () => {
    const path = files.gzip('good.inter.gz', `${INTER}u1\ti1\t4.5\tred  blue\nu2\ti2\t\t\n`);
    expect(await collect(readAtomic(path))).toEqual([
      { line: 2, record: { user_id: 'u1', item_id: 'i1', rating: 4.5, tags: ['red', 'blue'] } },
      { line: 3, record: { user_id: 'u2', item_id: 'i2' } },
    ]);
  });

  it('counts bad lines with their reason and goes on', async () => {
    const path = files.write('bad.inter', `${INTER}u1\ti1\tNaN\t\nu1\ti1\n\nu1\ti1\tInfinity\t\nu2\ti2\t1\t\n`);
    expect(await collect(readAtomic(path))).toEqual([
      { line: 2, reason: 'rating: "NaN" is not a finite number' },
      { line: 3, reason: 'has 2 columns, the header has 4' },
      { line: 5, reason: 'rating: "Infinity" is not a finite number' },
      { line: 6, record: { user_id: 'u2', item_id: 'i2', rating: 1 } },
    ]);
  });

  it('resumes after a line', async () => {
    const path = files.write('resume.inter', `${INTER}u1\ti1\t1\t\nu2\ti2\t2\t\nu3\ti3\t3\t\n`);
    expect((await collect(readAtomic(path, { after: 3 }))).map(({ line }) => line)).toEqual([4]);
  });

  it.each([
    ['', 'is empty'],
    ['user_id,item_id\n', 'the header has the column "user_id,item_id"'],
    ['user_id:text\n', 'the header has the column "user_id:text"'],
  ])('refuses the header %j', async (content, message) => {
    const path = files.write('header.inter', content);
    await expect(collect(readAtomic(path))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'file',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('readCsv', () => {
  it('reads quotes, doubled quotes, delimiters and line breaks inside quotes', async () => {
    const path = files.write('good.csv', 'id,name\n1,"a ""b"", c"\n2,"two\nlines"\n3,plain\n');
    expect(await collect(readCsv(path))).toEqual([
      { line: 2, record: { id: '1', name: 'a "b", c' } },
      { line: 4, record: { id: '2', name: 'two\nlines' } },
      { line: 5, record: { id: '3', name: 'plain' } },
    ]);
  });

  it('loses one record to an unclosed quote, not the rest of the file', async () => {
    const path = files.write('open.csv', `id,name\n1,"open\n${Array.from({ length: 150 }, (_, k) => `${k + 2},n`).join('\n')}\n`);
    const rows = await collect(readCsv(path));
    expect(rows).toHaveLength(151);
    expect(rows[0]).toEqual({ line: 2, reason: 'has a quote that is not closed within 100 lines' });
    expect(rows[150]).toEqual({ line: 152, record: { id: '151', name: 'n' } });
  });

  it('says what is wrong with a line and goes on', async () => {
    const path = files.write('bad.csv', 'id,name\n1\n"x"y,2\n3,4,5\n6,"7"\n');
    const rows = await collect(readCsv(path));
    expect(rows).toEqual([
      { line: 2, reason: 'has 1 columns, the header has 2' },
      { line: 3, reason: expect.stringContaining('is not CSV: Invalid Closing Quote') as string },
      { line: 4, reason: 'has 3 columns, the header has 2' },
      { line: 5, record: { id: '6', name: '7' } },
    ]);
  });

  it('takes names for a file without header, another delimiter, and quotes as text', async () => {
    const path = files.write('bare.tsv', '1\t"a\n');
    expect(await collect(readCsv(path, { columns: ['id', 'name'], delimiter: '\t', quotes: false }))).toEqual([
      { line: 1, record: { id: '1', name: '"a' } },
    ]);
  });

  it('refuses a header that names a column twice', async () => {
    await expect(collect(readCsv(files.write('twice.csv', 'a,b,a\n')))).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'file' });
  });
});

describe('readJsonLines', () => {
  it('reads objects and says which lines are none', async () => {
    const path = files.write('mixed.jsonl', '{"a":1}\n[1]\n{"a":\nnull\n{"b":{"c":2}}\n');
    expect(await collect(readJsonLines(path))).toEqual([
      { line: 1, record: { a: 1 } },
      { line: 2, reason: 'is not a JSON object' },
      { line: 3, reason: 'is not JSON' },
      { line: 4, reason: 'is not a JSON object' },
      { line: 5, record: { b: { c: 2 } } },
    ]);
    expect((await collect(readJsonLines(path, { after: 3 }))).map(({ line }) => line)).toEqual([4, 5]);
  });
});
