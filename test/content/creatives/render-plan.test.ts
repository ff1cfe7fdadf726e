import { HAND_WRITTEN_PLANS, TEMPLATE_LIKE_PLAN } from '../../../src/content/creatives/hand-written-plans';
import { itemFacts } from '../../../src/content/creatives/item-facts';
import { PlanRenderer, type RenderRequest } from '../../../src/content/creatives/render-plan';
import type { CreativeWording } from '../../../src/content/creatives/wording';
import { WORDING_EN } from '../../../src/content/creatives/wording-en';
import { WORDING_RU } from '../../../src/content/creatives/wording-ru';
import { WORDING_ZH } from '../../../src/content/creatives/wording-zh';
import type { Item } from '../../../src/catalogue/item';
import { anItem } from '../../ranking/fixtures';

const pot = anItem('pot', {
  title: 'Clay pot',
  categories: ['garden', 'garden/pots'],
  price: 1234.5,
  currency: 'EUR',
  stock: 3,
  publishedAt: Date.UTC(2026, 0, 31, 23, 59),
  text: 'Fired twice. Not for frost.',
});
const renderers = new Map(
  [WORDING_EN, WORDING_ZH, WORDING_RU].map((wording: CreativeWording) => [wording.language, new PlanRenderer(wording)]),
);
const render = (fields: Partial<RenderRequest> & { readonly language?: string; readonly item?: Item } = {}) => {
  const { language = 'en', item = pot, ...rest } = fields;
  const request = {
    plan: TEMPLATE_LIKE_PLAN,
    facts: itemFacts(item),
    reason: { code: 'popular' as const },
    kind: 'shop' as const,
    locale: language,
  };
  return renderers.get(language)!.render({ ...request, ...rest });
};
const { bargain, story, fresh } = HAND_WRITTEN_PLANS;

describe('render', () => {
  it('words a plan: facts in their order, tone, call to action', () => {
    expect(render({ plan: bargain! }).content).toEqual({
      title: 'Clay pot – €1,234.50',
      text: '€1,234.50 · 3 left!',
      callToAction: 'View for €1,234.50',
    });
    expect(render({ plan: { ...story!, accent: 'arrow' } }).content).toEqual({
      title: 'Take a look: Clay pot',
      text: 'For you: Popular right now · something from pots · Fired twice.',
      callToAction: 'View →',
    });
    expect(render({ plan: fresh! }).content).toMatchObject({
      title: 'pots: Clay pot',
      text: 'Published on Jan 31, 2026 · Popular right now',
    });
  });

  it('says what it named', () => {
    expect(render({ plan: bargain! }).stated).toEqual([
      { field: 'title', value: 'Clay pot', shown: 'Clay pot' },
      { field: 'price', value: 1234.5, currency: 'EUR', shown: '€1,234.50' },
      { field: 'stock', value: 3, shown: '3' },
    ]);
  });

  it.each([
    [1, 'осталась 1 штука'],
    [3, 'осталось 3 штуки'],
    [5, 'осталось 5 штук'],
    [11, 'осталось 11 штук'],
    [21, 'осталась 21 штука'],
  ])('has the plural of %i in Russian', (stock, words) => {
    const plan = { ...story!, first: 'stock', second: 'none', length: 'short' } as const;
    expect(render({ language: 'ru', plan, item: { ...pot, stock } }).content.text).toBe(`Для вас: ${words}`);
  });

  it('addresses a reader as they declared, and money as their locale writes it', () => {
    const plan = { ...story!, length: 'short', second: 'none', callToAction: 'price' } as const;
    const content = (gender?: string) => render({ language: 'ru', plan, ...(gender !== undefined && { gender }) }).content;
    expect(content('feminine').text).toBe('Дорогая читательница: Сейчас популярно');
    expect(content('masculine').text).toBe('Дорогой читатель: Сейчас популярно');
    expect(content().text).toBe('Для вас: Сейчас популярно');
    expect(content().callToAction).toBe('Посмотреть за 1\u00a0234,50\u00a0€');
    expect(render({ language: 'zh', plan: bargain! }).content.text).toBe('€1,234.50 · 余 3 件！');
  });

  it('cites the evidence by what was done, and the topic', () => {
    const reason = (type: string) => ({ code: 'because_you' as const, evidence: { title: 'Spade', type } });
    expect(render({ reason: reason('purchase') }).content.text).toBe('Goes with Spade, which you bought');
    expect(render({ reason: reason('dwell'), kind: 'news' }).content.text).toBe('Because you read Spade');
    expect(render({ reason: reason('pin') }).content.text).toBe('Because of your interest in Spade');
    expect(render({ reason: { code: 'because_you' } }).content.text).toBe('Picked from what you looked at');
    expect(render({ reason: { code: 'interest', topic: 'wool' } }).content.text).toBe('More in wool, which you like');
    expect(render({ reason: { code: 'followed' } }).content.text).toBe('From somebody you follow');
  });

  it('leaves out what is not known, and gives the reason where nothing is left', () => {
    expect(render({ plan: bargain!, item: anItem('bare', { title: 'Bare' }) }).content).toEqual({
      title: 'Bare',
      text: 'Popular right now!',
      callToAction: 'View',
    });
    expect(render({ item: anItem('untitled', { title: ' ' }) }).content.title).toBe('untitled');
  });

  it('takes texts of the catalogue as they are: no braces, quotes or markup mean anything', () => {
    const title = "{price} {{x}} '{y}' <b>{n, plural, other {#}}</b>";
    expect(render({ item: { ...pot, title } }).content.title).toBe(title);
  });

  it('lets no title change the direction of what stands around it', () => {
    expect(render({ item: { ...pot, title: 'Abc \u202egnip\u0007' } }).content.title).toBe('Abc gnip');
    expect(render({ item: { ...pot, title: 'מנורה' } }).content.title).toBe('\u2068מנורה\u2069');
  });
});
