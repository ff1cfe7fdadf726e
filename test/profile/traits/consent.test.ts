import { isSensitive } from '../../../src/profile/traits/sensitive';
import { segmentsOf } from '../../../src/profile/traits/segments';
import { inferableAttributes, isTraitPurpose, usableAttributes } from '../../../src/profile/traits/trait-consent';
import { traitSettings } from '../../../src/profile/traits/trait-settings';
import { loadTenantSettings } from '../../../src/tenants/tenant-settings';

const settings = traitSettings.parse({ enabled: true, attributes: ['segment'], sensitiveAttributes: ['gender'] });
const standing = (consents: readonly string[], rejected: readonly string[] = []) => ({ consents, rejected });

describe('what is sensitive', () => {
  it.each(['gender', 'Age group', 'birthYear', 'political_party', 'sexual-orientation', 'health', 'religion'])('%s is', (name) =>
    expect(isSensitive(name)).toBe(true),
  );
  it.each(['segment', 'occupation', 'language', 'homepage', 'message', 'racetrack'])('%s is not', (name) =>
    expect(isSensitive(name)).toBe(false),
  );
  it('an operator may name more', () =>
    expect([isSensitive('postal code', ['postal code']), isSensitive('code', ['postal code'])]).toEqual([true, false]));
});

describe('whose attributes may be learned', () => {
  it.each([
    [[], []],
    [['trait:gender'], []],
    [['traits'], ['segment']],
    [
      ['traits', 'trait:gender'],
      ['segment', 'gender'],
    ],
    [['traits', 'trait:religion'], ['segment']], // the operator does not list it
  ])('with consent to %j: %j', (consents, expected) => expect(usableAttributes(standing(consents), settings)).toEqual(expected));

  it('none where the tenant does not learn traits', () =>
    expect(usableAttributes(standing(['traits']), { ...settings, enabled: false })).toEqual([]));

  it('what is declared or rejected is not inferred', () => {
    const all = ['traits', 'trait:gender'];
    expect(inferableAttributes(standing(all), { gender: 'F' }, settings)).toEqual(['segment']);
    expect(inferableAttributes(standing(all, ['segment']), {}, settings)).toEqual(['gender']);
  });

  it('purposes have two forms', () =>
    expect(['traits', 'trait:gender', 'trait:', 'trait', ''].map(isTraitPurpose)).toEqual([true, true, false, false, false]));
});

describe('segments of a user', () => {
  const inferred = { attribute: 'segment', value: 'b', probability: 0.8, model: 'tree' as const, path: [], at: 1 };
  it('are what they declared, else what was inferred, of what may be used', () => {
    const learning = { ...standing(['traits']), traits: [inferred] };
    expect(segmentsOf({ attributes: { gender: 'F' }, learning }, settings)).toEqual([{ name: 'segment=b', weight: 0.8 }]);
    expect(segmentsOf({ attributes: { segment: 'a' }, learning }, settings)).toEqual([{ name: 'segment=a', weight: 1 }]);
    expect(segmentsOf({ attributes: { segment: 'a' } }, settings)).toEqual([]);
    expect(segmentsOf({ attributes: {}, learning: { ...learning, rejected: ['segment'] } }, settings)).toEqual([]);
  });
});

describe('the tenants file', () => {
  const load = (traits: object) => loadTenantSettings({ tenants: { shop: { traits } } }).get('shop')!;

  it('learns nothing by default, and asks for what is popular in a segment only where it does', () => {
    const off = loadTenantSettings({ tenants: { shop: {} } }).get('shop')!;
    expect(off.traits.enabled).toBe(false);
    expect(off.surfaces.get('home')!.fallback).not.toContain('popular_in_segment');
    const chain = load({ enabled: true, attributes: ['segment'] }).surfaces.get('home')!.fallback;
    expect(chain.slice(-4)).toEqual(['popular_in_interests', 'popular_in_segment', 'popular', 'newest']);
  });

  it.each([
    [{ enabled: true, attributes: ['gender'] }, 'tenants.shop.traits.attributes[0]', 'sensitiveAttributes'],
    [{ enabled: true, sensitiveAttributes: ['segment'] }, 'tenants.shop.traits.sensitiveAttributes[0]', 'alsoSensitive'],
  ])('%j is refused by the name of the field, with what would be right', (traits, field, hint) => {
    expect(() => load(traits)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', field }) as Error);
    expect(() => load(traits)).toThrow(hint);
  });
});
