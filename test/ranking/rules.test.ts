import type { Item } from '../../src/catalogue/item';
import { standingRule, surfaceRule } from '../../src/ranking/rules';
import { ruleSettings } from '../../src/ranking/surface-settings';
import { anItem, aProfile, NOW, recentOf } from './fixtures';

const rules = (input: object): ReturnType<typeof ruleSettings.parse> => ruleSettings.parse(input);

describe('standingRule', () => {
  it.each<[string, Partial<Item>, string | undefined]>([
    ['a plain item', {}, undefined],
    ['a hidden one', { hidden: true }, 'hidden'],
    ['one sold out', { stock: 0 }, 'sold_out'],
    ['the last one', { stock: 1 }, undefined],
    ['one that expires now', { expiresAt: NOW }, 'expired'],
    ['one that expires later', { expiresAt: NOW + 1 }, undefined],
  ])('judges %s', (_what, fields, expected) => expect(standingRule(undefined, NOW)(anItem('a', fields))).toBe(expected));

  it.each([
    ['c:garden', { categories: ['garden'] }, true],
    ['c:garden', { categories: ['garden/pots'] }, true],
    ['c:garden', { categories: ['gardening'] }, false],
    ['c:garden/pots', { categories: ['garden', 'garden/spades'] }, false],
    ['c:garden', { tags: ['garden'] }, false],
    ['t:wool', { tags: ['wool'] }, true],
    ['t:wool', { categories: ['wool'] }, false],
    ['wool', { tags: ['wool'] }, true],
    ['wool', { categories: ['wool'] }, true],
  ])('muting %s on %j: %s', (topic, fields, muted) => {
    const rule = standingRule(aProfile({ mutedTopics: [topic] }), NOW);
    expect(rule(anItem('a', fields))).toBe(muted ? 'muted' : undefined);
  });

  it('leaves out what the user is not interested in', () => {
    const rule = standingRule(aProfile({ notInterested: new Map([['a', 1]]) }), NOW);
    expect([rule(anItem('a')), rule(anItem('b'))]).toEqual(['not_interested', undefined]);
  });
});

describe('surfaceRule', () => {
  const profile = aProfile({
    recent: recentOf(
      { itemId: 'viewed' },
      { itemId: 'bought', type: 'purchase', weight: 1 },
      { itemId: 'shown', type: 'impression', weight: 0 },
      { itemId: 'disliked', type: 'dislike', weight: -0.8 },
    ),
    history: new Map([
      ['viewed', 3],
      ['bought', 2],
      ['long ago', 1],
    ]),
  });
  it.each([
    ['positive', ['viewed', 'bought', 'long ago']],
    ['off', []],
    [['purchase'], ['bought']],
    [
      ['view', 'impression'],
      ['viewed', 'shown'],
    ],
  ])('with excludeSeen %j leaves out %j', (excludeSeen, expected) => {
    const rule = surfaceRule(rules({ excludeSeen }), profile, NOW);
    const seen = ['viewed', 'bought', 'shown', 'disliked', 'long ago', 'new'].filter((id) => rule(anItem(id)) === 'seen');
    expect(seen).toEqual(expected);
  });

  it('keeps to the allowed categories and out of the denied ones', () => {
    const rule = surfaceRule(rules({ categories: { allow: ['garden'], deny: ['garden/poison'] } }), aProfile(), NOW);
    const verdicts = [['garden'], ['garden', 'garden/poison'], ['kitchen'], []].map((categories) => rule(anItem('a', { categories })));
    expect(verdicts).toEqual([undefined, 'category', 'category', 'category']);
  });

  it('holds the standing rule too', () => {
    const rule = surfaceRule(rules({ excludeSeen: 'off' }), aProfile({ mutedTopics: ['c:garden'] }), NOW);
    expect([rule(anItem('a', { categories: ['garden'] })), rule(anItem('b', { hidden: true }))]).toEqual(['muted', 'hidden']);
  });
});
