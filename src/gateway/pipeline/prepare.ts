import {
  getOperationAST,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewaySettings } from '../gateway-deps';
import { operationCost, type OperationCost } from '../limits/document-cost';
import { CheckedDocuments } from './checked-documents';
import type { OperationRequest } from './operation-request';
import { requestedDocument } from './requested-document';

export interface PreparedOperation {
  readonly ok: true;
  readonly operation: OperationDefinitionNode;
  /** The text of the document. */
  readonly source: string;
  /** All that graphql-js needs but the context. */
  readonly execution: ExecutionArgs;
}

export interface Refusal {
  readonly ok: false;
  readonly errors: readonly GraphQLError[];
}

export type Preparation = PreparedOperation | Refusal;

/**
 * The one way from what a client sent to what is executed: which document (trusted ones by hash) → parsed → within the limits → valid by the
 * schema → which operation → what it costs with these variables. HTTP, WebSocket and server-sent events all go through it. Who may do what is
 * decided after it, by the resolvers, which all three share too: it hangs on arguments.
 */
export type Prepare = (request: OperationRequest) => Preparation;

/** Nothing is prepared twice while its text is remembered: see CheckedDocuments. */
export function createPrepare(
  schema: GraphQLSchema,
  settings: Pick<GatewaySettings, 'limits' | 'introspection' | 'trustedDocuments'>,
): Prepare {
  const documents = new CheckedDocuments(schema, settings);
  const costs = new WeakMap<OperationDefinitionNode, OperationCost>();
  const costOf = (document: DocumentNode, operation: OperationDefinitionNode): OperationCost => {
    const known = costs.get(operation);
    if (known) return known;
    const cost = operationCost(document, operation, { schema, maxBatch: settings.limits.maxBatch });
    costs.set(operation, cost);
    return cost;
  };
  return (request) => {
    try {
      const source = requestedDocument(request, settings.trustedDocuments);
      const checked = documents.check(source);
      if (!checked.ok) return checked;
      const { document } = checked;
      const operation = operationOf(document, request.operationName);
      const cost = costOf(document, operation)(request.variables ?? {});
      if (cost > settings.limits.maxQueryCost) throw tooDear(cost, settings.limits.maxQueryCost, operation);
      const execution = { schema, document, operationName: request.operationName ?? null, variableValues: request.variables ?? null };
      return { ok: true, operation, source, execution };
    } catch (error) {
      if (error instanceof GraphQLError) return { ok: false, errors: [error] };
      throw error;
    }
  };
}

/** @throws GraphQLError OPERATION_RESOLUTION_FAILURE */
function operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const message = name
    ? 'there is no operation of that operationName in the document'
    : 'the document has several operations: say which with operationName';
  throw new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

const tooDear = (cost: number, most: number, operation: OperationDefinitionNode): GraphQLError =>
  new GraphQLError(`The document is too large: its cost is ${cost}, at most ${most} is allowed. Ask for less at once.`, {
    nodes: [operation],
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
