import { cursorOf, itemIdOfCursor, pageOfItems } from '../../src/gateway/page-of-items';
import type { Item } from '../../src/catalogue/item';
import { seededRandom } from '../../src/platform/random';
import { itemOf } from './support/fake-parts';

const viewOf = (ids: readonly string[]) => {
  const items = new Map(ids.map((id) => [id, itemOf(id, { hidden: id.startsWith('h') })]));
  return { get: (id: string) => items.get(id), size: items.size, values: () => items.values() };
};
const all = (): boolean => true;

describe('pageOfItems', () => {
  it('gives the smallest ids in order, and says whether there are more', () => {
    const view = viewOf(['c', 'a', 'e', 'b', 'd']);
    const ids = ({ nodes }: { nodes: readonly Item[] }) => nodes.map(({ id }) => id);
    const first = pageOfItems(view, { first: 2, accepts: all });
    expect([ids(first), first.hasNextPage]).toEqual([['a', 'b'], true]);
    const last = pageOfItems(view, { first: 3, after: 'b', accepts: all });
    expect([ids(last), last.hasNextPage]).toEqual([['c', 'd', 'e'], false]);
    expect(pageOfItems(view, { first: 3, after: 'e', accepts: all })).toEqual({ nodes: [], hasNextPage: false });
  });

  it('pages through everything once, whatever the order of the catalogue', () => {
    const random = seededRandom(1);
    const ids = Array.from({ length: 200 }, (_, n) => `${n % 3 === 0 ? 'h' : 'i'}${Math.floor(random() * 1e6)}`);
    const view = viewOf(ids);
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = pageOfItems(view, { first: 7, after, accepts: ({ hidden }) => !hidden });
      seen.push(...page.nodes.map(({ id }) => id));
      if (!page.hasNextPage) break;
      after = page.nodes.at(-1)!.id;
    }
    expect(seen).toEqual([...new Set(ids)].filter((id) => !id.startsWith('h')).sort());
  });

  it('reads its own cursors and no others', () => {
    expect(itemIdOfCursor(cursorOf('Größe-1'))).toBe('Größe-1');
    expect(itemIdOfCursor('nonsense')).toBeUndefined();
  });
});
