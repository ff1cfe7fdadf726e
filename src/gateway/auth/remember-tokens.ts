import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock';
import type { Authenticator, Identity } from './identity';

interface Remembered {
  readonly identity: Identity;
  readonly checkedAt: number;
}

/** More than the sockets of one process. Kept by the digest of the token: some 300 bytes each. */
const MOST = 20_000;
/** For so long a key that was withdrawn may still open a door. */
const TRUSTED_MS = 300_000;

/**
 * Checks the signature of a token once in five minutes, not each time: when thousands come back at once they bring the tokens that they had.
 * What expires is checked anew, and so is everything that did not hold. Revocations are looked up elsewhere, for every token, as before.
 */
export function rememberTokens(authenticator: Authenticator, clock: Clock): Authenticator {
  const known = new LRUCache<string, Remembered>({ max: MOST });
  return {
    authenticate: async (credentials) => {
      const token = credentials.get('authorization');
      if (token === undefined) return authenticator.authenticate(credentials);
      const digest = createHash('sha256').update(token).digest('base64');
      const now = clock.now();
      const found = known.get(digest);
      if (found && now - found.checkedAt < TRUSTED_MS && now >= found.checkedAt && now < (found.identity.expiresAt ?? 0))
        return found.identity;
      const identity = await authenticator.authenticate(credentials);
      known.set(digest, { identity, checkedAt: now });
      return identity;
    },
  };
}
