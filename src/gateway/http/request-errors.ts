import type { ErrorRequestHandler } from 'express';
import { badInput } from '../../platform/errors';
import type { GatewayParts } from '../gateway-parts';
import { refuse } from './refuse';

/** Answers what went wrong on the way to the operation: what body-parser objects to, by its `type`, and faults of ours. */
export function onRequestError({ settings, errorDeps }: GatewayParts): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const { type, status } = error as { readonly type?: unknown; readonly status?: unknown };
    const most = settings.limits.maxPayloadBytes.toLocaleString('en');
    if (res.headersSent) return res.destroy();
    if (type === 'entity.too.large')
      return refuse(res, badInput('body', `the request body is larger than ${most} bytes: send less at once`), errorDeps, 413);
    if (type === 'entity.parse.failed') return refuse(res, badInput('body', 'the request body is not valid JSON'), errorDeps, 400);
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return refuse(
        res,
        badInput('body', 'the request body cannot be read: send JSON in UTF-8, plain, gzip or deflate'),
        errorDeps,
        status,
      );
    }
    return refuse(res, error, errorDeps, 500);
  };
}
