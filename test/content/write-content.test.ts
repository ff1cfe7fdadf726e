import { DEFAULT_TEMPLATES } from '../../src/content/default-templates';
import { ContentTemplates, type ContentTemplate } from '../../src/content/templates';
import { ContentWriter, type Content, type ContentRequest } from '../../src/content/write-content';
import { writeList } from '../../src/content/write-list';
import { REASON_CODES } from '../../src/push/recommendation-list';
import { aCatalogue, anItem, NOW } from '../ranking/fixtures';

const pot = anItem('pot', { title: 'Clay pot', categories: ['garden', 'garden/pots'], price: 1234.5, currency: 'EUR' });
const catalogue = aCatalogue([pot, anItem('spade', { title: 'Spade' })]);
const cites = (type: string, itemId = 'spade'): ContentRequest['reason'] => ({
  code: 'because_you',
  evidence: [{ itemId, type, at: NOW, share: 1 }],
});
const writerWith = (...own: ContentTemplate[]): ContentWriter =>
  new ContentWriter(new ContentTemplates([...own, ...DEFAULT_TEMPLATES.shop], 'templates'));
const write = (fields: Partial<ContentRequest> = {}, writer = writerWith()): Content =>
  writer.write({ item: pot, reason: cites('view'), locale: 'en', surface: 'home', catalogue, ...fields });

describe('write', () => {
  it('says why, by the behaviour that is cited', () => {
    expect(write()).toEqual({ title: 'Clay pot', text: 'Because you viewed Spade', callToAction: 'View for €1,234.50' });
    expect(write({ reason: cites('purchase') }).text).toBe('Goes with Spade, which you bought');
    expect(write({ reason: cites('rate') }).text).toBe('Because you rated Spade');
  });

  it('writes in the reader’s language, and money in the reader’s way', () => {
    expect(write({ locale: 'zh-CN', reason: cites('purchase') }).text).toBe('与您购买的“Spade”搭配');
    expect(write({ locale: 'en-IN', item: { ...pot, price: 1_234_567, currency: 'INR' } }).callToAction).toBe('View for ₹12,34,567.00');
    expect(write({ locale: 'fr' }).callToAction).toBe('View for €1,234.50'); // English text, English numbers
    expect(write({ locale: undefined }).text).toBe('Because you viewed Spade');
    expect(write({ locale: 'not a locale' }).text).toBe('Because you viewed Spade');
  });

  it('leaves out what is not known', () => {
    expect(write({ item: anItem('bare', { title: 'Bare' }) }).callToAction).toBe('View');
    expect(write({ item: { ...pot, currency: 'no such' } }).callToAction).toBe('View');
    expect(write({ reason: cites('view', 'gone') }).text).toBe('Picked from what you looked at');
    expect(write({ reason: { code: 'new', evidence: [] } }).text).toBe('New in pots');
    expect(write({ reason: { code: 'new', evidence: [] }, item: anItem('bare') }).text).toBe('New here');
    expect(write({ item: anItem('untitled', { title: ' ' }) }).title).toBe('untitled');
  });

  it('names a topic without its prefix and path', () => {
    expect(write({ reason: { code: 'popular_in_category', topic: 'c:garden/pots', evidence: [] } }).text).toBe('Popular in pots');
    expect(write({ reason: { code: 'interest', topic: 't:wool', evidence: [] } }).text).toBe('More in wool, which you like');
  });

  it('prefers the templates of the surface', () => {
    expect(write({ surface: 'cart' }).callToAction).toBe('Add for €1,234.50');
    const own: ContentTemplate = { locale: 'en', reason: 'because_you', title: '{item.title}!', text: 'Own', callToAction: 'Go' };
    expect(write({}, writerWith(own)).text).toBe('Own');
    expect(write({}, writerWith(own, { ...own, surfaces: ['home'], text: 'Home' })).text).toBe('Home');
    expect(write({ surface: 'cart' }, writerWith({ ...own, text: 'For {item.category}' }, { ...own, surfaces: ['home'] })).text).not.toBe(
      'Own',
    );
  });

  it('never writes anything empty, whatever is known', () => {
    const writer = writerWith();
    for (const code of REASON_CODES) {
      for (const item of [pot, anItem('bare', { title: '' })]) {
        for (const evidence of [[], cites('view').evidence, cites('view', 'gone').evidence]) {
          for (const surface of ['home', 'product', 'cart', 'else']) {
            const content = write({ item, reason: { code, evidence }, surface, locale: 'zh' }, writer);
            for (const text of Object.values(content)) expect(text).toMatch(/^[^{}]*\S[^{}]*$/);
          }
        }
      }
    }
  });
});

describe('writeList', () => {
  it('adds the content to each item and leaves out what is gone', () => {
    const ranked = { score: 1, sources: [], reason: cites('view'), flags: [] };
    const list = writeList(
      writerWith(),
      [
        { itemId: 'pot', ...ranked },
        { itemId: 'gone', ...ranked },
      ],
      { locale: 'en', surface: 'home', catalogue },
    );
    expect(list).toEqual([{ itemId: 'pot', ...ranked, content: write() }]);
  });
});
