import type { Item } from '../../../src/catalogue/item';
import { listRule } from '../../../src/ranking/domain/list-rule';
import { ruleSettings } from '../../../src/ranking/surface-settings';
import { aCatalogue, anItem, aProfile, NOW, recentOf } from '../fixtures';

const HOUR = 3_600_000;
const catalogue = aCatalogue([
  anItem('kettle', { price: 40, currency: 'EUR' }),
  anItem('cups', { price: 20, currency: 'EUR' }),
  anItem('gone', { stock: 0 }),
  anItem('dear', { price: 900, currency: 'EUR' }),
]);
const profile = aProfile({
  recent: recentOf(
    { itemId: 'cups', type: 'purchase', weight: 1 },
    { itemId: 'kettle' },
    { itemId: 'dear', type: 'dislike', weight: -0.8 },
    { itemId: 'unknown' },
  ),
});
const judge = (rules: object, fields: Partial<Item>): string | undefined =>
  listRule(ruleSettings.parse(rules), { profile, catalogue, now: NOW })(anItem('x', fields));

describe('listRule', () => {
  it.each<[object, Partial<Item>, string | undefined]>([
    [{ maxAgeMs: HOUR }, { publishedAt: NOW - HOUR }, undefined],
    [{ maxAgeMs: HOUR }, { publishedAt: NOW - HOUR - 1 }, 'too_old'],
    [{ maxAgeMs: HOUR }, {}, undefined],
    [{}, { publishedAt: 1 }, undefined],
    [{ minStock: 3 }, { stock: 2 }, 'low_stock'],
    [{ minStock: 3 }, { stock: 3 }, undefined],
    [{ minStock: 3 }, {}, undefined],
    [{}, { stock: 1 }, undefined],
    // the dearest that the user has had is the kettle: what was disliked does not count
    [{ maxPriceRatio: 2 }, { price: 80, currency: 'EUR' }, undefined],
    [{ maxPriceRatio: 2 }, { price: 80.01, currency: 'EUR' }, 'too_dear'],
    [{ maxPriceRatio: 2 }, { price: 5000, currency: 'JPY' }, undefined],
    [{ maxPriceRatio: 2 }, {}, undefined],
    [{}, { price: 5000, currency: 'EUR' }, undefined],
    [{ bundles: {} }, { parts: ['kettle', 'dear'] }, undefined],
    [{ bundles: {} }, { parts: ['kettle', 'cups'] }, 'bundle'], // a part is bought
    [{ bundles: {} }, { parts: ['kettle', 'gone'] }, 'bundle'],
    [{ bundles: {} }, { parts: ['kettle', 'nowhere'] }, 'bundle'],
    [{}, { parts: ['cups', 'gone'] }, undefined],
    [{ maxAgeMs: HOUR, categories: { deny: ['toys'] } }, { publishedAt: NOW, categories: ['toys'] }, 'category'],
  ])('with %j judges %j: %s', (rules, fields, expected) => expect(judge(rules, fields)).toBe(expected));

  it('lets any price through for a user who has had nothing with one', () => {
    const rule = listRule(ruleSettings.parse({ maxPriceRatio: 1 }), { profile: aProfile(), catalogue, now: NOW });
    expect(rule(anItem('x', { price: 1e6, currency: 'EUR' }))).toBeUndefined();
  });
});
