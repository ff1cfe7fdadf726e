import { createRemoteJWKSet, errors, importSPKI, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type KeyLike } from 'jose';
import type { Clock } from '../../platform/clock';
import { BeckonError } from '../../platform/errors';
import { IDENTIFIER_RULE, isIdentifier } from '../../platform/identifier';
import { parseScopes, type Authenticator, type Credentials, type Identity } from './identity';

/** Keys that tokens may be signed with. Each algorithm is tied to its own kind of key, so that neither can pass for the other. */
export interface JwtSettings {
  /** Shared secret of HS256 tokens. */
  readonly secret?: string;
  /** PEM (SPKI) of the RS256 public key. */
  readonly publicKey?: string;
  /** Where RS256 public keys are published. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
}

const CLOCK_TOLERANCE_S = 5;
const JWKS_RETRY_AFTER_MS = 2000;

/**
 * Reads `Authorization: Bearer <JWT>`: `sub` is the user, `tenant` the tenant (default `default`), `scope` the scopes,
 * space-separated. `exp` is needed.
 * @throws Error when the public key cannot be read.
 */
export async function createJwtAuthenticator(settings: JwtSettings, clock: Clock): Promise<Authenticator> {
  const keyOf = await keySource(settings);
  const expected = {
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['sub', 'exp'],
    ...(settings.issuer !== undefined && { issuer: settings.issuer }),
    ...(settings.audience !== undefined && { audience: settings.audience }),
  };
  return {
    authenticate: async (credentials) => {
      const token = bearerToken(credentials);
      try {
        const { payload } = await jwtVerify(token, keyOf, { ...expected, currentDate: new Date(clock.now()) });
        return identityOf(payload);
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

async function keySource({ secret, publicKey, jwksUrl }: JwtSettings): Promise<JWTVerifyGetKey> {
  const shared = secret === undefined ? undefined : new TextEncoder().encode(secret);
  const single: KeyLike | undefined = publicKey === undefined ? undefined : await importSPKI(publicKey, 'RS256');
  const published = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  return async (header, token) => {
    if (header.alg === 'HS256' && shared) return shared;
    if (header.alg === 'RS256' && single) return single;
    if (header.alg === 'RS256' && published) return published(header, token);
    throw new errors.JOSEAlgNotAllowed('not an algorithm that this gateway was given a key for');
  };
}

function bearerToken(credentials: Credentials): string {
  const [, token] = /^Bearer +([\w.-]+) *$/i.exec(credentials.get('authorization') ?? '') ?? [];
  if (token === undefined) {
    throw new BeckonError('UNAUTHENTICATED', 'a token is needed: send Authorization: Bearer <JWT>', { field: 'authorization' });
  }
  return token;
}

function identityOf(payload: JWTPayload): Identity {
  const { sub, exp, iat, jti } = payload;
  const tenant = payload['tenant'] ?? 'default';
  const scope = payload['scope'] ?? '';
  if (!isIdentifier(sub)) throw claimError('sub', IDENTIFIER_RULE);
  if (!isIdentifier(tenant)) throw claimError('tenant', IDENTIFIER_RULE);
  if (typeof scope !== 'string') throw claimError('scope', 'must be text: scopes separated by spaces');
  return {
    tenant,
    userId: sub,
    scopes: parseScopes(scope),
    expiresAt: (exp ?? 0) * 1000,
    ...(iat !== undefined && { issuedAt: iat * 1000 }),
    ...(typeof jti === 'string' && { jti }),
  };
}

const claimError = (claim: string, rule: string): BeckonError =>
  new BeckonError('UNAUTHENTICATED', `claim ${claim} of the token ${rule}`, { field: 'authorization' });

/** What the caller may know: expired or not valid. Which check failed is for the log. */
function refusal(error: unknown): BeckonError {
  if (error instanceof BeckonError) return error;
  const details = { field: 'authorization', cause: error };
  if (error instanceof errors.JWTExpired) return new BeckonError('UNAUTHENTICATED', 'the token has expired: get a new one', details);
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return new BeckonError('UNAVAILABLE', 'the keys that tokens are checked with cannot be fetched: try again', {
      ...details,
      retryAfterMs: JWKS_RETRY_AFTER_MS,
    });
  }
  return new BeckonError('UNAUTHENTICATED', 'the token is not valid: send one signed for this service', details);
}
