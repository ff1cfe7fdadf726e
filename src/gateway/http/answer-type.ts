import type { FormattedExecutionResult } from 'graphql';

/** Media types that an operation is answered with: those of one result, and that of results as they come. */
export type ResultType = 'application/graphql-response+json' | 'application/json';
export type AnswerType = ResultType | 'text/event-stream';

const TYPES: Readonly<Record<string, AnswerType>> = {
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
  'text/event-stream': 'text/event-stream',
};

/**
 * The media type that a client prefers of those that there are: highest weight, then first named. `application/json` where it does not
 * say, as GraphQL over HTTP has it; undefined where it takes none of them.
 */
export function answerTypeOf(accept: string | undefined): AnswerType | undefined {
  if (accept === undefined || accept.trim() === '') return 'application/json';
  let best: AnswerType | undefined;
  let bestWeight = 0;
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const type = TYPES[name];
    const charset = parameters.find((parameter) => parameter.startsWith('charset='));
    if (type === undefined || (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))) continue;
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (weight > bestWeight) [best, bestWeight] = [type, weight];
  }
  return best;
}

/**
 * An answer without `data` is no execution, and its status is 400. Clients that take only `application/json` get 200, as the specification
 * asks (old ones read no body otherwise), but for what is no GraphQL request at all.
 */
export function statusOf(type: ResultType, { data, errors }: Pick<FormattedExecutionResult, 'data' | 'errors'>): 200 | 400 {
  const isRequest = errors?.[0]?.extensions?.['code'] !== 'BAD_REQUEST';
  return data !== undefined || (type === 'application/json' && isRequest) ? 200 : 400;
}
