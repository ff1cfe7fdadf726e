import { behaviourSettings, weigh } from '../../src/behaviour/behaviour-settings';
import { cleanBehaviour, type CleaningRules } from '../../src/behaviour/clean';

const NOW = Date.UTC(2026, 10, 24, 12);
const settings = behaviourSettings.parse({ types: { wishlist: { strength: 4 } } });
const rules: CleaningRules = {
  settings,
  policy: 'live',
  now: NOW,
  maxClockSkewMs: 300_000,
  maxLatenessMs: 30 * 86_400_000,
  newId: () => 'made-1',
};
const good = { userId: 'u1', id: 'b1', type: 'view', itemId: 'i1' };

describe('cleanBehaviour', () => {
  it('keeps a good behaviour as it was sent', () => {
    expect(cleanBehaviour({ ...good, at: '2026-11-24T11:59:00Z', price: 2 }, rules)).toEqual({
      ok: true,
      clean: {
        userId: 'u1',
        weight: 0.1,
        debounceMs: 1000,
        sentId: true,
        behaviour: { id: 'b1', type: 'view', itemId: 'i1', at: NOW - 60_000, price: 2 },
      },
    });
  });

  it('gives an id and the time now to a behaviour that has none', () => {
    expect(cleanBehaviour({ userId: 'u1', type: 'like', itemId: 'i1' }, rules)).toMatchObject({
      clean: { sentId: false, behaviour: { id: 'made-1', at: NOW } },
    });
  });

  it('clamps a clock that is a little fast to now', () => {
    expect(cleanBehaviour({ ...good, at: NOW + 299_000 }, rules)).toMatchObject({ ok: true, clean: { behaviour: { at: NOW } } });
  });

  it('takes a custom type with its weight', () => {
    expect(cleanBehaviour({ ...good, type: 'wishlist' }, rules)).toMatchObject({ ok: true, clean: { weight: 0.4 } });
  });

  it.each([
    ['an id with a space', { ...good, id: 'a b' }, 'schema', 'INVALID_VALUE', 'id'],
    ['an empty item', { ...good, itemId: '' }, 'schema', 'INVALID_VALUE', 'itemId'],
    ['a newline in a user', { ...good, userId: 'u\n1' }, 'schema', 'INVALID_VALUE', 'userId'],
    ['an id of 129 characters', { ...good, itemId: 'x'.repeat(129) }, 'schema', 'INVALID_VALUE', 'itemId'],
    ['an unknown type', { ...good, type: 'stare' }, 'schema', 'UNKNOWN_TYPE', 'type'],
    ['a type of the wrong kind', { ...good, type: 7 }, 'schema', 'INVALID_VALUE', 'type'],
    ['no item for a view', { userId: 'u1', type: 'view' }, 'schema', 'MISSING_FIELD', 'itemId'],
    ['no query for a search', { userId: 'u1', type: 'search' }, 'schema', 'MISSING_FIELD', 'query'],
    ['no target for a follow', { userId: 'u1', type: 'follow' }, 'schema', 'MISSING_FIELD', 'target'],
    ['no value for a rating', { ...good, type: 'rate' }, 'schema', 'MISSING_FIELD', 'value'],
    ['a rating of 6', { ...good, type: 'rate', value: 6 }, 'schema', 'INVALID_VALUE', 'value'],
    ['a dwell of −1 s', { ...good, type: 'dwell', value: -1 }, 'schema', 'INVALID_VALUE', 'value'],
    ['NaN', { ...good, type: 'rate', value: NaN }, 'schema', 'INVALID_VALUE', 'value'],
    ['infinity', { ...good, price: Infinity }, 'schema', 'INVALID_VALUE', 'price'],
    ['a quantity of 0', { ...good, type: 'purchase', quantity: 0 }, 'schema', 'INVALID_VALUE', 'quantity'],
    ['a time that is none', { ...good, at: 'yesterday' }, 'schema', 'INVALID_VALUE', 'at'],
    ['the year 2300', { ...good, at: '2300-01-01T00:00:00Z' }, 'clock', 'IN_THE_FUTURE', 'at'],
    ['the year 1900', { ...good, at: '1900-01-01T00:00:00Z' }, 'lateness', 'TOO_LATE', 'at'],
    ['31 days ago', { ...good, at: NOW - 31 * 86_400_000 }, 'lateness', 'TOO_LATE', 'at'],
  ])('rejects %s and names the field', (_, draft, step, code, field) => {
    const result = cleanBehaviour(draft, rules);
    expect(result).toMatchObject({ ok: false, step, rejection: { code, field } });
    expect(!result.ok && result.rejection.message).toMatch(/must|is |lies/);
  });

  it('accepts old times from a file, and does not debounce it', () => {
    expect(cleanBehaviour({ ...good, at: '1998-01-01T00:00:00Z' }, { ...rules, policy: 'import' })).toMatchObject({
      ok: true,
      clean: { debounceMs: 0 },
    });
    expect(cleanBehaviour({ ...good, at: '1900-01-01T00:00:00Z' }, { ...rules, policy: 'import' })).toMatchObject({ ok: false });
  });
});

describe('weigh', () => {
  it.each([
    ['purchase', undefined, 1],
    ['view', undefined, 0.1],
    ['not_interested', undefined, -1],
    ['impression', undefined, 0],
    ['rate', 5, 0.6], // (0.2 + 0.8 · 1) · 6 / 10
    ['rate', 3, 0.36], // (0.2 + 0.8 · 0.5) · 6 / 10
    ['rate', 1, 0.12], // 0.2 · 6 / 10
    ['dwell', 150, 0.15], // 0.5 · 3 / 10
    ['dwell', 9000, 0.3], // more than the most counts as the most
  ])('%s with value %p weighs %d', (type, value, expected) => {
    expect(weigh(settings, type, value)).toBeCloseTo(expected, 10);
  });
});
