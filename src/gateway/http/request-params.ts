import type { Request } from 'express';
import { GraphQLError } from 'graphql';
import type { OperationRequest } from '../pipeline/operation-request';

const PARAMETERS = ['query', 'operationName', 'variables', 'extensions', 'documentId'] as const;

/**
 * What a request of GraphQL over HTTP asks for: the JSON of a POST, or the parameters of a GET.
 * @throws GraphQLError BAD_REQUEST that says which part is not as it should be.
 */
export function operationRequestOf(req: Request): OperationRequest {
  const given = req.method === 'GET' ? fromAddress(req.url) : fromBody(req.body);
  return {
    query: text(given, 'query'),
    operationName: text(given, 'operationName'),
    variables: map(given, 'variables'),
    extensions: map(given, 'extensions'),
    documentId: text(given, 'documentId'),
  };
}

type Given = Readonly<Record<string, unknown>>;

function fromBody(body: unknown): Given {
  if (Array.isArray(body)) throw badRequest('a request holds one operation: send them one by one, not as an array');
  if (!isMap(body)) throw badRequest('the request body must be a JSON object with `query`');
  return body;
}

function fromAddress(url: string): Given {
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  const given: Record<string, unknown> = {};
  for (const name of PARAMETERS) {
    const values = parameters.getAll(name);
    if (values.length > 1) throw badRequest(`${name} is given more than once`);
    const [value] = values;
    if (value !== undefined && value !== '') given[name] = name === 'variables' || name === 'extensions' ? parsed(name, value) : value;
  }
  return given;
}

function parsed(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`${name} is not valid JSON`);
  }
}

function text(given: Given, name: 'query' | 'operationName' | 'documentId'): string | undefined {
  const value = given[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw badRequest(`${name} must be text`);
}

function map(given: Given, name: 'variables' | 'extensions'): Given | undefined {
  const value = given[name] ?? undefined;
  if (value === undefined || isMap(value)) return value;
  throw badRequest(`${name} must be a JSON object`);
}

const isMap = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);

export const badRequest = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
