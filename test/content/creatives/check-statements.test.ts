import { BannedWords } from '../../../src/content/creatives/banned-words';
import { checkStatements } from '../../../src/content/creatives/check-statements';
import { HAND_WRITTEN_PLANS } from '../../../src/content/creatives/hand-written-plans';
import { itemFacts } from '../../../src/content/creatives/item-facts';
import { PlanRenderer, type RenderedPlan } from '../../../src/content/creatives/render-plan';
import { WORDING_EN } from '../../../src/content/creatives/wording-en';
import { anItem } from '../../ranking/fixtures';

const pot = anItem('pot', { title: 'Clay pot', categories: ['pots'], price: 12.5, currency: 'EUR', stock: 3 });
const none = new BannedWords([]);
const renderer = new PlanRenderer(WORDING_EN);
const reason = { code: 'because_you', evidence: { title: 'Spade', type: 'view' } } as const;
const worded = (item = pot): RenderedPlan =>
  renderer.render({
    plan: { ...HAND_WRITTEN_PLANS['bargain']!, second: 'reason' },
    facts: itemFacts(item),
    reason,
    kind: 'shop',
    locale: 'en',
  });
const citable = { evidenceTitle: 'Spade' };
const check = (rendered: RenderedPlan, item = pot, banned = none): string | undefined => checkStatements(rendered, item, banned, citable);
const says = (text: string): RenderedPlan => ({ ...worded(), content: { ...worded().content, text } });

describe('checkStatements', () => {
  it('lets pass what the catalogue holds', () => {
    expect(check(worded())).toBeUndefined();
  });

  it('refuses a price that has changed, gone, or is in another currency now', () => {
    expect(check(worded(), { ...pot, price: 12.49 })).toBe('price');
    expect(check(worded(), { ...pot, currency: 'USD' })).toBe('price');
    const { price: _price, ...without } = pot;
    expect(check(worded(), without)).toBe('price');
  });

  it('refuses another stock, title, or evidence', () => {
    const plan = HAND_WRITTEN_PLANS['scarce']!;
    const scarce = renderer.render({ plan, facts: itemFacts(pot), reason, kind: 'shop', locale: 'en' });
    expect(check(scarce, { ...pot, stock: 2 })).toBe('stock');
    expect(check(worded(), { ...pot, title: 'Iron pot' })).toBe('fact');
    expect(checkStatements(worded(), pot, none, { evidenceTitle: 'Rake' })).toBe('fact');
  });

  it('refuses figures that no fact accounts for, whatever the wording says', () => {
    expect(check(says('Only 2 today'))).toBe('number');
    expect(check(says('50 % off'))).toBe('number');
    expect(check(says('Costs €12.50'))).toBeUndefined();
    expect(check(says('Costs €12.51'))).toBe('number');
  });

  it('refuses what is banned, unseen, empty or endless', () => {
    expect(check(says('A Miracle'), pot, new BannedWords(['miracle']))).toBe('banned_word');
    expect(check(says('turn \u202e around'))).toBe('unseen_character');
    expect(check(says('half \u2068open'))).toBe('unseen_character');
    expect(check(says(' '))).toBe('length');
    expect(check(says('word '.repeat(200)))).toBe('length');
  });
});

describe('BannedWords', () => {
  it('finds whole words in any case and form, and words of scripts without spaces anywhere', () => {
    const banned = new BannedWords(['free', 'a+b', '奇迹', 'чудо']);
    expect(banned.find('It is FREE!')).toBe('FREE');
    expect(banned.find('ｆｒｅｅ')).toBe('free');
    expect(banned.find('freedom')).toBeUndefined();
    expect(banned.find('x a+b y')).toBe('a+b');
    expect(banned.find('这是奇迹花盆')).toBe('奇迹');
    expect(banned.find('чудовище')).toBeUndefined();
    expect(banned.mask('Free pots, free 奇迹')).toBe('… pots, … …');
    expect(new BannedWords([' ']).find('anything')).toBeUndefined();
  });
});
