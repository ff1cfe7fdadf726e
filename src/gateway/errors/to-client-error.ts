import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { BeckonError } from '../../platform/errors';
import type { Log } from '../../platform/log';
import { asUnavailable } from '../../platform/redis';

/** Codes of errors that GraphQL itself finds in a request: their message speaks of the request only. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'DOCUMENT_NOT_TRUSTED',
]);
const MAX_MESSAGE_CHARS = 500;
const SUGGESTION = / ?Did you mean .+\?$/s;
const INTERNAL_MESSAGE = 'Something went wrong on our side. Quote the correlation id when you report it.';

export interface ClientErrorDeps {
  readonly log: Log;
  readonly newId: () => string;
  /** Whether messages may name parts of the schema that were not asked for ("Did you mean …"). */
  readonly showSchema: boolean;
}

/**
 * The error as a client may see it, the same on every transport: a Beckon error with its code, field and when to try again;
 * a mistake in the request with GraphQL's own code and message; anything else as INTERNAL with a fixed message and a
 * correlation id, under which the log has the details.
 */
export function toClientError(error: unknown, { log, newId, showSchema }: ClientErrorDeps): GraphQLFormattedError {
  const place = placeOf(error);
  const beckon = beckonErrorIn(error);
  if (beckon && beckon.code !== 'INTERNAL') {
    const { code, field, retryable, retryAfterMs, message } = beckon;
    if (beckon.cause !== undefined) log.debug({ err: beckon.cause, code, field }, 'refused');
    const extensions = { code, ...(field !== undefined && { field }), retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return { message: cut(message), ...place, extensions };
  }
  if (error instanceof GraphQLError && REQUEST_CODES.has(error.extensions['code'])) {
    const field = fieldIn(error.message);
    const extensions = { code: error.extensions['code'], ...(field !== undefined && { field }), retryable: false };
    return { message: cut(showSchema ? error.message : error.message.replace(SUGGESTION, '')), ...place, extensions };
  }
  const correlationId = newId();
  log.error({ err: rootOf(error), correlationId, path: place.path }, 'request failed');
  return { message: INTERNAL_MESSAGE, ...place, extensions: { code: 'INTERNAL', retryable: false, correlationId } };
}

/** A GraphQL error with the code that clients know from Apollo Server. */
export function withRequestCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions['code'] !== undefined || beckonErrorIn(error)) return error;
  const { nodes, source, positions, path, originalError } = error;
  const extensions = { ...error.extensions, code };
  return new GraphQLError(error.message, { nodes: nodes ?? null, source, positions, path: path ?? null, originalError, extensions });
}

/** Whether graphql-js refused a variable, as against something that failed while the operation ran. */
export function isVariableError({ message, path, originalError }: GraphQLError): boolean {
  return path === undefined && message.startsWith('Variable "$') && !(originalError instanceof BeckonError);
}

function beckonErrorIn(error: unknown): BeckonError | undefined {
  const candidate = asUnavailable(rootOf(error));
  return candidate instanceof BeckonError ? candidate : undefined;
}

/** What was thrown in the first place, under GraphQL's wrapping. */
function rootOf(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return inner;
}

function placeOf(error: unknown): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  if (!(error instanceof GraphQLError)) return {};
  return { ...(error.locations && { locations: error.locations }), ...(error.path && { path: error.path }) };
}

/** `behaviours[0].value` out of graphql-js's `Variable "$behaviours" got invalid value … at "behaviours[0].value"; …`. */
function fieldIn(message: string): string | undefined {
  return / at "([\w.[\]]+)"/.exec(message)?.[1] ?? /^Variable "\$(\w+)"/.exec(message)?.[1];
}

/** Long messages quote what was sent in their middle: the place is said at the beginning, the rule at the end. */
const cut = (message: string): string =>
  message.length <= MAX_MESSAGE_CHARS ? message : `${message.slice(0, 300)} … ${message.slice(-200)}`;
