import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers for answers that are never pages: nothing is loaded, framed, sniffed or remembered by a browser, and no address is told on.
 * `Cross-Origin-Resource-Policy` lets pages of other origins read answers, for which CORS decides.
 */
export const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  });
