import { createJwtAuthenticator } from '../../src/gateway/auth/jwt-authenticator';
import { credentialsOf, type Authenticator, type Identity } from '../../src/gateway/auth/identity';
import { rememberTokens } from '../../src/gateway/auth/remember-tokens';
import { ManualClock } from '../../src/platform/clock';
import { SECRET, signToken } from './support/tokens';

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

describe('tokens that were checked before', () => {
  let clock: ManualClock;
  let checks: number;
  let remembering: Authenticator;
  const identityBy = (token: string): Promise<Identity> =>
    Promise.resolve(remembering.authenticate(credentialsOf({ authorization: `Bearer ${token}` })));
  const tokenFor = (sub: string, livesMs: number): Promise<string> =>
    signToken({ sub, iat: clock.now() / 1000, exp: (clock.now() + livesMs) / 1000 });

  beforeEach(async () => {
    clock = new ManualClock(START);
    checks = 0;
    const real = await createJwtAuthenticator({ secret: SECRET }, clock);
    const counting: Authenticator = {
      authenticate: (credentials) => {
        checks++;
        return real.authenticate(credentials);
      },
    };
    remembering = rememberTokens(counting, clock);
  });

  it('are not checked again, each stays its own', async () => {
    const [ann, bob] = [await tokenFor('ann', 60 * MINUTE_MS), await tokenFor('bob', 60 * MINUTE_MS)];
    for (let n = 0; n < 3; n++) expect([(await identityBy(ann)).userId, (await identityBy(bob)).userId]).toEqual(['ann', 'bob']);
    expect(checks).toBe(2);
  });

  it('are checked again when they have expired, and are refused then', async () => {
    const token = await tokenFor('ann', MINUTE_MS);
    await identityBy(token);
    clock.advance(MINUTE_MS + 10_000);
    await expect(identityBy(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'the token has expired: get a new one' });
    expect(checks).toBe(2);
  });

  it('are checked again after five minutes: the key may have been withdrawn', async () => {
    const token = await tokenFor('ann', 60 * MINUTE_MS);
    await identityBy(token);
    clock.advance(5 * MINUTE_MS);
    await identityBy(token);
    expect(checks).toBe(2);
  });

  it('are checked each time while they do not hold', async () => {
    const forged = `${(await tokenFor('ann', MINUTE_MS)).slice(0, -4)}AAAA`;
    for (let n = 0; n < 2; n++) await expect(identityBy(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(Promise.resolve(remembering.authenticate(credentialsOf({})))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(checks).toBe(3);
  });
});
