import { BeckonError } from '../../platform/errors';
import type { GatewayDeps } from '../gateway-deps';
import type { Credentials, Identity } from './identity';

/**
 * Who is asking, in a tenant that exists.
 * @throws BeckonError UNAUTHENTICATED
 */
export async function authenticate(
  { authenticator, hasTenant }: Pick<GatewayDeps, 'authenticator' | 'hasTenant'>,
  credentials: Credentials,
): Promise<Identity> {
  const identity = await authenticator.authenticate(credentials);
  if (!hasTenant(identity.tenant))
    throw new BeckonError('UNAUTHENTICATED', 'the identity names a tenant that does not exist', { field: 'tenant' });
  return identity;
}
