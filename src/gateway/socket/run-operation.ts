import { createSourceEventStream, execute, OperationTypeNode, subscribe, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { HeldShape } from '../../push/served-shapes';
import type { GatewayContext } from '../gateway-context';
import { RecommendationUpdates } from '../recommendation-updates';
import type { ListPlan } from '../rendering/list-plans';
import type { RecommendationUpdate } from '../schema-mappers';
import type { GraphqlSocket, OperationSlot } from './graphql-socket';
import { ListOperation, type ListOperationParts, type ListRequest } from './list-operation';

/** An operation that has been prepared: validated, within the limits, its caller known. */
export interface PreparedOperation {
  readonly execution: ExecutionArgs;
  readonly kind: OperationTypeNode;
  /** How to write the lists of a subscription; undefined: everything else. */
  readonly plan: ListPlan | undefined;
  readonly audience: GatewayContext;
}

export interface RunParts extends ListOperationParts {
  /** An answer as it is sent: the payload of `next`. With the context of its operation it is counted. */
  readonly answerText: (result: ExecutionResult, context?: GatewayContext) => string;
  /** Counts one subscription more that is served by a plan in pieces; undefined: the plan is none. */
  readonly holdShape: (plan: ListPlan, updates: RecommendationUpdates, audience: GatewayContext) => HeldShape | undefined;
  /** A subscription has begun. */
  readonly onBegun: (context: GatewayContext) => void;
}

/** Runs a prepared operation on a socket, until it is over or, for a list, until it has begun. */
export async function runOperation(
  parts: RunParts,
  socket: GraphqlSocket,
  slot: OperationSlot,
  prepared: PreparedOperation,
): Promise<void> {
  const { execution, kind, plan } = prepared;
  const context = execution.contextValue as GatewayContext;
  const result = await (kind !== OperationTypeNode.SUBSCRIPTION ? execute : plan ? createSourceEventStream : subscribe)(execution);
  if (!isEvents(result)) {
    if (slot.ended) return;
    socket.sayNext(slot, parts.answerText(result, context));
    await socket.outbox.whenRead(); // until then it counts as running
    return socket.finish(slot);
  }
  const events = result as AsyncIterableIterator<ExecutionResult>;
  if (slot.ended) return void (await events.return?.());
  parts.onBegun(context);
  if (plan && result instanceof RecommendationUpdates) {
    const operation = new ListOperation(parts, socket, slot, result, listRequest(parts, prepared, { plan, updates: result }));
    slot.running = operation;
    return operation.start();
  }
  slot.running = { stop: () => events.return?.() };
  await sendEvents(parts, socket, slot, { events, context });
}

async function sendEvents(
  parts: RunParts,
  socket: GraphqlSocket,
  slot: OperationSlot,
  { events, context }: { readonly events: AsyncIterable<ExecutionResult>; readonly context: GatewayContext },
): Promise<void> {
  try {
    for await (const result of events) {
      if (slot.ended) return;
      socket.sayNext(slot, parts.answerText(result, context));
      await socket.outbox.whenRead();
    }
  } catch (error) {
    return socket.sayError(slot, parts.errorText(error));
  }
  socket.finish(slot);
}

/** What is kept of a subscription's request: not its context, nor the text of its document. */
function listRequest(
  parts: RunParts,
  { execution, audience }: PreparedOperation,
  { plan, updates }: { readonly plan: ListPlan; readonly updates: RecommendationUpdates },
): ListRequest {
  const { schema, document, operationName, variableValues } = execution;
  const answerSlowly = async (update: RecommendationUpdate): Promise<string> => {
    const args = { schema, document, operationName, variableValues, contextValue: audience, rootValue: { recommendations: update } };
    return parts.answerText(await execute(args));
  };
  return { plan, audience, answerSlowly, shape: parts.holdShape(plan, updates, audience) };
}

const isEvents = (result: ExecutionResult | AsyncIterable<unknown>): result is AsyncIterable<unknown> => Symbol.asyncIterator in result;
