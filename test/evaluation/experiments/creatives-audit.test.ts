import type { Item } from '../../../src/catalogue/item';
import { adversarialItems } from '../../../src/evaluation/experiments/creatives/adversarial-items';
import { auditContent, type AuditedContent } from '../../../src/evaluation/experiments/creatives/audit-content';
import { auditPlans } from '../../../src/evaluation/experiments/creatives/audit-plans';
import { t95 } from '../../../src/evaluation/t-interval';
import { simulateDomain } from '../../../src/simulator/simulate-domain';
import { anItem } from '../../ranking/fixtures';

const NOW = Date.UTC(2026, 10, 1);
const pot = anItem('pot', {
  title: 'Clay pot',
  categories: ['garden/pots'],
  price: 12.5,
  currency: 'EUR',
  stock: 3,
  publishedAt: Date.UTC(2026, 0, 31),
});
const faults = (text: string, fields: Partial<AuditedContent> = {}): string[] =>
  auditContent({
    texts: { title: 'Clay pot', text, callToAction: 'View' },
    item: pot,
    language: 'en',
    bannedWords: ['miracle'],
    ...fields,
  });

describe('the auditor', () => {
  it('lets pass what is so', () => {
    expect(faults('For you: yours for €12.50 · 3 pieces in stock · Published on Jan 31, 2026 · From pots')).toEqual([]);
    expect(faults('Because you viewed Spade', { evidence: { title: 'Spade', type: 'view' } })).toEqual([]);
    const texts = { title: 'Clay pot', text: 'Цена: 12,50 €', callToAction: 'Посмотреть' };
    expect(faults('', { language: 'ru', texts })).toEqual([]);
  });

  it.each([
    ['Costs €12.60', /another price/],
    ['Costs $12.50', /another currency/],
    ['4 left', /figure from nowhere/],
    ['Popular right now · 20 % off', /figure from nowhere/],
    ['Goes with Spade, which you bought', /claim without its fact/],
    ['The best pot', /claim without its fact/],
    ['Fired twice', /word from nowhere/],
    ['A miracle', /banned word/],
    ['Costs {price}', /not filled in/],
    ['Popular \u202e right now', /not seen/],
    [' ', /nothing is said/],
  ])('finds what is wrong with "%s"', (text, fault) => {
    expect(faults(text, { evidence: { title: 'Spade', type: 'view' } }).join('\n')).toMatch(fault);
  });
});

describe('hundreds of plans', () => {
  const options = { plans: 250, seed: 3, now: NOW };
  const itemsOf = (kind: 'shop' | 'news' | 'social'): Item[] =>
    simulateDomain(kind, { seed: 3, now: NOW, users: 1, days: 7, items: 60 }).items.map((item) =>
      anItem(item.id, { ...item, title: item.title }),
    );

  it.each(['shop', 'news', 'social'] as const)('say nothing untrue of the %s', (kind) => {
    const { untrue, examples, shown, refused } = auditPlans({ ...options, kind, items: itemsOf(kind) });
    expect({ untrue, examples }).toEqual({ untrue: 0, examples: [] });
    expect(shown).toBeGreaterThan(200);
    expect(refused.fact).toBeGreaterThan(0); // what had changed was noticed
  });

  it('say nothing untrue of items that try to make them', () => {
    const { untrue, examples, refused } = auditPlans({ ...options, kind: 'shop', items: adversarialItems(NOW) });
    expect({ untrue, examples }).toEqual({ untrue: 0, examples: [] });
    expect(Math.min(refused.price, refused.banned_word)).toBeGreaterThan(0);
  });
});

it('t95 is the interval of Student: worked by hand', () => {
  const { value, low, high } = t95([1, 2, 3, 4, 5]); // s² = 2.5, half = 2.776 · √0.5
  expect([value, low, high].map((number) => Number(number.toFixed(3)))).toEqual([3, 1.037, 4.963]);
  expect(() => t95([1])).toThrow(RangeError);
});
