import { systemClock } from '../../platform/clock';
import { BeckonError } from '../../platform/errors';
import { IDENTIFIER_RULE, isIdentifier } from '../../platform/identifier';
import { parseScopes, SCOPES, type Authenticator, type Credentials } from './identity';

/**
 * Believes what the caller says: `x-beckon-user` (default `dev`), `x-beckon-tenant` (default `default`) and
 * `x-beckon-scopes` (space-separated; default: all). For a developer's own machine; a production process refuses to start with it.
 */
export const developmentAuthenticator: Authenticator = {
  authenticate: async (credentials) => ({
    tenant: named(credentials, 'x-beckon-tenant', 'default'),
    userId: named(credentials, 'x-beckon-user', 'dev'),
    scopes: parseScopes(credentials.get('x-beckon-scopes') ?? SCOPES.join(' ')),
    issuedAt: systemClock.now(), // there is no token: what is revoked ends open connections, and new ones are as good as before
  }),
};

function named(credentials: Credentials, name: string, fallback: string): string {
  const value = credentials.get(name) ?? fallback;
  if (!isIdentifier(value)) throw new BeckonError('UNAUTHENTICATED', `${name}: ${IDENTIFIER_RULE}`, { field: name });
  return value;
}
