/** Media types that an operation is answered with. */
export type AnswerType = 'application/graphql-response+json' | 'application/json' | 'text/event-stream';

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
