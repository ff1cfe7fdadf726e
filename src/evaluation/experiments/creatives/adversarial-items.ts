import type { Item } from '../../../catalogue/item';
import type { EpochMs } from '../../../platform/clock';

/** Words that no content of the audit may hold. */
export const AUDIT_BANNED_WORDS: readonly string[] = ['miracle', 'чудо', '奇迹'];

/** Items that try to break whoever words them: braces, markup, overrides of direction, banned words, figures and claims in titles, missing and odd facts. */
export function adversarialItems(now: EpochMs): Item[] {
  const base = { categories: ['garden', 'garden/pots'], tags: [], hidden: false, promoted: false, version: 1 };
  const priced = { ...base, price: 12.5, currency: 'EUR', stock: 3, publishedAt: now - 86_400_000 };
  const titles = [
    '{price} {{title}} {n, plural, other {#}}',
    "It's a '{quoted}' thing",
    '<b>Bold</b> & <script>alert(1)</script>',
    'Abc \u202egnipots\u202c def',
    'מנורת שולחן',
    'مصباح 12',
    'A miracle pot',
    'Zero\u200bwidth\u0007bell',
    'Only € 1,00 today! 50 % off, free',
    '10',
    '   ',
    '👩‍👩‍👧 Family pot ✨',
    `Very long ${'long '.repeat(60)}title`,
  ];
  return [
    ...titles.map((title, k): Item => ({ ...priced, id: `odd-${k}`, title })),
    { ...base, id: 'bare', title: 'Bare pot', categories: [] },
    { ...base, id: 'no-currency', title: 'Pot of no currency', price: 5 },
    { ...base, id: 'no-such-currency', title: 'Pot of another money', price: 5, currency: 'euro' },
    { ...priced, id: 'free', title: 'Pot for nothing', price: 0 },
    { ...priced, id: 'dear', title: 'Golden pot', price: 1_234_567.89, currency: 'USD' },
    { ...priced, id: 'yen', title: 'Tea pot', price: 1200, currency: 'JPY' },
    { ...priced, id: 'many', title: 'Plain pot', stock: 40_000 },
    { ...priced, id: 'half', title: 'Half a pot', stock: 2.5 },
    { ...priced, id: 'future', title: 'Pot to come', publishedAt: now + 400 * 86_400_000 },
    { ...priced, id: 'never', title: 'Timeless pot', publishedAt: Number.NaN },
    { ...priced, id: 'words', title: 'Chatty pot', text: 'A miracle of {price}. Costs €1 only. <i>Buy</i>!' },
    { ...priced, id: 'category', title: 'Deep pot', categories: ['a/{b}', 'a/{b}/<c> 50 %'] },
  ];
}
