import { listChange } from '../../src/gateway/list-change';

describe('listChange', () => {
  it.each([
    ['nothing', ['a', 'b'], ['a', 'b'], [], [], []],
    ['from empty', [], ['a', 'b'], ['a', 'b'], [], []],
    ['to empty', ['a', 'b'], [], [], ['a', 'b'], []],
    [
      'a swap',
      ['a', 'b', 'c'],
      ['b', 'a', 'c'],
      [],
      [],
      [
        { itemId: 'b', from: 2, to: 1 },
        { itemId: 'a', from: 1, to: 2 },
      ],
    ],
    [
      'a newcomer at the top pushes the rest down and the last one out',
      ['a', 'b', 'c'],
      ['x', 'a', 'b'],
      ['x'],
      ['c'],
      [
        { itemId: 'a', from: 1, to: 2 },
        { itemId: 'b', from: 2, to: 3 },
      ],
    ],
    ['an item taken back', ['a', 'b', 'c'], ['a', 'c'], [], ['b'], [{ itemId: 'c', from: 3, to: 2 }]],
    ['everything', ['a', 'b'], ['c', 'd'], ['c', 'd'], ['a', 'b'], []],
  ])('%s', (_name, before, after, added, removed, moved) => {
    expect(listChange(before, after)).toEqual({ added, removed, moved });
  });

  it('turns the old list into the new one when a client applies it', () => {
    const before = ['a', 'b', 'c', 'd', 'e'];
    const after = ['e', 'x', 'b', 'a', 'y'];
    const { added, removed, moved } = listChange(before, after);
    const applied: (string | undefined)[] = before.map((itemId) => (removed.includes(itemId) ? undefined : itemId));
    for (const { from } of moved) applied[from - 1] = undefined;
    for (const { itemId, to } of moved) applied[to - 1] = itemId;
    const newcomers = [...added];
    for (let k = 0; k < after.length; k++) applied[k] ??= newcomers.shift(); // in the order of their new rank
    expect(applied).toEqual(after);
  });
});
