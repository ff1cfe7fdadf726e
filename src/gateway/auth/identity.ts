import type { EpochMs } from '../../platform/clock';

export const SCOPES = ['record:any', 'read:any', 'catalogue:write', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking, checked. */
export interface Identity {
  readonly tenant: string;
  readonly userId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When the proof ends; absent: never. */
  readonly expiresAt?: EpochMs;
  /** When the proof was made; absent: it does not say. */
  readonly issuedAt?: EpochMs;
  /** Name of the proof, unique in the tenant; absent: it has none. */
  readonly jti?: string;
}

/** HTTP headers, or the payload of `connection_init`: names in lower case. */
export type Credentials = ReadonlyMap<string, string>;

/** Finds out who is asking. */
export interface Authenticator {
  /** @throws BeckonError UNAUTHENTICATED that says what is needed, never why a signature failed. */
  authenticate(credentials: Credentials): Promise<Identity>;
}

/** Scopes out of a space-separated list; unknown ones grant nothing. */
export function parseScopes(text: string): ReadonlySet<Scope> {
  const given = new Set(text.split(/\s+/));
  return new Set(SCOPES.filter((scope) => given.has(scope)));
}

/** Credentials out of headers or connection parameters; what is not text is left out. */
export function credentialsOf(values: Readonly<Record<string, unknown>>): Credentials {
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new Map(texts.map(([name, value]) => [name.toLowerCase(), value]));
}
