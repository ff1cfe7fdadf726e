import type { Response } from 'express';
import type { GraphQLFormattedError } from 'graphql';
import { BeckonError, type ErrorCode } from '../../platform/errors';
import { toClientError, type ClientErrorDeps } from '../errors/to-client-error';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
  NOT_YET_APPLIED: 503,
  INTERNAL: 500,
};

/** Answers a request that never became an operation, in the form that GraphQL clients read. */
export function refuse(res: Response, error: unknown, errorDeps: ClientErrorDeps, status?: number): void {
  const formatted: GraphQLFormattedError = toClientError(error, errorDeps);
  const code = formatted.extensions?.['code'] as ErrorCode;
  const retryAfterMs = formatted.extensions?.['retryAfterMs'];
  if (typeof retryAfterMs === 'number') res.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
  if (error instanceof BeckonError && error.code === 'UNAUTHENTICATED') res.setHeader('WWW-Authenticate', 'Bearer');
  res.status(status ?? STATUS[code]).json({ errors: [formatted] });
}
