import type { Clock } from '../../platform/clock';
import { BeckonError } from '../../platform/errors';
import { ExpiryWheel } from '../../platform/expiry-wheel';
import { toClientError, type ClientErrorDeps } from '../errors/to-client-error';
import { CLOSE } from '../socket/close-codes';
import { authenticate, type AuthenticateDeps } from './authenticate';
import { credentialsOf, type Identity } from './identity';

/** A connection that lives on after its token was checked: a WebSocket, or a stream of server-sent events. */
export interface IdentityHolder {
  /** Whom it speaks for now; a refresh replaces it, so read it anew for each operation. */
  identity?: Identity;
  readonly socket: { close(code: number, reason: string): void };
}

interface LivingIdentitiesDeps extends AuthenticateDeps {
  readonly clock: Clock;
  readonly errorDeps: ClientErrorDeps;
}

/** Answer to a ping that carries a token: when the connection ends now (`null`: never), or why nothing has changed. */
export type RefreshAnswer = { readonly expiresAt: string | null } | { readonly error: object };

/**
 * The identities of open connections for as long as they live. A connection whose token is revoked or expires is closed with 4403,
 * unless a ping has brought a newer token of the same user before.
 */
export class LivingIdentities {
  private readonly held = new Set<IdentityHolder>();
  private readonly refreshing = new WeakSet<IdentityHolder>();
  private readonly expiries: ExpiryWheel<IdentityHolder>;
  private readonly stopListening: () => void;

  constructor(private readonly deps: LivingIdentitiesDeps) {
    this.expiries = new ExpiryWheel(deps.clock, (holder) => this.end(holder, CLOSE.tokenExpired));
    this.stopListening = deps.revocations.onRevoked((hits) => {
      for (const holder of this.held) if (hits(holder.identity!)) this.end(holder, CLOSE.tokenRevoked);
    });
  }

  /** Connections that are held, for tests of what is left behind. */
  get size(): number {
    return this.held.size;
  }

  /** Gives a connection its identity, checked just now. Whoever calls it calls `release` when the connection closes. */
  hold(holder: IdentityHolder, identity: Identity): void {
    this.held.add(holder);
    this.become(holder, identity);
  }

  /** Forgets a connection; one that was never held, too. */
  release(holder: IdentityHolder): void {
    this.held.delete(holder);
    this.expiries.delete(holder);
  }

  /** Ends the timer and the listening; what is held stays open. */
  close(): void {
    this.stopListening();
    this.expiries.stop();
    this.held.clear();
  }

  /** The `pong` to a `ping` of graphql-transport-ws: its payload back, or the answer to the token that it carries. */
  async pongTo(holder: IdentityHolder, payload: Readonly<Record<string, unknown>> | undefined): Promise<string> {
    if (payload === undefined) return JSON.stringify({ type: 'pong' });
    const carriesToken = Object.keys(payload).some((name) => name.toLowerCase() === 'authorization');
    return JSON.stringify({ type: 'pong', payload: carriesToken ? await this.refresh(holder, payload) : payload });
  }

  /**
   * Puts the identity of a newer token in the place of the connection's. Where nothing can be changed, nothing is: a connection ends
   * with the token that it had. It ends at once when the new token lacks a scope of the old one: what runs may stand on that scope.
   */
  async refresh(holder: IdentityHolder, credentials: Readonly<Record<string, unknown>>): Promise<RefreshAnswer> {
    try {
      const next = await this.checked(holder, credentials);
      if (!keepsScopes(holder.identity!, next)) {
        this.end(holder, CLOSE.scopesLost);
        throw new BeckonError('FORBIDDEN', 'the new token has fewer scopes: connect again');
      }
      this.become(holder, next);
      return { expiresAt: next.expiresAt === undefined ? null : new Date(next.expiresAt).toISOString() };
    } catch (error) {
      const { message, extensions } = toClientError(error, this.deps.errorDeps);
      return { error: { message, extensions } };
    }
  }

  /** One check at a time for each connection: signatures are dear. */
  private async checked(holder: IdentityHolder, credentials: Readonly<Record<string, unknown>>): Promise<Identity> {
    if (!this.held.has(holder)) throw new BeckonError('UNAUTHENTICATED', 'the connection has no identity yet: send connection_init');
    if (this.refreshing.has(holder)) {
      throw new BeckonError('OVERLOADED', 'another token of this connection is being checked', { retryAfterMs: ONE_AT_A_TIME_MS });
    }
    this.refreshing.add(holder);
    try {
      const next = await authenticate(this.deps, credentialsOf(credentials));
      if (!this.held.has(holder)) throw new BeckonError('UNAUTHENTICATED', 'the connection ended before the token was checked');
      const { tenant, userId } = holder.identity!;
      if (next.tenant !== tenant || next.userId !== userId) {
        throw new BeckonError('FORBIDDEN', 'the new token is of another user: open a connection of its own', { field: 'authorization' });
      }
      return next;
    } finally {
      this.refreshing.delete(holder);
    }
  }

  private become(holder: IdentityHolder, identity: Identity): void {
    holder.identity = identity;
    if (identity.expiresAt === undefined) this.expiries.delete(holder);
    else this.expiries.set(holder, identity.expiresAt);
  }

  private end(holder: IdentityHolder, { code, reason }: { readonly code: number; readonly reason: string }): void {
    this.release(holder);
    holder.socket.close(code, reason);
  }
}

const ONE_AT_A_TIME_MS = 1000;

const keepsScopes = (held: Identity, next: Identity): boolean => [...held.scopes].every((scope) => next.scopes.has(scope));
