import type { Clock, EpochMs } from '../../platform/clock';
import type { Identity } from './identity';

/** Tokens that no longer hold: those of a user that were issued before a time, or the one of a `jti`. */
export type Revocation = { readonly tenant: string; /** When it is forgotten. */ readonly until: EpochMs } & (
  { readonly userId: string; readonly before: EpochMs } | { readonly jti: string }
);

export type RevocationTest = (identity: Identity) => boolean;

/** What is revoked in the whole system, as this process knows it. */
export interface Revocations {
  /** Whether the token of an identity is known here to be revoked. Asked for every token; never waits. */
  isRevoked(identity: Identity): boolean;
  /**
   * Resolves when it is stored and announced: other processes know it a moment later, those that are cut off from the store once they
   * are back. @throws BeckonError UNAVAILABLE while the store is away.
   */
  revoke(revocation: Revocation): Promise<void>;
  /** Calls back after each addition with what it hits. Returns how to end that. */
  onRevoked(listener: (hits: RevocationTest) => void): () => void;
}

/**
 * Whether a revocation hits the token of an identity. A token that does not say when it was issued counts as older than every `before`;
 * `iat` is in whole seconds, so one issued in the second of `before` is hit too.
 */
export function hits(revocation: Revocation, { tenant, userId, jti, issuedAt = -Infinity }: Identity): boolean {
  if (revocation.tenant !== tenant) return false;
  if ('jti' in revocation) return revocation.jti === jti;
  return revocation.userId === userId && issuedAt < revocation.before;
}

/** Revocations in memory, looked up by user and by `jti`; forgets each when its time is over. */
export class RevokedTokens {
  private readonly byName = new Map<string, Revocation>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.byName.size;
  }

  /** Of two for the same user the later `before` counts, for as long as the longer of both. */
  add(revocation: Revocation): void {
    const name = 'jti' in revocation ? tokenName(revocation.tenant, revocation.jti) : userName(revocation.tenant, revocation.userId);
    const held = this.byName.get(name);
    const until = Math.max(held?.until ?? 0, revocation.until);
    if (held && 'before' in held && 'before' in revocation) {
      this.byName.set(name, { ...revocation, before: Math.max(held.before, revocation.before), until });
    } else this.byName.set(name, { ...revocation, until });
  }

  isRevoked(identity: Identity): boolean {
    const { tenant, userId, jti } = identity;
    if (this.isHit(userName(tenant, userId), identity)) return true;
    return jti !== undefined && this.isHit(tokenName(tenant, jti), identity);
  }

  private isHit(name: string, identity: Identity): boolean {
    const revocation = this.byName.get(name);
    if (!revocation) return false;
    if (revocation.until > this.clock.now()) return hits(revocation, identity);
    this.byName.delete(name);
    return false;
  }
}

const userName = (tenant: string, userId: string): string => `${tenant}\nu\n${userId}`;
const tokenName = (tenant: string, jti: string): string => `${tenant}\nj\n${jti}`;
