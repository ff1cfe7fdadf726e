import { Ledger, type LogEntry, type LossWindow } from '../../chaos/judge/ledger';
import { orderFault, type SeenList, type Since } from '../../chaos/judge/list-order';
import { Verdict } from '../../chaos/judge/verdict';

const list = (revision: number, appliedThrough: number, more: Partial<SeenList> = {}): SeenList => ({
  epoch: 'a',
  revision,
  appliedThrough,
  recommendationId: `list-${revision}`,
  userId: 'u',
  causeIds: [],
  evidenceItemIds: [],
  ...more,
});
const quiet: Since = { subscribedAnew: false, resumed: false, storeRestarted: false, storeCut: false, storeCutLately: false };

describe('what may follow on a screen', () => {
  it.each<[string, SeenList, SeenList, Partial<Since>, boolean]>([
    ['a higher revision', list(4, 9), list(5, 9), {}, true],
    ['a lower revision', list(5, 9), list(4, 9), {}, false],
    ['a higher revision that has applied less', list(5, 9), list(6, 8), {}, false],
    ['the same list twice on one subscription', list(5, 9), list(5, 9), {}, false],
    ['the same list after subscribing anew', list(5, 9), list(5, 9), { subscribedAnew: true }, true],
    ['the same list after resuming from it', list(5, 9), list(5, 9), { subscribedAnew: true, resumed: true }, false],
    ['another list of the same revision', list(5, 9), list(5, 9, { recommendationId: 'x' }), { subscribedAnew: true }, false],
    ['another epoch of a store that was never away', list(5, 9), list(1, 9, { epoch: 'b' }), {}, false],
    ['another epoch after a restart of the store', list(5, 9), list(1, 9, { epoch: 'b' }), { storeRestarted: true }, true],
    ['another epoch after a restart, having applied less', list(5, 9), list(1, 8, { epoch: 'b' }), { storeRestarted: true }, false],
    ['anything after the file was cut', list(5, 9), list(4, 8), { storeCut: true }, true],
    ['another epoch a while after the file was cut', list(5, 9), list(1, 8, { epoch: 'b' }), { storeCutLately: true }, true],
    ['a list of the same epoch that goes back a while after', list(5, 9), list(6, 8), { storeCutLately: true }, false],
    ['an impersonal list after a real one', list(5, 9), list(0, 0, { epoch: 'fallback' }), { subscribedAnew: true }, false],
    ['a real list after an impersonal one', list(0, 0, { epoch: 'fallback' }), list(1, 3), {}, true],
  ])('%s', (_name, last, next, since, may) => {
    expect(orderFault(last, next, { ...quiet, ...since }) === undefined).toBe(may);
  });

  it('has no opinion on the first', () => expect(orderFault(undefined, list(3, 3), quiet)).toBeUndefined());
});

describe('the log against what was acknowledged', () => {
  const entry = (id: string, seq: number, userId = 'u'): LogEntry => ({ id, seq, userId });
  const judged = (log: readonly LogEntry[], { window }: { window?: Partial<LossWindow> } = {}): Record<string, number> => {
    const verdict = new Verdict();
    const ledger = new Ledger(verdict);
    for (const [seq, id] of ['x', 'y'].entries()) {
      ledger.sent(id, 'u', 'item');
      ledger.acknowledge({ id, userId: 'u', seq: seq + 1, sentAtMs: 10 * seq, atMs: 10 * seq + 5 });
    }
    if (window) ledger.lose({ fromMs: 12, untilMs: 20, ...window }); // y was under way in it
    ledger.judge(log);
    return Object.fromEntries(verdict.broken);
  };

  it('holds when both are there, once', () => expect(judged([entry('x', 1), entry('y', 2)])).toEqual({}));
  it('sees one that is missing', () => expect(judged([entry('x', 1)])).toEqual({ 'log-once': 1 }));
  it('sees one that is there twice', () => expect(judged([entry('x', 1), entry('y', 2), entry('y', 3)])).toEqual({ 'log-once': 1 }));
  it('sees a number that is not the acknowledged one', () => expect(judged([entry('y', 1), entry('x', 2)])).toEqual({ 'log-once': 2 }));
  it('sees a gap', () => expect(judged([entry('x', 1), entry('y', 3)])).toEqual({ 'log-order': 1, 'log-once': 1 }));
  it('sees what is in the log of somebody else', () =>
    expect(judged([entry('x', 1), entry('y', 1, 'v')])).toEqual({ 'own-list': 1, 'log-once': 1 }));
  it('lets go of what was acknowledged while the file was not written, and of nothing else', () => {
    expect(judged([entry('x', 1)], { window: {} })).toEqual({});
    expect(judged([], { window: {} })).toEqual({ 'log-once': 1 });
  });
  it('lets go of nothing that the file held when Redis ended', () => {
    expect(judged([entry('x', 1)], { window: { written: new Set(['x']) } })).toEqual({});
    expect(judged([entry('x', 1)], { window: { written: new Set(['x', 'y']) } })).toEqual({ 'log-once': 1 });
  });

  it('sees an answer that differs from the one before', () => {
    const verdict = new Verdict();
    const ledger = new Ledger(verdict);
    ledger.acknowledge({ id: 'x', userId: 'u', seq: 1, sentAtMs: 0, atMs: 1 });
    ledger.acknowledge({ id: 'x', userId: 'u', seq: 2, sentAtMs: 2, atMs: 3 });
    expect(Object.fromEntries(verdict.broken)).toEqual({ 'log-once': 1 });
  });
});
