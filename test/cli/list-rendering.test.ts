import { diffLists } from '../../src/cli/list-diff';
import { renderUpdate, shownOf, summarizeUpdate, type WatchedItem, type WatchedUpdate } from '../../src/cli/render-update';

const item = (itemId: string, rank: number, over: Partial<WatchedItem> = {}): WatchedItem => ({
  itemId,
  rank,
  score: 1 / rank,
  flags: [],
  item: { title: `Title of ${itemId}` },
  reason: { code: 'POPULAR', topic: null, evidence: [] },
  content: { title: itemId, text: '' },
  ...over,
});

const update = (
  ids: readonly string[],
  over: Partial<WatchedUpdate> = {},
  items: readonly WatchedItem[] = ids.map((id, k) => item(id, k + 1)),
): WatchedUpdate => ({
  position: { epoch: 'e', revision: 7 },
  appliedThrough: 12,
  cause: { kind: 'BEHAVIOURS', behaviours: [{ type: 'view', itemId: 'a', seq: 12 }], itemIds: [] },
  timings: { ingest: 0.6, queue: 1.1, score: 1.5, replace: 0.5, push: 0.3 },
  list: { recommendationId: 'r', fallback: { level: 0, name: 'hybrid' }, items },
  ...over,
});

describe('diffLists', () => {
  it('tells new, up, down, same and removed', () => {
    expect(diffLists(['a', 'b', 'c', 'd'], ['c', 'b', 'a', 'x'])).toEqual({
      moves: [{ kind: 'up', by: 2 }, { kind: 'same' }, { kind: 'down', by: 2 }, { kind: 'new' }],
      removed: ['d'],
    });
  });

  it('marks nothing on the first list', () => {
    expect(diffLists(undefined, ['a', 'b'])).toEqual({ moves: [{ kind: 'same' }, { kind: 'same' }], removed: [] });
  });
});

describe('renderUpdate', () => {
  it('shows the cause, the timings with their sum, how each item moved, why it is there, and what is gone', () => {
    const before = shownOf(update(['b', 'a', 'gone']));
    const because = { code: 'BECAUSE_YOU', topic: null, evidence: [{ type: 'add_to_cart', itemId: 'a', item: { title: 'Title of a' } }] };
    const items = [item('a', 1), item('b', 2, { flags: ['PROMOTED'] }), item('new', 3, { reason: because })];
    expect(renderUpdate(update([], {}, items), before, { columns: 90, colour: false })).toEqual([
      '#7 · view a · applied through 12',
      '  ingest 0.6 + queue 1.1 + score 1.5 + replace 0.5 + push 0.3 = 4.0 ms',
      ` 1 ↑1   ${'Title of a'.padEnd(44)}  popular`,
      ` 2 ↓1   ${'Title of b'.padEnd(44)}  popular [promoted]`,
      ` 3 ✚    ${'Title of new'.padEnd(44)}  because you put in the cart: Title o`,
      '   gone: Title of gone',
    ]);
  });

  it('keeps every line within the width', () => {
    const lines = renderUpdate(update(['x'.repeat(200)]), undefined, { columns: 60, colour: false });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('colours what is new and what moved, and only then', () => {
    const before = shownOf(update(['a', 'b']));
    const [, , same, fresh] = renderUpdate(update(['a', 'c']), before, { columns: 80, colour: true });
    expect(same).not.toContain('\u001b');
    expect(fresh).toContain('\u001b[32m');
  });

  it.each([
    [{ kind: 'RETRACTION', behaviours: [], itemIds: ['a', 'b'] }, 'taken back: a, b'],
    [{ kind: 'MODELS', behaviours: [], itemIds: [] }, 'a new model'],
    [
      {
        kind: 'BEHAVIOURS',
        behaviours: [
          { type: 'search', itemId: null, seq: 3 },
          { type: 'view', itemId: 'a', seq: 2 },
        ],
        itemIds: [],
      },
      'search and 1 more behaviour',
    ],
  ])('says %j in words', (cause, words) => {
    expect(renderUpdate(update(['a'], { cause }), undefined, { columns: 100, colour: false })[0]).toBe(
      `#7 · ${words} · applied through 12`,
    );
  });

  it('names the fallback level, and gives no sum where no behaviour caused the list', () => {
    const given = update(['a'], {
      cause: { kind: 'REQUEST', behaviours: [], itemIds: [] },
      timings: { ingest: null, queue: null, score: 1.5, replace: 0.5, push: 0.3 },
      list: { recommendationId: 'r', fallback: { level: 2, name: 'popular' }, items: [] },
    });
    expect(renderUpdate(given, undefined, { columns: 100, colour: false })).toEqual([
      '#7 · first computed now · applied through 12 · popular',
      '  score 1.5 + replace 0.5 + push 0.3 ms',
    ]);
  });
});

describe('summarizeUpdate', () => {
  it('writes the whole list first, then changes only', () => {
    const first = update(['a', 'b']);
    expect(summarizeUpdate(first, undefined).slice(2)).toEqual(['  1. Title of a — popular', '  2. Title of b — popular']);
    expect(summarizeUpdate(update(['a', 'c']), shownOf(first)).slice(2)).toEqual(['  ✚ 2. Title of c — popular', '  − Title of b']);
    expect(summarizeUpdate(update(['a', 'b']), shownOf(first)).slice(2)).toEqual(['  the same items in the same order']);
  });
});
