import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { BeckonError } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf } from '../auth/identity';
import type { LivingIdentities } from '../auth/living-identities';
import { createContext } from '../create-context';
import { isVariableError, toClientError, withRequestCode, type ClientErrorDeps } from '../errors/to-client-error';
import type { GatewayContext } from '../gateway-context';
import type { GatewayDeps, GatewaySettings } from '../gateway-deps';
import type { GatewayMetrics } from '../gateway-metrics';
import { operationLabel, outcomeLabel } from '../operation-label';
import { Audiences } from '../rendering/audiences';
import { ListPlans } from '../rendering/list-plans';
import { RenderedLists } from '../rendering/rendered-lists';
import type { RecommendationUpdate } from '../schema-mappers';
import { CheckedDocuments } from './checked-documents';
import { CLOSE, closeReason } from './close-codes';
import type { GraphqlSocket, SocketUse } from './graphql-socket';
import type { SubscribePayload } from './protocol-message';
import { pushCounter } from './push-counter';
import { runOperation, type RunParts } from './run-operation';

export interface SocketParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
  readonly schema: GraphQLSchema;
  readonly errorDeps: ClientErrorDeps;
  readonly identities: LivingIdentities;
}

/** The context of an operation, with what `onNext` needs to time it. */
interface SocketOperationContext extends GatewayContext {
  /** The update that is being sent. */
  pushing: RecommendationUpdate | undefined;
  readonly operation: OperationDefinitionNode;
  answered: boolean;
}

/** graphql-transport-ws with Beckon's identity, limits, errors and metrics; knows messages, not how they travel. */
export function createGraphqlOverSocket(parts: SocketParts): SocketUse {
  const { deps, metrics, schema, settings, errorDeps, identities } = parts;
  const documents = new CheckedDocuments(schema, settings);
  const plans = new ListPlans(schema);
  const audiences = new Audiences(parts);
  const runParts = runPartsOf(parts);

  return {
    connect: (socket, params) => connect(parts, socket, params),

    pong: (socket, payload) => identities.pongTo(socket, payload),

    closed: (socket) => {
      identities.release(socket);
      if (socket.identity) deps.quotas?.leave(socket.identity.tenant);
    },

    run: async (socket, slot, payload) => {
      const { identity } = socket;
      if (!identity) throw new Error('an operation came before the connection was acknowledged'); // which closes the socket
      const found = tooManyOperations(socket, settings) ?? executable(documents, schema, payload);
      if (Array.isArray(found)) {
        metrics.operations.inc({ transport: 'ws', operation: 'none', outcome: outcomeLabel(found) });
        return socket.sayError(slot, JSON.stringify(found.map((error) => formatted(error, errorDeps))));
      }
      const { execution, operation } = found;
      const contextValue: SocketOperationContext = {
        ...createContext(parts, { identity, receivedAt: deps.clock.now(), onUpdate: (update) => (contextValue.pushing = update) }),
        pushing: undefined,
        operation,
        answered: false,
      };
      const kind = operation.operation;
      const plan =
        kind === OperationTypeNode.SUBSCRIPTION ? plans.planOf(execution.document, operation, execution.variableValues ?? {}) : undefined;
      const prepared = { execution: { ...execution, contextValue }, kind, plan, audience: audiences.of(identity) };
      await runOperation(runParts, socket, slot, prepared);
    },
  };
}

function runPartsOf(parts: SocketParts): RunParts {
  const { deps, metrics, errorDeps } = parts;
  const countPush = pushCounter(deps, metrics);
  return {
    rendered: new RenderedLists(),
    onSent: countPush,
    errorText: (error) => JSON.stringify([formatted(asGraphQLError(error), errorDeps)]),
    answerText: (result, context) => {
      const errors = result.errors?.map((error) => formatted(error, errorDeps));
      if (context) {
        const own = context as SocketOperationContext;
        countAnswer(parts, own, errors);
        if (own.pushing) countPush(own.pushing);
        own.pushing = undefined;
      }
      return JSON.stringify(errors ? { ...result, errors } : result);
    },
    onBegun: (context) => countAnswer(parts, context as SocketOperationContext, undefined),
  };
}

/** Finds out who connects; on failure closes the socket with a code and reason, and returns false. */
async function connect(
  { deps, errorDeps, identities }: SocketParts,
  connection: GraphqlSocket,
  params: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { socket, headers } = connection;
  connection.headers = undefined;
  try {
    const identity = await authenticate(deps, credentialsOf({ ...headers, ...lowerCased(params) }));
    await deps.quotas?.enter(identity.tenant);
    if (socket.readyState === socket.OPEN) identities.hold(connection, identity);
    else deps.quotas?.leave(identity.tenant); // closed meanwhile
    return true;
  } catch (error) {
    const { message, extensions } = toClientError(error, errorDeps);
    if (extensions?.['code'] === 'UNAUTHENTICATED') socket.close(CLOSE.forbidden, closeReason(`Forbidden: ${message}`));
    else if (extensions?.['retryable'] === true) socket.close(CLOSE.tryAgainLater.code, CLOSE.tryAgainLater.reason);
    else socket.close(CLOSE.internal.code, CLOSE.internal.reason);
    return false;
  }
}

const lowerCased = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));

function tooManyOperations(
  { operationCount }: GraphqlSocket,
  { limits: { maxOperationsPerSocket } }: GatewaySettings,
): GraphQLError[] | undefined {
  if (operationCount <= maxOperationsPerSocket) return undefined; // this one is counted already
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

const asGraphQLError = (thrown: unknown): GraphQLError => {
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new GraphQLError(originalError.message, { originalError });
};
