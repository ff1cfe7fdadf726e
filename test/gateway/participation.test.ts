import { participationResolvers } from '../../src/gateway/resolvers/participation';
import { profileResolvers } from '../../src/gateway/resolvers/profile';
import type { GatewayContext } from '../../src/gateway/gateway-context';
import { fakeParts, type FakeParts } from './support/fake-parts';

type Resolve = (source: object, args: object, context: GatewayContext) => Promise<unknown>;
const { Query, Mutation } = participationResolvers as unknown as Record<'Query' | 'Mutation', Record<string, Resolve>>;

let parts: FakeParts;
const asUser = (name: string, args: object, scopes: string[] = []): Promise<unknown> => {
  const identity = { tenant: 'default', userId: 'ann', scopes: new Set(scopes) };
  const context = { deps: parts.deps, identity, receivedAt: Date.now() } as unknown as GatewayContext;
  return Promise.resolve().then(() => (Query[name] ?? Mutation[name])!({}, args, context));
};
beforeEach(() => (parts = fakeParts()));

describe('personalisation', () => {
  it('is switched for the surfaces that leave the choice, and says how all of them are', async () => {
    const off = {
      surfaces: [
        { surface: 'home', enabled: false, switchable: true },
        { surface: 'product', enabled: true, switchable: false },
      ],
    };
    expect(await asUser('setPersonalisation', { enabled: false })).toEqual(off);
    expect(await asUser('personalisation', {})).toEqual(off.surfaces);
    expect(await asUser('setPersonalisation', { enabled: true, surface: 'home' })).toMatchObject({ surfaces: [{ enabled: true }, {}] });
  });
  it('of a surface that leaves none, or of somebody else, is refused', async () => {
    await expect(asUser('setPersonalisation', { enabled: false, surface: 'product' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'surface',
    });
    await expect(asUser('setPersonalisation', { enabled: false, userId: 'bob' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('what was switched off before signing in', () => {
  it('is taken over', async () => {
    await parts.deps.choices.switch({ tenant: 'default', userId: 'anon-1' }, ['home'], false);
    const { mergeProfile } = (profileResolvers as unknown as { Mutation: Record<string, Resolve> }).Mutation;
    const identity = { tenant: 'default', userId: 'ann', scopes: new Set<string>() };
    await mergeProfile!({}, { anonymousId: 'anon-1' }, { deps: parts.deps, identity } as unknown as GatewayContext);
    expect(await asUser('personalisation', {})).toMatchObject([{ surface: 'home', enabled: false }, {}]);
  });
});

describe('rateRecommendation', () => {
  it('is recorded as behaviour of the list', async () => {
    const input = { recommendationId: 'list-1', rating: 4, itemId: 'pot', id: 'once' };
    expect(await asUser('rateRecommendation', { input })).toEqual({ seq: 1 });
    expect(parts.recorded).toMatchObject([
      { userId: 'ann', id: 'once', type: 'rate_recommendation', value: 4, itemId: 'pot', recommendationId: 'list-1' },
    ]);
    expect(await asUser('rateRecommendation', { input: { recommendationId: 'list-1', rating: 1 } })).toEqual({ seq: 1 }); // of the whole list
  });
  it.each([
    [{ rating: 6 }, 'input.rating'],
    [{ rating: 0 }, 'input.rating'],
    [{ rating: 3, recommendationId: 'a b' }, 'input.recommendationId'],
    [{ rating: 3, itemId: 'a b' }, 'input.itemId'],
  ])('refuses %j, naming %s', async (given, field) => {
    const input = { recommendationId: 'list-1', ...given };
    await expect(asUser('rateRecommendation', { input })).rejects.toMatchObject({ code: 'BAD_INPUT', field });
  });
});

describe('setInterest', () => {
  it('answers with the profile, its interest locked', async () => {
    const answer = await asUser('setInterest', { input: { topic: 'c:garden', value: 2, locked: true } });
    expect(answer).toMatchObject({ profile: { interests: { short: [{ topic: 'c:garden', value: 2, locked: true }] } } });
    await asUser('unlockInterest', { topic: 'c:garden' });
    expect(await asUser('resetProfile', { keepEdits: true })).toMatchObject({ profile: { interests: { short: [] } } });
  });
  it.each([
    [{ topic: 'garden', value: 1 }, 'input.topic'],
    [{ topic: 'c:garden', value: 101 }, 'input.value'],
    [{ topic: 'c:garden', value: NaN }, 'input.value'],
  ])('refuses %j, naming %s', async (input, field) => {
    await expect(asUser('setInterest', { input })).rejects.toMatchObject({ code: 'BAD_INPUT', field });
  });
});
