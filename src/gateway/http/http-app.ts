import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { badInput } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf } from '../auth/identity';
import { originAllowed } from '../allowed-origins';
import type { GatewayParts } from '../gateway-parts';
import { GRAPHQL_PATH } from '../graphql-path';
import type { Caller } from '../pipeline/answer-once';
import { EventStreams } from '../sse/event-streams';
import { answerOperation } from './graphql-over-http';
import { healthRoutes } from './health-routes';
import { refuse } from './refuse';
import { onRequestError } from './request-errors';
import { refuseForeignOrigins, refuseForgedRequests } from './request-guards';
import { securityHeaders } from './security-headers';

export interface HttpApp {
  readonly app: Express;
  /** Ends every event stream: their clients reconnect elsewhere. */
  close(): void;
}

/** GraphQL over HTTP and server-sent events on /graphql, and the health and metrics endpoints. */
export function createHttpApp(parts: GatewayParts): HttpApp {
  const { deps, settings, errorDeps } = parts;
  const streams = new EventStreams(parts);
  const app = express();
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(cors({ origin: (origin, answer) => answer(null, originAllowed(origin, settings.allowedOrigins)), maxAge: 600 }));
  app.use(healthRoutes(deps));
  app.get('/', (_req, res) => void res.json({ name: 'Beckon', graphql: GRAPHQL_PATH, health: '/health/ready', metrics: '/metrics' }));
  const graphql: RequestHandler[] = [
    refuseForeignOrigins(parts),
    refuseForgedRequests(parts),
    identify(parts),
    express.json({ limit: settings.limits.maxPayloadBytes }),
    (req, res) => answerOperation(parts, streams, req, res),
  ];
  app.post(GRAPHQL_PATH, graphql);
  app.get(GRAPHQL_PATH, graphql);
  app.all(GRAPHQL_PATH, (_req, res) => {
    res.setHeader('Allow', 'GET, POST, OPTIONS');
    const message = 'send GraphQL operations as POST with Content-Type: application/json; queries may also come as GET';
    refuse(res, badInput('method', message), errorDeps, 405);
  });
  app.use((_req, res) => refuse(res, badInput('path', `there is nothing here: GraphQL is at POST ${GRAPHQL_PATH}`), errorDeps, 404));
  app.use(onRequestError(parts));
  return { app, close: () => streams.close() };
}

/** Notes when a request came and from whom, before its body is read. */
function identify({ deps, errorDeps }: GatewayParts): RequestHandler {
  return async (req, res, next) => {
    const receivedAt = deps.clock.now();
    try {
      const caller: Caller = { receivedAt, identity: await authenticate(deps, credentialsOf(req.headers)) };
      Object.assign(res.locals, caller);
    } catch (error) {
      refuse(res, error, errorDeps);
      return;
    }
    next();
  };
}
