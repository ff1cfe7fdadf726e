import type { Request, RequestHandler, Response } from 'express';
import { OperationTypeNode, type FormattedExecutionResult } from 'graphql';
import { badInput } from '../../platform/errors';
import type { GatewayParts } from '../gateway-parts';
import { GRAPHQL_PATH } from '../graphql-path';
import { outcomeLabel } from '../operation-label';
import type { Caller } from '../pipeline/answer-once';
import { clientErrors } from '../pipeline/client-result';
import type { OperationRequest } from '../pipeline/operation-request';
import type { PreparedOperation } from '../pipeline/prepare';
import type { EventStreams } from '../sse/event-streams';
import { answerTypeOf, statusOf, type AnswerType, type ResultType } from './answer-type';
import { refuse } from './refuse';
import { badRequest, operationRequestOf } from './request-params';

const SUBSCRIBE_ELSEWHERE =
  `subscriptions run over WebSocket: open one at ${GRAPHQL_PATH} with the sub-protocol graphql-transport-ws; ` +
  'or over server-sent events: send Accept: text/event-stream';

/** What Apollo Server goes by, in the locals of the response. */
export interface Prepared {
  readonly prepared: PreparedOperation;
  readonly answerType: ResultType;
}

/**
 * Has `prepare` decide about a request before Apollo Server sees it. What is refused is answered here, what asks for events goes to the
 * event streams, and everything else is handed on in the one form that Apollo reads: its text, its variables, a media type.
 */
export function prepareRequest(parts: GatewayParts, streams: EventStreams): RequestHandler {
  const { errorDeps, metrics, prepare } = parts;
  return async (req, res, next) => {
    const answerType = answerTypeOf(req.headers.accept);
    if (answerType === undefined) {
      const message = 'answers are application/graphql-response+json, application/json or text/event-stream';
      return refuse(res, badRequest(message), errorDeps, 406);
    }
    const read = attempt(() => operationRequestOf(req));
    if ('error' in read) return refuse(res, read.error, errorDeps, 400);
    const prepared = prepare(read.value);
    if (prepared.ok && isUnfit(prepared, { answerType, req, res, parts })) return;
    if (answerType === 'text/event-stream') return streams.serve(req, res, prepared, res.locals as Caller);
    res.setHeader('Cache-Control', 'no-store');
    if (prepared.ok) {
      const locals: Prepared = { prepared, answerType };
      Object.assign(res.locals, locals);
      handOn(req, read.value, locals);
      return next();
    }
    const result = { errors: clientErrors(prepared.errors, errorDeps) };
    metrics.operations.inc({ transport: 'http', operation: 'none', outcome: outcomeLabel(result.errors) });
    send(res, answerType, result);
  };
}

interface Place {
  readonly answerType: AnswerType;
  readonly req: Request;
  readonly res: Response;
  readonly parts: GatewayParts;
}

/** Refuses what may not be done by this method, or cannot be answered in this form. */
function isUnfit({ operation: { operation } }: PreparedOperation, { answerType, req, res, parts }: Place): boolean {
  const isEvents = answerType === 'text/event-stream';
  const isSubscription = operation === OperationTypeNode.SUBSCRIPTION;
  if (req.method === 'GET' && (operation === OperationTypeNode.MUTATION || (isSubscription && !isEvents))) {
    res.setHeader('Allow', 'POST');
    refuse(res, badRequest(`GET requests only support query operations, not ${operation} operations`), parts.errorDeps, 405);
    return true;
  }
  if (!isSubscription || isEvents) return false;
  refuse(res, badInput('query', SUBSCRIBE_ELSEWHERE), parts.errorDeps, 400);
  return true;
}

/** Puts what was read and prepared in the place of what was sent. Forged requests have been refused: `refuseForgedRequests`. */
function handOn(req: Request, { operationName, variables }: OperationRequest, { prepared, answerType }: Prepared): void {
  req.headers.accept = answerType;
  const operation = { query: prepared.source, operationName: operationName ?? null, variables: variables ?? null };
  if (req.method === 'POST') {
    req.body = operation;
    return;
  }
  req.headers['apollo-require-preflight'] = 'true';
  delete req.headers['content-type']; // a GET has no content
  const parameters = Object.entries({ ...operation, variables: variables && JSON.stringify(variables) });
  const given = parameters.filter((parameter): parameter is [string, string] => typeof parameter[1] === 'string');
  req.url = `${GRAPHQL_PATH}?${new URLSearchParams(given).toString()}`;
}

function send(res: Response, type: ResultType, result: FormattedExecutionResult): void {
  res.status(statusOf(type, result));
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.end(JSON.stringify(result));
}

function attempt<T>(action: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: action() };
  } catch (error) {
    return { error };
  }
}
