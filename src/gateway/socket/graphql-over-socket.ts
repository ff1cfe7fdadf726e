import {
  GraphQLError,
  OperationTypeNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
} from 'graphql';
import { makeServer, type Context, type Server } from 'graphql-ws';
import type { IncomingHttpHeaders } from 'node:http';
import type { WebSocket } from 'ws';
import { BeckonError } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf, type Identity } from '../auth/identity';
import { countPush } from '../count-push';
import { createContext } from '../create-context';
import { isVariableError, toClientError, withRequestCode, type ClientErrorDeps } from '../errors/to-client-error';
import type { GatewayContext } from '../gateway-context';
import type { GatewaySettings } from '../gateway-deps';
import type { GatewayParts } from '../gateway-parts';
import { LIMIT_CLOSE, type Leave } from '../limits/connection-limits';
import { operationLabel, outcomeLabel } from '../operation-label';
import type { RecommendationUpdate } from '../schema-mappers';
import { CLOSE, closeReason } from './close-codes';

/** What is known of one connection. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  /** Of the upgrade request; let go once the identity is known. */
  headers: IncomingHttpHeaders | undefined;
  identity?: Identity;
  expiry?: NodeJS.Timeout;
  /** Gives back the place among the connections of the user. */
  leave?: Leave;
}

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** The context of an operation, with what `onNext` needs to time it. */
interface SocketOperationContext extends GatewayContext {
  /** The update that is being sent. */
  pushing: RecommendationUpdate | undefined;
  readonly operation: OperationDefinitionNode;
  answered: boolean;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** graphql-transport-ws with Beckon's identity, limits, errors and metrics; knows messages, not how they travel. */
export function createGraphqlOverSocket(parts: GatewayParts): Server<SocketExtra> {
  const { deps, settings, metrics, errorDeps, prepare } = parts;

  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: settings.deadlines.connectionInitMs,
    onConnect: (ctx) => connect(parts, ctx),

    onSubscribe: (ctx, _id, payload) => {
      const { identity } = ctx.extra;
      if (!identity) throw new Error('an operation came before the connection was acknowledged'); // graphql-ws closes such sockets itself
      const past = tooManyOperations(ctx, settings);
      const prepared = past ? { ok: false as const, errors: past } : prepare(payload);
      if (!prepared.ok) {
        metrics.operations.inc({ transport: 'ws', operation: 'none', outcome: outcomeLabel(prepared.errors) });
        return [...prepared.errors];
      }
      const contextValue: SocketOperationContext = {
        ...createContext(parts, { identity, receivedAt: deps.clock.now(), onUpdate: (update) => (contextValue.pushing = update) }),
        pushing: undefined,
        operation: prepared.operation,
        answered: false,
      };
      return { ...prepared.execution, contextValue };
    },

    onOperation: (_ctx, _id, _payload, { contextValue }, result) => {
      if ('next' in result) countAnswer(parts, contextValue as SocketOperationContext, undefined); // a subscription has begun
    },

    onNext: (_ctx, _id, _payload, args, result) => {
      const context = args.contextValue as SocketOperationContext;
      const errors = result.errors?.map((error) => formatted(error, errorDeps));
      countAnswer(parts, context, errors);
      if (context.pushing) countPush(parts, context.pushing);
      context.pushing = undefined;
      return errors && { ...(result as FormattedExecutionResult), errors };
    },

    onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatted(error, errorDeps)),

    onClose: ({ extra }) => {
      extra.leave?.();
      clearTimeout(extra.expiry);
    },
  });
}

/** Finds out who connects; on failure closes the socket with a code and reason, and returns false. */
async function connect(
  { deps, errorDeps, connections, metrics }: GatewayParts,
  { extra, connectionParams }: SocketContext,
): Promise<boolean> {
  const { socket, headers } = extra;
  extra.headers = undefined;
  try {
    const identity = await authenticate(deps, credentialsOf({ ...headers, ...lowerCased(connectionParams) }));
    extra.identity = identity;
    const leave = connections.enterUser(identity);
    if (!leave) {
      metrics.refusedConnections.inc({ transport: 'ws', limit: 'user' });
      socket.close(LIMIT_CLOSE.tooManyConnections.code, LIMIT_CLOSE.tooManyConnections.reason);
      return false;
    }
    if (socket.readyState === socket.OPEN) extra.leave = leave;
    else leave(); // closed while the token was being checked
    if (identity.expiresAt !== undefined) {
      const leftMs = Math.min(LONGEST_TIMER_MS, Math.max(0, identity.expiresAt - deps.clock.now()));
      extra.expiry = setTimeout(() => socket.close(CLOSE.tokenExpired.code, CLOSE.tokenExpired.reason), leftMs);
      if (socket.readyState !== socket.OPEN) clearTimeout(extra.expiry); // closed while the token was being checked
    }
    return true;
  } catch (error) {
    const { message, extensions } = toClientError(error, errorDeps);
    if (extensions?.['code'] === 'UNAUTHENTICATED') socket.close(CLOSE.forbidden, closeReason(`Forbidden: ${message}`));
    else if (extensions?.['retryable'] === true) socket.close(CLOSE.tryAgainLater.code, CLOSE.tryAgainLater.reason);
    else socket.close(CLOSE.internal.code, CLOSE.internal.reason);
    return false;
  }
}

const lowerCased = (params: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));

function tooManyOperations(
  { subscriptions }: SocketContext,
  { limits: { maxOperationsPerSocket } }: GatewaySettings,
): GraphQLError[] | undefined {
  if (Object.keys(subscriptions).length <= maxOperationsPerSocket) return undefined; // this one is counted already
  const message = `this connection has ${maxOperationsPerSocket} operations running, the most allowed: complete one first`;
  const originalError = new BeckonError('OVERLOADED', message, { retryAfterMs: 1000 });
  return [new GraphQLError(message, { originalError, extensions: { code: 'OVERLOADED' } })];
}

/** The error as the client sees it: graphql-js gives no code to variables that it refuses. */
const formatted = (error: GraphQLError, errorDeps: ClientErrorDeps): GraphQLFormattedError =>
  toClientError(isVariableError(error) ? withRequestCode(error, 'BAD_USER_INPUT') : error, errorDeps);

/** Counts an operation once, by its first answer: a subscription's is that it runs. */
function countAnswer(
  { deps, metrics }: GatewayParts,
  context: SocketOperationContext,
  errors: readonly GraphQLFormattedError[] | undefined,
): void {
  if (context.answered) return;
  context.answered = true;
  const labels = { transport: 'ws', operation: operationLabel(context.operation) } as const;
  metrics.operations.inc({ ...labels, outcome: outcomeLabel(errors) });
  if (context.operation.operation !== OperationTypeNode.SUBSCRIPTION)
    metrics.operationMs.observe(labels, deps.clock.now() - context.receivedAt);
}
