import { basketSplit, RETAIL_DATES, type AskedItems } from '../../src/evaluation/basket-split';
import type { Part } from '../../src/evaluation/protocols';
import { ItemIndex } from '../../src/models/item-index';

const basket = (userId: string, at: number, items: string): { userId: string; at: number; itemIds: string[] } => ({
  userId,
  at,
  itemIds: items.split(' '),
});
const BASKETS = [
  basket('u', 10, 'a b'),
  basket('v', 11, 'b c'),
  basket('u', 12, 'a c'),
  basket('u', 20, 'b d'), // validation
  basket('w', 21, 'a'), // w's first
  basket('v', 22, 'c'), // nothing new to v
  basket('u', 30, 'e a'), // test
  basket('u', 30, 'f'), // the same minute
  basket('v', 31, 'a b'),
];
const dates = { fitEnd: 20, validEnd: 30 };

/** Cases as `user: history → targets − excluded @now`. */
function written(part: Part, asked: AskedItems, index?: ItemIndex): string[] {
  const split = basketSplit(BASKETS, { part, asked, dates, ...(index && { index }) });
  const ids = (rows: readonly number[]): string => rows.map((row) => split.index.idAt(row)).join(',');
  const cases = [...split.cases()].map(
    ({ user, query, targets, excluded }) =>
      `${split.fit.userIds[user]}: ${ids(query.history.map(({ row }) => row))} → ${ids(targets)} − ${ids([...excluded].sort())} @${query.now}`,
  );
  expect(cases).toHaveLength(split.caseCount);
  return cases;
}

describe('basketSplit', () => {
  it('fits on the baskets before, over all items', () => {
    const { fit, candidates, protocol } = basketSplit(BASKETS, { part: 'test', asked: 'all', dates });
    expect(Array.from(fit.items, (item, k) => `${fit.userIds[fit.users[k]!]}:${fit.itemIds[item]}`).join(' ')).toBe(
      'u:a u:b v:b v:c u:a u:c',
    );
    expect([candidates, protocol]).toEqual([6, 'next-basket-all']);
  });

  it('asks for every item of a later basket from the earlier ones', () => {
    expect(written('valid', 'all')).toEqual(['u: c,a,b → b,d −  @20', 'v: c,b → c −  @22']);
    expect(written('test', 'all')).toEqual(['u: d,b,c,a → e,a −  @30', 'u: d,b,c,a → f −  @30', 'v: c,b → a,b −  @31']);
  });

  it('or for those new to the customer, among what they have not had', () => {
    expect(written('valid', 'new')).toEqual(['u: c,a,b → d − a,b,c @20']);
    expect(written('test', 'new')).toEqual(['u: d,b,c,a → e − a,b,c,d @30', 'u: d,b,c,a → f − a,b,c,d @30', 'v: c,b → a − b,c @31']);
  });

  it('takes baskets in any order, and an index that knows more items', () => {
    const index = new ItemIndex();
    index.intern('unsold');
    const split = basketSplit([...BASKETS].reverse(), { part: 'valid', asked: 'new', dates, index });
    expect([split.candidates, split.caseCount, split.index]).toEqual([7, 1, index]);
  });

  it('has the days of the data set', () => {
    expect(Object.values(RETAIL_DATES).map((at: number) => new Date(at).toISOString().slice(0, 10))).toEqual(['2011-11-01', '2011-11-16']);
  });
});
