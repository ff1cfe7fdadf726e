import type { RequestHandler } from 'express';
import { BeckonError } from '../../platform/errors';
import { originAllowed } from '../allowed-origins';
import type { GatewayParts } from '../gateway-parts';
import { refuse } from './refuse';
import { badRequest } from './request-params';

/** Refuses pages of other origins outright: CORS alone keeps the answer from them, not the request from us. Sockets do the same. */
export function refuseForeignOrigins({ settings, errorDeps }: GatewayParts): RequestHandler {
  return (req, res, next) => {
    if (originAllowed(req.headers.origin, settings.allowedOrigins)) return next();
    const message = 'pages of this origin may not connect: see ALLOWED_ORIGINS';
    return refuse(res, new BeckonError('FORBIDDEN', message, { field: 'origin' }), errorDeps);
  };
}

/**
 * Refuses what a browser sends for another site without asking first (cross-site request forgery). A POST must be JSON, which forms cannot
 * send. A GET changes nothing, and nobody is let in by a cookie here; what remains are images, frames and links of another site, and
 * browsers mark those.
 */
export function refuseForgedRequests({ errorDeps }: GatewayParts): RequestHandler {
  return (req, res, next) => {
    const refuseWith = (message: string): void => refuse(res, badRequest(message), errorDeps, 400);
    if (req.method === 'POST') {
      if (req.is('application/json')) return next();
      return refuseWith('send the operation as JSON with Content-Type: application/json');
    }
    const mode = req.headers['sec-fetch-mode'];
    if (mode === undefined || mode === 'cors' || mode === 'same-origin') return next();
    return refuseWith('queries by GET are answered to scripts and programs only, not to links, images or frames');
  };
}
