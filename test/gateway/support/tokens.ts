import { SignJWT } from 'jose';

/** The shared secret of the tokens that `signToken` makes. */
export const SECRET = 'a secret that is long enough for HS256';
const KEY = new TextEncoder().encode(SECRET);

export interface Claims {
  readonly sub?: string;
  readonly tenant?: unknown;
  readonly scope?: unknown;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat?: number;
  readonly iss?: string;
  readonly jti?: string;
}

/** A JWT with these claims and nothing else. */
export function signToken(claims: Claims, key = KEY): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(key);
}
