/** An error of an answer, as GraphQL over HTTP and over WebSocket carry it. */
export interface ApiErrorBody {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

interface ApiErrorDetails {
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly field?: string;
  readonly status?: number;
  readonly cause?: unknown;
}

/** Why a request failed, for whoever sent it. `code` is the gateway's (`BAD_INPUT`, `OVERLOADED` …), or UNREACHABLE, NOT_GRAPHQL, CLOSED. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly field: string | undefined;
  readonly status: number | undefined;

  constructor(
    readonly code: string,
    message: string,
    { retryable, retryAfterMs, field, status, cause }: ApiErrorDetails,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.field = field;
    this.status = status;
  }

  /** Whatever a graphql-ws iterator throws (a close event, an Error, a list of GraphQL errors). */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    if (Array.isArray(thrown) && thrown.length > 0) return firstError(thrown as ApiErrorBody[]);
    if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'number') {
      const reason = 'reason' in thrown && typeof thrown.reason === 'string' && thrown.reason !== '' ? thrown.reason : 'no reason given';
      return new ApiError('CLOSED', `the gateway closed the connection (${thrown.code}): ${reason}`, {
        retryable: thrown.code < 4400 || thrown.code >= 4500,
        cause: thrown,
      });
    }
    const message = thrown instanceof Error ? thrown.message : 'the connection was lost';
    return new ApiError('UNREACHABLE', message || 'the gateway cannot be reached', { retryable: true, cause: thrown });
  }
}

/** The first error of an answer, with what its extensions say. */
export function firstError(errors: readonly ApiErrorBody[], status?: number): ApiError {
  const [{ message, extensions = {} }] = errors as readonly [ApiErrorBody];
  const { code, retryable, retryAfterMs, field } = extensions;
  return new ApiError(typeof code === 'string' ? code : 'INTERNAL', message, {
    retryable: retryable === true,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
    ...(typeof field === 'string' && { field }),
    ...(status !== undefined && { status }),
  });
}
