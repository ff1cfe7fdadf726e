import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudy } from '../../src/evaluation/open-study';

describe('openStudy', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'shop-'));
    const events = Array.from({ length: 20 }, (_, k) => `u${k % 2}\ti${k}\t${k + 1}`);
    writeFileSync(join(dir, 'shop.inter'), ['user_id:token\titem_id:token\ttimestamp:float', ...events].join('\n'));
    writeFileSync(join(dir, 'shop.item'), 'item_id:token\ttitle:token_seq\tgenres:token_seq\ni3\tThird\tred\n');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('lays protocols A and B over any folder of atomic files, its items first', async () => {
    const { protocols, catalogue } = await openStudy(dir, 'nowhere');
    expect(protocols.map(({ protocol }) => protocol)).toEqual(['global-time', 'last-out']);
    expect(catalogue).toMatchObject([{ id: 'i3', title: 'Third', categories: ['red'] }]);
    const [a, b] = protocols.map((protocol) => protocol.split('test'));
    expect([a!.caseCount, a!.fit.times.length, b!.caseCount, b!.fit.times.length]).toEqual([2, 16, 2, 18]);
    expect(a!.index.idAt(0)).toBe('i3');
  });

  it('makes a split once', async () => {
    const { protocols } = await openStudy(dir, 'nowhere');
    expect(protocols[0]!.split('valid')).toBe(protocols[0]!.split('valid'));
    expect(protocols[0]!.split('valid')).not.toBe(protocols[0]!.split('test'));
  });

  it('says what is wrong with a folder', async () => {
    rmSync(join(dir, 'shop.inter'));
    await expect(openStudy(dir, 'nowhere')).rejects.toThrow('should hold one .inter file');
  });
});
