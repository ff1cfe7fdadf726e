import { BeckonError } from '../../platform/errors';
import type { GatewayDeps } from '../gateway-deps';
import type { Credentials, Identity } from './identity';

export type AuthenticateDeps = Pick<GatewayDeps, 'authenticator' | 'hasTenant' | 'revocations'>;

/**
 * Who is asking, in a tenant that exists, by a token that has not been revoked.
 * @throws BeckonError UNAUTHENTICATED
 */
export async function authenticate(deps: AuthenticateDeps, credentials: Credentials): Promise<Identity> {
  const { authenticator, hasTenant } = deps;
  const identity = await authenticator.authenticate(credentials);
  if (!hasTenant(identity.tenant))
    throw new BeckonError('UNAUTHENTICATED', 'the identity names a tenant that does not exist', { field: 'tenant' });
  checkNotRevoked(deps, identity);
  return identity;
}

/** For an identity that was found out a while ago. @throws BeckonError UNAUTHENTICATED */
export function checkNotRevoked({ revocations }: Pick<AuthenticateDeps, 'revocations'>, identity: Identity): void {
  if (revocations.isRevoked(identity))
    throw new BeckonError('UNAUTHENTICATED', 'the token has been revoked: get a new one', { field: 'authorization' });
}
