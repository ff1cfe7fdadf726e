import { DEFAULT_TEMPLATES } from '../../src/content/default-templates';
import { CONTENT_FIELDS, formatMessage, parseMessage } from '../../src/content/message';
import { contentTemplate, ContentTemplates, type ContentTemplate } from '../../src/content/templates';
import { BeckonError } from '../../src/platform/errors';
import { REASON_CODES } from '../../src/push/recommendation-list';

function refusal(load: () => unknown): BeckonError {
  try {
    load();
  } catch (error) {
    if (error instanceof BeckonError) return error;
  }
  throw new Error('was not refused');
}

const own = (fields: Partial<ContentTemplate>): ContentTemplate => ({
  locale: 'en',
  reason: 'popular',
  title: '{item.title}',
  text: 'Popular',
  callToAction: 'View',
  ...fields,
});
const load = (...templates: ContentTemplate[]): ContentTemplates =>
  new ContentTemplates([...templates, ...DEFAULT_TEMPLATES.shop], 'templates');

describe('parseMessage', () => {
  it('fills fields in, and shows doubled braces as single ones', () => {
    const message = parseMessage('{{{ item.title }}} & {topic}', 'here');
    expect(message.needs).toEqual(['item.title', 'topic']);
    expect(formatMessage(message, { 'item.title': 'Pot', topic: 'garden' })).toBe('{Pot} & garden');
  });
  it('shows nothing rather than a gap where a field is not known', () => {
    expect(formatMessage(parseMessage('for {item.price}', 'here'), { 'item.title': 'Pot' })).toBeUndefined();
  });
});

describe('a template is refused when it is loaded', () => {
  it.each([
    ['{item.colour}', 'title'],
    ['{price}', 'text'],
    ['{}', 'callToAction'],
    ['{constructor}', 'text'],
  ] as const)('for the unknown field in "%s", with template, field and known fields named', (text, part) => {
    const error = refusal(() => load(own({}), own({ [part]: text })));
    expect(error.code).toBe('BAD_INPUT');
    expect(error.field).toBe(`templates[1].${part}`);
    expect(error.message).toContain(text);
    for (const field of CONTENT_FIELDS) expect(error.message).toContain(`{${field}}`);
  });
  it('names the variant of several', () => expect(refusal(() => load(own({ text: ['ok', '{nope}'] }))).field).toBe('templates[0].text[1]'));
  it.each(['a { b', 'a } b', '{item.title', ' '])('for the broken text "%s"', (text) => {
    expect(refusal(() => load(own({ text }))).field).toBe('templates[0].text');
  });
  it('when some item would get nothing: a reason without a template that needs the title only', () => {
    const priced = REASON_CODES.map((reason) => own({ reason, ...(reason === 'new' ? { text: 'Only {item.price}' } : {}) }));
    expect(refusal(() => new ContentTemplates(priced, 'templates')).message).toContain('"new"');
    expect(refusal(() => new ContentTemplates([], 'templates')).message).toContain('because_you');
  });
  it.each(['klingon!', '', 'e'])('for the locale "%s"', (locale) => expect(contentTemplate.safeParse(own({ locale })).success).toBe(false));
  it('for an unknown reason or key', () => {
    expect(contentTemplate.safeParse({ ...own({}), reason: 'whim' }).success).toBe(false);
    expect(contentTemplate.safeParse({ ...own({}), subtitle: 'x' }).success).toBe(false);
  });
});

describe('the default templates', () => {
  it.each(Object.entries(DEFAULT_TEMPLATES))('of %s parse, and serve all reasons in en and zh', (_preset, templates) => {
    for (const template of templates) expect(contentTemplate.parse(template)).toEqual(template);
    const loaded = new ContentTemplates(templates, 'templates');
    for (const reason of REASON_CODES) for (const locale of ['en', 'zh']) expect(loaded.of(locale, reason).length).toBeGreaterThan(0);
  });
});

describe('localesFor', () => {
  it.each([
    ['zh-Hant-TW', ['zh', 'en']],
    ['ZH', ['zh', 'en']],
    ['en-GB', ['en']],
    ['fr', ['en']],
    [undefined, ['en']],
  ])('of %s', (tag, expected) => expect(load().localesFor(tag)).toEqual(expected));
});
