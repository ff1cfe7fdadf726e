/** Close codes that clients may see, besides those of graphql-transport-ws itself (4400–4429, 4500). See docs/protocol.md. */
export const CLOSE = {
  /** This process ends: reconnect at once, to any other, and resume. */
  goingAway: { code: 1001, reason: 'Going away: reconnect and resume with your last position' },
  /** The keys that tokens are checked with, or the store, are away: reconnect after a pause. */
  tryAgainLater: { code: 1013, reason: 'Try again later' },
  /** The token is missing, not valid, or has expired: reconnect with a new one. */
  forbidden: 4403,
  tokenExpired: { code: 4403, reason: 'Forbidden: the token has expired, reconnect with a new one' },
  /** What was sent was left unread for `SLOW_READER_MS`, or past the bound: reconnect when there is time to read, and resume. */
  slowReader: { code: 4430, reason: 'Too slow: messages were left unread, reconnect and resume with your last position' },
  /** The user has as many connections on this process as are allowed: close one first, or try again later. */
  tooManyConnections: { code: 4420, reason: 'Too many connections of this user: close one first' },
  /** More messages came than are allowed in a second. */
  tooManyMessages: { code: 4421, reason: 'Too many messages: send fewer a second' },
  tokenRevoked: { code: 4403, reason: 'Forbidden: the token has been revoked, reconnect with a new one' },
  scopesLost: { code: 4403, reason: 'Forbidden: the new token has fewer scopes, reconnect with it' },
  internal: { code: 4500, reason: 'Internal server error' },
} as const;

const MAX_REASON_BYTES = 123;

/** A reason that fits into a close frame. */
export function closeReason(text: string): string {
  if (Buffer.byteLength(text) <= MAX_REASON_BYTES) return text;
  return Buffer.from(text)
    .subarray(0, MAX_REASON_BYTES - 4)
    .toString()
    .replace(/\ufffd+$/, '');
}
