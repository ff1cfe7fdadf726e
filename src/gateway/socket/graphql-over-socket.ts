import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';
import type { IncomingHttpHeaders } from 'node:http';
import type { WebSocket } from 'ws';
import { BeckonError } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf, type Identity } from '../auth/identity';
import type { LivingIdentities } from '../auth/living-identities';
import { createContext } from '../create-context';
import { isVariableError, toClientError, withRequestCode, type ClientErrorDeps } from '../errors/to-client-error';
import type { GatewayContext } from '../gateway-context';
import type { GatewayDeps, GatewaySettings } from '../gateway-deps';
import type { GatewayMetrics, PushStage } from '../gateway-metrics';
import { operationLabel, outcomeLabel } from '../operation-label';
import type { RecommendationUpdate } from '../schema-mappers';
import { stageTimings } from '../stage-timings';
import { CheckedDocuments } from './checked-documents';
import { CLOSE, closeReason } from './close-codes';

export interface SocketParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
  readonly schema: GraphQLSchema;
  readonly errorDeps: ClientErrorDeps;
  readonly identities: LivingIdentities;
}

/** What is known of one connection. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  /** Of the upgrade request; let go once the identity is known. */
  headers: IncomingHttpHeaders | undefined;
  identity?: Identity;
}

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** The context of an operation, with what `onNext` needs to time it. */
interface SocketOperationContext extends GatewayContext {
  /** The update that is being sent. */
  pushing: RecommendationUpdate | undefined;
  readonly operation: OperationDefinitionNode;
  answered: boolean;
}

/** graphql-transport-ws with Beckon's identity, limits, errors and metrics; knows messages, not how they travel. */
export function createGraphqlOverSocket(parts: SocketParts): Server<SocketExtra> {
  const { deps, settings, metrics, schema, errorDeps } = parts;
  const documents = new CheckedDocuments(schema, settings);

  return makeServer<Record<string, unknown>, SocketExtra>({
    onConnect: (ctx) => connect(parts, ctx),

    onSubscribe: (ctx, _id, payload) => {
      const { identity } = ctx.extra;
      if (!identity) throw new Error('an operation came before the connection was acknowledged'); // graphql-ws closes such sockets itself
      const args = tooManyOperations(ctx, settings) ?? executable(documents, schema, payload);
      if (Array.isArray(args)) {
        metrics.operations.inc({ transport: 'ws', operation: 'none', outcome: outcomeLabel(args) });
        return args;
      }
      const contextValue: SocketOperationContext = {
        ...createContext(parts, { identity, receivedAt: deps.clock.now(), onUpdate: (update) => (contextValue.pushing = update) }),
        pushing: undefined,
        operation: args.operation,
        answered: false,
      };
      return { ...args.execution, contextValue };
    },

    onOperation: (_ctx, _id, _payload, { contextValue }, result) => {
      if ('next' in result) countAnswer(parts, contextValue as SocketOperationContext, undefined); // a subscription has begun
    },

    onNext: (_ctx, _id, _payload, args, result) => {
      const context = args.contextValue as SocketOperationContext;
      const errors = result.errors?.map((error) => formatted(error, errorDeps));
      countAnswer(parts, context, errors);
      countPush(parts, context);
      return errors && { ...(result as FormattedExecutionResult), errors };
    },

    onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatted(error, errorDeps)),

    onClose: ({ extra }) => parts.identities.release(extra),
  });
}

/** Finds out who connects; on failure closes the socket with a code and reason, and returns false. */
async function connect({ deps, errorDeps, identities }: SocketParts, { extra, connectionParams }: SocketContext): Promise<boolean> {
  const { socket, headers } = extra;
  extra.headers = undefined;
  try {
    const identity = await authenticate(deps, credentialsOf({ ...headers, ...lowerCased(connectionParams) }));
    if (socket.readyState === socket.OPEN) identities.hold(extra, identity); // else closed while the token was being checked
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

interface Executable {
  readonly execution: ExecutionArgs;
  readonly operation: OperationDefinitionNode;
}

function executable(documents: CheckedDocuments, schema: GraphQLSchema, payload: SubscribePayload): Executable | GraphQLError[] {
  const checked = documents.check(payload.query);
  if (!checked.ok) return [...checked.errors];
  const { document } = checked;
  const { operationName, variables } = payload;
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    const message = operationName
      ? 'there is no operation of that operationName in the document'
      : 'the document has several operations: say which with operationName';
    return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  }
  return { execution: { schema, document, operationName: operationName ?? null, variableValues: variables ?? null }, operation };
}

/** The error as the client sees it: graphql-js gives no code to variables that it refuses, Apollo Server on the other path does. */
const formatted = (error: GraphQLError, errorDeps: ClientErrorDeps): GraphQLFormattedError =>
  toClientError(isVariableError(error) ? withRequestCode(error, 'BAD_USER_INPUT') : error, errorDeps);

/** Counts an operation once, by its first answer: a subscription's is that it runs. */
function countAnswer(
  { deps, metrics }: SocketParts,
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

/** Times an update on its way out. The first one of a subscription is not a push but an answer: its list may be old. */
function countPush({ deps, metrics }: SocketParts, context: SocketOperationContext): void {
  const { pushing } = context;
  if (!pushing) return;
  context.pushing = undefined;
  metrics.pushedLists.inc();
  if (!pushing.change) return;
  const timings = stageTimings(pushing.view.list.timeline, { arrivedAt: pushing.arrivedAt, now: deps.clock.now() });
  for (const stage of Object.keys(timings) as PushStage[]) {
    const ms = timings[stage];
    if (ms !== undefined) metrics.pushMs.observe({ stage }, ms);
  }
}
