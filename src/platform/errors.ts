/**
 * The one error family. The code decides the GraphQL error, the WebSocket close code and whether a job is retried.
 * The message is written for the caller: it never holds a path, a stack, a connection string or somebody else's data.
 */
export type ErrorCode =
  | 'BAD_INPUT' // the caller can mend it: see `field` and the message
  | 'UNAUTHENTICATED' // no identity, or one that does not hold
  | 'FORBIDDEN' // a known identity without the scope
  | 'NOT_FOUND'
  | 'RATE_LIMITED' // the tenant has used up its quota: try again after `retryAfterMs`
  | 'OVERLOADED' // too much is waiting: try again after `retryAfterMs`
  | 'UNAVAILABLE' // a part is away (Redis, workers): try again after `retryAfterMs`
  | 'NOT_YET_APPLIED' // the list has not reached `minSeq` within the deadline: try again
  | 'INTERNAL'; // ours to mend; details are in the log only

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'OVERLOADED', 'UNAVAILABLE', 'NOT_YET_APPLIED']);

export interface ErrorDetails {
  /** Path of the offending input, e.g. `behaviours[3].value`. */
  readonly field?: string;
  /** How long to wait before another try, for retryable codes. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class BeckonError extends Error {
  override readonly name = 'BeckonError';
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { field, retryAfterMs, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = RETRYABLE.has(code);
    this.field = field;
    this.retryAfterMs = retryAfterMs;
  }
}

export const badInput = (field: string, message: string): BeckonError => new BeckonError('BAD_INPUT', message, { field });
