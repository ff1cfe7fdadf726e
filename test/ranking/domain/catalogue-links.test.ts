import { CatalogueLinks } from '../../../src/ranking/domain/catalogue-links';
import { anItem } from '../fixtures';

describe('CatalogueLinks', () => {
  const links = (): CatalogueLinks => new CatalogueLinks({ authors: true });

  it('keeps the newest items of each author, newest first, ties by lower id', () => {
    const own = links();
    for (const [id, publishedAt] of [
      ['b', 2],
      ['a', 2],
      ['c', 3],
      ['d', 1],
    ] as const)
      own.put(anItem(id, { sellerId: 's', publishedAt }), true);
    own.put(anItem('x', { sellerId: 'other', publishedAt: 9 }), true);
    expect(own.newestOf('s', 3)).toEqual(['c', 'a', 'b']);
    expect(own.newestOf('nobody', 3)).toEqual([]);
  });

  it('keeps at most fifty of an author', () => {
    const own = links();
    for (let k = 0; k < 60; k++) own.put(anItem(`i${k}`, { sellerId: 's', publishedAt: k }), true);
    expect(own.newestOf('s', 100)).toEqual(Array.from({ length: 50 }, (_, k) => `i${59 - k}`));
  });

  it('follows an item to another author, to another date, and out of sight', () => {
    const own = links();
    own.put(anItem('a', { sellerId: 's', publishedAt: 1 }), true);
    own.put(anItem('b', { sellerId: 's', publishedAt: 2 }), true);
    own.put(anItem('a', { sellerId: 's', publishedAt: 3 }), true);
    expect(own.newestOf('s', 9)).toEqual(['a', 'b']);
    own.put(anItem('a', { sellerId: 't', publishedAt: 3 }), true);
    own.put(anItem('b', { sellerId: 's', publishedAt: 2 }), false);
    expect([own.newestOf('s', 9), own.newestOf('t', 9)]).toEqual([[], ['a']]);
  });

  it('knows the bundles of a part as they are now', () => {
    const own = links();
    own.put(anItem('x', { parts: ['a', 'b'] }), true);
    own.put(anItem('y', { parts: ['b'] }), true);
    expect([own.bundlesOf('a'), own.bundlesOf('b'), own.bundlesOf('c')]).toEqual([['x'], ['x', 'y'], []]);
    own.put(anItem('x', { parts: ['a'] }), true);
    own.put(anItem('y', { parts: ['b'] }), false);
    expect([own.bundlesOf('a'), own.bundlesOf('b')]).toEqual([['x'], []]);
  });

  it('links no authors where nobody asks for them', () => {
    const own = new CatalogueLinks({ authors: false });
    own.put(anItem('a', { sellerId: 's', parts: ['p'] }), true);
    expect([own.newestOf('s', 9), own.bundlesOf('p')]).toEqual([[], ['a']]);
  });
});
