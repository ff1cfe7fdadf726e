import { GraphQLError, OperationTypeNode, type GraphQLFormattedError, type OperationDefinitionNode } from 'graphql';
import { BeckonError } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf, type Identity } from '../auth/identity';
import { createContext } from '../create-context';
import { toClientError } from '../errors/to-client-error';
import type { GatewayContext } from '../gateway-context';
import type { GatewaySettings } from '../gateway-deps';
import type { GatewayParts } from '../gateway-parts';
import { operationLabel, outcomeLabel } from '../operation-label';
import { pushCounter } from '../push-counter';
import { clientErrors } from '../pipeline/client-result';
import type { Refusal } from '../pipeline/prepare';
import { Audiences } from '../rendering/audiences';
import { ListPlans } from '../rendering/list-plans';
import { RenderedLists } from '../rendering/rendered-lists';
import { shapeOf } from '../rendering/shape-of';
import type { RecommendationUpdate } from '../schema-mappers';
import { CLOSE, closeReason } from './close-codes';
import type { GraphqlSocket, SocketUse } from './graphql-socket';
import { runOperation, type RunParts } from './run-operation';

/** The context of an operation, with what `onNext` needs to time it. */
interface SocketOperationContext extends GatewayContext {
  /** The update that is being sent. */
  pushing: RecommendationUpdate | undefined;
  readonly operation: OperationDefinitionNode;
  answered: boolean;
}

/** graphql-transport-ws with Beckon's identity, limits, errors and metrics; knows messages, not how they travel. */
export function createGraphqlOverSocket(parts: GatewayParts): SocketUse {
  const { deps, metrics, schema, settings, errorDeps, identities, connections, prepare } = parts;
  const plans = new ListPlans(schema);
  const audiences = new Audiences(parts);
  const runParts = runPartsOf(parts);

  return {
    connect: (socket, params) => connect(parts, socket, params),

    pong: (socket, payload) => identities.pongTo(socket, payload),

    closed: (socket) => {
      identities.release(socket);
      if (!socket.identity) return;
      connections.leaveUser(socket.identity);
      deps.quotas?.leave(socket.identity.tenant);
    },

    run: async (socket, slot, payload) => {
      const { identity } = socket;
      if (!identity) throw new Error('an operation came before the connection was acknowledged'); // which closes the socket
      const found = tooManyOperations(socket, settings) ?? prepare(payload);
      if (!found.ok) {
        metrics.operations.inc({ transport: 'ws', operation: 'none', outcome: outcomeLabel(found.errors) });
        return socket.sayError(slot, JSON.stringify(clientErrors(found.errors, errorDeps)));
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

function runPartsOf(parts: GatewayParts): RunParts {
  const { deps, metrics, errorDeps } = parts;
  const countPush = pushCounter(deps, metrics);
  return {
    rendered: new RenderedLists(() => metrics.preparedLists.add()),
    onSent: countPush,
    errorText: (error) => JSON.stringify(clientErrors([asGraphQLError(error)], errorDeps)),
    answerText: (result, context) => {
      const errors = result.errors && clientErrors(result.errors, errorDeps);
      if (context) {
        const own = context as SocketOperationContext;
        countAnswer(parts, own, errors);
        if (own.pushing) countPush(own.pushing);
        own.pushing = undefined;
      }
      return JSON.stringify(errors ? { ...result, errors } : result);
    },
    holdShape: (plan, updates, audience) =>
      plan.pieces && deps.shapes.hold(audience.identity.tenant, shapeOf(plan, updates, audience), plan.pieces.count),
    onBegun: (context) => countAnswer(parts, context as SocketOperationContext, undefined),
  };
}

/** Finds out who connects; on failure closes the socket with a code and reason, and returns false. */
async function connect(parts: GatewayParts, connection: GraphqlSocket, params: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { deps, errorDeps, identities } = parts;
  const { socket, headers } = connection;
  connection.headers = undefined;
  try {
    const identity = await authenticate(deps, credentialsOf({ ...headers, ...lowerCased(params) }));
    await deps.quotas?.enter(identity.tenant);
    if (!hasPlace(parts, connection, identity)) {
      deps.quotas?.leave(identity.tenant);
      return false;
    }
    identities.hold(connection, identity);
    return true;
  } catch (error) {
    const { message, extensions } = toClientError(error, errorDeps);
    if (extensions?.['code'] === 'UNAUTHENTICATED') socket.close(CLOSE.forbidden, closeReason(`Forbidden: ${message}`));
    else if (extensions?.['retryable'] === true) socket.close(CLOSE.tryAgainLater.code, CLOSE.tryAgainLater.reason);
    else socket.close(CLOSE.internal.code, CLOSE.internal.reason);
    return false;
  }
}

/** Takes a place of the user for a socket that is still open; closes it when there is none. */
function hasPlace({ connections, metrics }: GatewayParts, { socket }: GraphqlSocket, identity: Identity): boolean {
  if (socket.readyState !== socket.OPEN) return false; // closed while the token was being checked
  if (connections.enterUser(identity)) return true;
  metrics.refusedConnections.inc({ transport: 'ws', limit: 'user' });
  socket.close(CLOSE.tooManyConnections.code, CLOSE.tooManyConnections.reason);
  return false;
}

const lowerCased = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));

function tooManyOperations(
  { operationCount }: GraphqlSocket,
  { limits: { maxOperationsPerSocket } }: GatewaySettings,
): Refusal | undefined {
  if (operationCount <= maxOperationsPerSocket) return undefined; // this one is counted already
  const message = `this connection has ${maxOperationsPerSocket} operations running, the most allowed: complete one first`;
  const originalError = new BeckonError('OVERLOADED', message, { retryAfterMs: 1000 });
  return { ok: false, errors: [new GraphQLError(message, { originalError, extensions: { code: 'OVERLOADED' } })] };
}

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

const asGraphQLError = (thrown: unknown): GraphQLError => {
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new GraphQLError(originalError.message, { originalError });
};
