import type { Request, Response } from 'express';
import { OperationTypeNode, type FormattedExecutionResult, type OperationDefinitionNode } from 'graphql';
import { badInput } from '../../platform/errors';
import type { GatewayParts } from '../gateway-parts';
import { GRAPHQL_PATH } from '../graphql-path';
import { operationLabel, outcomeLabel } from '../operation-label';
import { answerOnce, type Caller } from '../pipeline/answer-once';
import type { EventStreams } from '../sse/event-streams';
import { answerTypeOf, type AnswerType } from './answer-type';
import { refuse } from './refuse';
import { badRequest, operationRequestOf } from './request-params';

const SUBSCRIBE_ELSEWHERE =
  `subscriptions run over WebSocket: open one at ${GRAPHQL_PATH} with the sub-protocol graphql-transport-ws; ` +
  'or over server-sent events: send Accept: text/event-stream';

/**
 * Answers one operation as the GraphQL over HTTP specification says, or hands it to the event streams where the client asks for those. Written
 * here rather than taken from a server framework so that it goes through `prepare` like the other transports: see docs/decisions/0020.
 */
export async function answerOperation(parts: GatewayParts, streams: EventStreams, req: Request, res: Response): Promise<void> {
  const { deps, metrics, errorDeps, prepare } = parts;
  const caller = res.locals as Caller;
  const type = answerTypeOf(req.headers.accept);
  if (type === undefined) {
    const message = 'answers are application/graphql-response+json, application/json or text/event-stream';
    return refuse(res, badRequest(message), errorDeps, 406);
  }
  const request = attempt(() => operationRequestOf(req));
  if ('error' in request) return refuse(res, request.error, errorDeps, 400);
  const prepared = prepare(request.value);
  if (prepared.ok && isUnfit(prepared.operation, { type, method: req.method, res, parts })) return;
  if (type === 'text/event-stream') return streams.serve(req, res, prepared, caller);

  const result = await answerOnce(parts, prepared, caller);
  const operation = prepared.ok ? prepared.operation : undefined;
  const labels = { transport: 'http', operation: operationLabel(operation) } as const;
  metrics.operations.inc({ ...labels, outcome: outcomeLabel(result.errors) });
  metrics.operationMs.observe(labels, deps.clock.now() - caller.receivedAt);
  send(res, type, result);
}

/** Refuses what may not be done by this method, or cannot be answered in this form. */
function isUnfit(
  { operation }: OperationDefinitionNode,
  { type, method, res, parts }: { type: AnswerType; method: string; res: Response; parts: GatewayParts },
): boolean {
  if (
    method === 'GET' &&
    (operation === OperationTypeNode.MUTATION || (operation === OperationTypeNode.SUBSCRIPTION && type !== 'text/event-stream'))
  ) {
    res.setHeader('Allow', 'POST');
    refuse(res, badRequest(`GET requests only support query operations, not ${operation} operations`), parts.errorDeps, 405);
    return true;
  }
  if (operation !== OperationTypeNode.SUBSCRIPTION || type === 'text/event-stream') return false;
  refuse(res, badInput('query', SUBSCRIBE_ELSEWHERE), parts.errorDeps, 400);
  return true;
}

/**
 * An answer without `data` is no execution, and its status is 400. Clients that take only `application/json` get 200, as the specification
 * asks (old ones read no body otherwise), but for what is no GraphQL request at all.
 */
function send(res: Response, type: Exclude<AnswerType, 'text/event-stream'>, result: FormattedExecutionResult): void {
  const isRequest = result.errors?.[0]?.extensions?.['code'] !== 'BAD_REQUEST';
  res.status(result.data !== undefined || (type === 'application/json' && isRequest) ? 200 : 400);
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Cache-Control', 'no-store');
  res.end(JSON.stringify(result));
}

function attempt<T>(action: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: action() };
  } catch (error) {
    return { error };
  }
}
