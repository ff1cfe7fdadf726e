import type { BehaviourRow } from '../../src/datasets/behaviour-mapping';
import { toEventTable, type EventTable } from '../../src/evaluation/event-table';
import { globalTime, lastOut, leaveLastOut, queryBefore, sessionPrefixes, type Split } from '../../src/evaluation/protocols';
import { ItemIndex } from '../../src/models/item-index';

/** `u:i` at second 1, 2, 3 … */
function table(text: string, index?: ItemIndex): EventTable {
  const rows = text.split(' ').map((event, k): BehaviourRow => {
    const [userId = '', itemId = ''] = event.split(':');
    return { userId, itemId, type: 'view', at: (k + 1) * 1000 };
  });
  return toEventTable(rows, index);
}

/** Cases as `user: history → target − excluded`, by item id, and the fit as its events. */
function written({ fit, index, cases }: Split, { userIds }: EventTable): { fit: string; cases: string[] } {
  const ids = (rows: readonly number[]): string => rows.map((row) => index.idAt(row)).join(',');
  return {
    fit: Array.from(fit.items, (item, k) => `${fit.userIds[fit.users[k]!]}:${fit.itemIds[item]}`).join(' '),
    cases: [...cases()].map(
      ({ user, query, targets, excluded }) =>
        `${userIds[user]}: ${ids(query.history.map(({ row }) => row))} → ${ids(targets)} − ${ids(excluded)} @${query.now / 1000}`,
    ),
  };
}

describe('queryBefore', () => {
  it('has each item once by its newest event, newest first', () => {
    const events = table('u:a u:b u:a v:c u:d');
    expect(queryBefore(events, 0, 3)).toEqual({
      history: [
        { row: 0, weight: 1, at: 3000 },
        { row: 1, weight: 1, at: 2000 },
      ],
      seen: [0, 1],
      now: 5000,
    });
  });

  it('looks at 200 items of the history and 2,000 of what was seen', () => {
    const events = table(Array.from({ length: 2100 }, (_, k) => `u:i${k}`).join(' '));
    const { history, seen } = queryBefore(events, 0, 2099);
    expect([history.length, seen.length, history[0]!.row, seen.at(-1)]).toEqual([200, 2000, 2098, 99]);
  });
});

describe('protocols', () => {
  const events = table('u:a u:b v:a v:b u:c w:a v:c u:d v:d x:e u:b w:b v:e x:a u:e w:e y:a x:d w:a u:f');

  it('global-time: fit, validation and test by time; first events and repeats are not asked for', () => {
    const valid = globalTime(events, 'valid');
    expect(written(valid, events)).toEqual({
      fit: 'u:a u:b v:a v:b u:c w:a v:c u:d v:d x:e u:b w:b v:e x:a u:e w:e',
      cases: ['x: a,e → d − a,e @18'], // y:a is y's first
    });
    const test = globalTime(events, 'test');
    expect(written(test, events)).toEqual({
      fit: 'u:a u:b v:a v:b u:c w:a v:c u:d v:d x:e u:b w:b v:e x:a u:e w:e',
      cases: ['u: e,b,d,c,a → f − e,b,d,c,a @20'], // w:a is a repeat
    });
    expect([test.caseCount, test.candidates]).toEqual([1, 6]);
  });

  it('last-out: each last event from all before it, fitted on everybody without their last', () => {
    expect(written(lastOut(events, 'test'), events)).toEqual({
      fit: 'u:a u:b v:a v:b u:c w:a v:c u:d v:d x:e u:b w:b x:a u:e w:e',
      cases: ['u: e,b,d,c,a → f − e,b,d,c,a @20', 'v: d,c,b,a → e − d,c,b,a @13', 'x: a,e → d − a,e @18'],
    });
    expect(written(lastOut(events, 'valid'), events)).toEqual({
      fit: 'u:a u:b v:a v:b u:c w:a v:c u:d x:e u:b w:b',
      cases: ['u: b,d,c,a → e − b,d,c,a @15', 'v: c,b,a → d − c,b,a @9', 'w: b,a → e − b,a @16', 'x: e → a − e @14'],
    });
  });

  it('leave-last-out: fitted without the last two of everybody; at the test the one chosen on is in the history', () => {
    const short = table('u:a u:b v:a u:c v:b w:a v:d u:d x:b w:d');
    expect(written(leaveLastOut(short, 'valid'), short)).toEqual({
      fit: 'u:a u:b v:a',
      cases: ['u: b,a → c − b,a @4', 'v: a → b − a @5'],
    });
    expect(written(leaveLastOut(short, 'test'), short)).toEqual({
      fit: 'u:a u:b v:a',
      cases: ['u: c,b,a → d − c,b,a @8', 'v: b,a → d − b,a @7', 'w: a → d − a @10'],
    });
  });

  it('session-prefixes: every later item from those before; only the newest is no candidate, unknown ones are none either', () => {
    const index = new ItemIndex();
    const fit = table('s:a s:b t:c', index);
    const asked = table('q:a q:b q:a q:z r:c', index);
    const split = sessionPrefixes(fit, asked);
    expect([split.candidates, split.caseCount]).toEqual([3, 3]);
    expect(written(split, asked)).toEqual({
      fit: 's:a s:b t:c',
      cases: ['q: a → b,a,z − a @2', 'q: b,a → a,z − b @3', 'q: a,b → z − a @4'],
    });
  });

  it('orders events by time, and those of one time by line', () => {
    const at = (itemId: string, second: number): BehaviourRow => ({ userId: 'u', itemId, type: 'view', at: second });
    const { itemIds, items } = toEventTable([at('late', 3), at('first', 1), at('second', 1)]);
    expect(Array.from(items, (row) => itemIds[row])).toEqual(['first', 'second', 'late']);
  });
});
