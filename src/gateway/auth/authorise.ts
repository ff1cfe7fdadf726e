import { BeckonError } from '../../platform/errors';
import type { UserKey } from '../../platform/keys';
import { checkIdentifier } from '../limits/check-arguments';
import type { Identity, Scope } from './identity';

/** @throws BeckonError FORBIDDEN that names the scope. */
export function requireScope(identity: Identity, scope: Scope): void {
  if (!identity.scopes.has(scope)) throw new BeckonError('FORBIDDEN', `this needs the scope ${scope}`);
}

/**
 * The user whose profile an operation edits. Somebody else's needs `read:any` besides `record:any`, because the answer shows the profile.
 * @throws BeckonError FORBIDDEN that names the scope; BAD_INPUT for a malformed id.
 */
export function editedSubjectOf(identity: Identity, userId: string | null | undefined, field = 'userId'): UserKey {
  subjectOf(identity, userId, { scope: 'read:any', field });
  return subjectOf(identity, userId, { scope: 'record:any', field });
}

/**
 * The user that an operation is about: the caller, or somebody else in the same tenant where the scope allows it.
 * @throws BeckonError FORBIDDEN that names the scope; BAD_INPUT for a malformed id.
 */
export function subjectOf(
  identity: Identity,
  userId: string | null | undefined,
  { scope, field = 'userId' }: { readonly scope: Scope; readonly field?: string },
): UserKey {
  const { tenant } = identity;
  if (userId === null || userId === undefined || userId === identity.userId) return { tenant, userId: identity.userId };
  checkIdentifier(userId, field);
  if (!identity.scopes.has(scope)) {
    throw new BeckonError('FORBIDDEN', `another user than the one of the token needs the scope ${scope}`, { field });
  }
  return { tenant, userId };
}
