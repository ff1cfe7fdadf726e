import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readNcfQuestions } from '../../src/datasets/ncf-questions';

describe('readNcfQuestions', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ncf-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const write = (text: string): void => writeFileSync(join(dir, 'negatives.tsv.gz'), gzipSync(text));

  it('reads each question, without a negative that is the held-out item', async () => {
    write('(0,25)\t1064\t174\t2791\n(1,133)\t9\t133\t7\n');
    expect(await readNcfQuestions(dir)).toEqual([
      { userId: '0', heldOut: '25', negatives: ['1064', '174', '2791'] },
      { userId: '1', heldOut: '133', negatives: ['9', '7'] },
    ]);
  });

  it('refuses a line of another form, and says which', async () => {
    write('(0,25)\t1064\n0,25\t3\n');
    await expect(readNcfQuestions(dir)).rejects.toThrow('line 2 is not "(user,item)"');
  });
});
