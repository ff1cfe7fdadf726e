import { ExposureLedger } from '../../src/ranking/exposure-ledger';
import { exposureOf } from '../../src/ranking/place-terms';
import { rank, type RankedList } from '../../src/ranking/rank';
import { gini } from '../../src/evaluation/metrics/concentration';
import { aCatalogue, anItem, aProfile, aSurface, fixedScorer, indexOf, near, NOW, recentOf, someModels } from './fixtures';

const shares = (given: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(given));
const ledgerOf = (target: 'merit' | 'equal', halfLifeMs = Infinity): ExposureLedger => new ExposureLedger({ target, halfLifeMs });

describe('ExposureLedger', () => {
  it('knows nobody at first', () => {
    const ledger = ledgerOf('merit');
    expect(ledger.deficit('s')).toBe(0);
    expect(ledger.attentionShares().size).toBe(0);
  });

  it('is short by the part of the target that a provider did not get, surer with each list', () => {
    const ledger = ledgerOf('merit');
    // One list: a had all the attention and deserved half of it.
    ledger.record({ attention: shares({ a: 1 }), merit: shares({ a: 0.5, b: 0.5 }) }, NOW);
    expect(ledger.deficit('a')).toBeCloseTo((1 / 11) * (-0.5 / 1.5), 12); // (.5 − 1) / (.5 + 1)
    expect(ledger.deficit('b')).toBeCloseTo(1 / 11, 12); // (.5 − 0) / (.5 + 0)
    for (let k = 0; k < 89; k++) ledger.record({ attention: shares({ a: 1 }), merit: shares({ a: 0.5, b: 0.5 }) }, NOW);
    expect(ledger.deficit('b')).toBeCloseTo(0.9, 12);
    // Ever so much more than its target counts no more than −1.
    ledger.record({ attention: shares({}), merit: shares({ b: 1e9 }) }, NOW);
    expect(ledger.deficit('a')).toBeCloseTo(-0.9, 6);
  });

  it('wants the same for every provider that competed, where the target is equal', () => {
    const ledger = ledgerOf('equal');
    ledger.record({ attention: shares({ a: 0.75, b: 0.25 }), merit: shares({ a: 0.9, b: 0.05, c: 0.05 }) }, NOW);
    expect(ledger.deficit('c')).toBeCloseTo(1 / 11, 12);
    expect(ledger.deficit('b')).toBeCloseTo((1 / 11) * ((1 / 3 - 0.25) / (1 / 3 + 0.25)), 12);
    expect(ledger.deficit('a')).toBeCloseTo((1 / 11) * ((1 / 3 - 0.75) / (1 / 3 + 0.75)), 12);
  });

  it('forgets by half in a half-life, over ever so many of them', () => {
    const ledger = ledgerOf('merit', 1000);
    const merit = shares({ a: 0.5, b: 0.5 });
    ledger.record({ attention: shares({ a: 1 }), merit }, NOW);
    ledger.record({ attention: shares({ b: 1 }), merit }, NOW + 1000);
    expect(Object.fromEntries(ledger.attentionShares())).toEqual({ a: near(1 / 3), b: near(2 / 3) });
    for (let k = 2; k < 200; k++) ledger.record({ attention: shares({ [k % 2 === 0 ? 'a' : 'b']: 1 }), merit }, NOW + 1000 * k);
    expect(Object.fromEntries(ledger.attentionShares())).toEqual({ a: near(1 / 3), b: near(2 / 3) });
    ledger.record({ attention: shares({ c: 1 }), merit: shares({ c: 1 }) }, NOW + 1000 * 400);
    expect([...ledger.attentionShares().keys()]).toEqual(['c']); // nothing is left of the others
  });
});

describe('exposureOf', () => {
  const settings = aSurface({ exposure: { weight: 1 } });
  it('gives the k-th place 1 / log₂(k + 1) of the attention, and candidates their relevance', () => {
    const [a, b, nobodys] = [anItem('a', { sellerId: 's' }), anItem('b', { sellerId: 't' }), anItem('n')];
    const given = exposureOf(
      [{ item: a }, { item: nobodys }],
      [
        { item: a, score: 3 },
        { item: b, score: 1 },
      ],
      settings,
    );
    const total = 1 + 1 / Math.log2(3);
    expect(Object.fromEntries(given.attention)).toEqual({ s: near(1 / total) });
    expect(Object.fromEntries(given.merit)).toEqual({ s: near(0.75), t: near(0.25) });
  });
  it('of an empty list is empty', () => expect(exposureOf([], [], settings)).toEqual({ attention: new Map(), merit: new Map() }));
});

describe('lists that are evened out', () => {
  // Two sellers, nearly equally good: by relevance alone the second is never first.
  const items = [anItem('h'), anItem('a', { sellerId: 's' }), anItem('b', { sellerId: 't' })];
  const index = indexOf(items.map(({ id }) => id));
  const itemKnn = fixedScorer('item-knn', index, { a: 1, b: 0.95 });
  const make = (weight: number, ledger: ExposureLedger | undefined): RankedList =>
    rank({
      ...{
        profile: aProfile({ recent: recentOf({ itemId: 'h' }) }),
        models: someModels(index, [itemKnn]),
        catalogue: aCatalogue(items),
        now: NOW,
      },
      surface: aSurface({ size: 1, exposure: { weight } }),
      ...(ledger && { exposure: ledger }),
    });

  it('give the place in turns when the weight is up, and to the best alone at 0', () => {
    const shown = (weight: number): string[] => {
      const ledger = ledgerOf('merit');
      return Array.from({ length: 40 }, () => {
        const list = make(weight, ledger);
        if (list.exposure) ledger.record(list.exposure, NOW);
        return list.items[0]!.itemId;
      });
    };
    const counts = (list: string[]): number[] => ['a', 'b'].map((id) => list.filter((one) => one === id).length);
    expect(counts(shown(0))).toEqual([40, 0]);
    const [a, b] = counts(shown(1));
    expect(a).toBeGreaterThanOrEqual(b!); // as relevant, as much
    expect(gini([a!, b!])).toBeLessThan(0.25);
  });

  it('say what they gave only where the surface looks at it, and are the same without a ledger', () => {
    expect(make(0, undefined).exposure).toBeUndefined();
    expect(make(0.5, undefined).exposure!.attention.get('s')).toBe(1);
    expect(make(0.5, undefined).items).toEqual(make(0, undefined).items);
  });
});
