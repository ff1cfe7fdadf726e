import type { Item } from '../../../src/catalogue/item';
import { ListCaps } from '../../../src/ranking/domain/list-caps';
import { ruleSettings } from '../../../src/ranking/surface-settings';
import { anItem } from '../fixtures';

/** Of these items, offered in order, the ids that a list with these rules takes. */
function taken(rules: object, items: readonly Item[]): string[] {
  const caps = new ListCaps(ruleSettings.parse(rules));
  return items.filter((item) => caps.admits(item) && (caps.take(item), true)).map(({ id }) => id);
}

describe('ListCaps', () => {
  it('admits all without a rule', () => {
    const items = Array.from({ length: 50 }, (_, k) => anItem(`${k}`, { sellerId: 's', threadId: 't', categories: ['c'], parts: ['p'] }));
    expect(taken({}, items)).toHaveLength(50);
  });

  it.each<[string, object, Partial<Item>, Partial<Item>]>([
    ['seller', { maxPerSeller: 2 }, { sellerId: 's' }, { sellerId: 't' }],
    ['first category', { maxPerTopic: 2 }, { categories: ['world', 'world/asia'] }, { categories: ['sport', 'world'] }],
    ['thread', { maxPerThread: 2 }, { threadId: 't' }, { threadId: 'u' }],
  ])('takes two of a %s, whatever comes between, and any number of none', (_what, rules, one, other) => {
    const items = [anItem('a', one), anItem('b', other), anItem('c', one), anItem('d', one), anItem('e'), anItem('f', other), anItem('g')];
    expect(taken(rules, items)).toEqual(['a', 'b', 'c', 'e', 'f', 'g']);
  });

  it('takes no bundle beside its part, in either order, and no two bundles of one part', () => {
    const bundle = anItem('bundle', { parts: ['a', 'b'] });
    const other = anItem('other', { parts: ['b', 'c'] });
    expect(taken({ bundles: {} }, [bundle, anItem('a'), other, anItem('c')])).toEqual(['bundle', 'c']);
    expect(taken({ bundles: {} }, [anItem('b'), bundle, other, anItem('a')])).toEqual(['b', 'a']);
    expect(taken({}, [bundle, anItem('a'), other])).toEqual(['bundle', 'a', 'other']);
  });

  it('holds all caps at once', () => {
    const items = [
      anItem('a', { sellerId: 's', threadId: 't' }),
      anItem('b', { sellerId: 'x', threadId: 't' }),
      anItem('c', { sellerId: 's' }),
    ];
    expect(taken({ maxPerSeller: 1, maxPerThread: 1 }, items)).toEqual(['a']);
  });
});
