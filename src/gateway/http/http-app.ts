import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { badInput } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf } from '../auth/identity';
import { createContext } from '../create-context';
import { originAllowed } from '../allowed-origins';
import type { GatewayParts } from '../gateway-parts';
import { GRAPHQL_PATH } from '../graphql-path';
import type { Caller } from '../pipeline/answer-once';
import { EventStreams } from '../sse/event-streams';
import { createApollo } from './create-apollo';
import { healthRoutes } from './health-routes';
import { parametersRoutes } from './parameters-routes';
import { prepareRequest, type Prepared } from './prepare-request';
import { refuse } from './refuse';
import { onRequestError } from './request-errors';
import { refuseForeignOrigins, refuseForgedRequests } from './request-guards';
import { securityHeaders } from './security-headers';

export interface HttpApp {
  readonly app: Express;
  /** Ends every event stream, see `EventStreams.close`. */
  drain(how: Parameters<EventStreams['close']>[0]): Promise<void>;
  /** Ends Apollo Server; call when no request is open any more. */
  close(): Promise<void>;
}

/** GraphQL over HTTP and server-sent events on /graphql, and the health and metrics endpoints. */
export async function createHttpApp(parts: GatewayParts): Promise<HttpApp> {
  const { deps, settings, errorDeps } = parts;
  const streams = new EventStreams(parts);
  const apollo = createApollo(parts);
  await apollo.start();

  const app = express();
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(cors({ origin: (origin, answer) => answer(null, originAllowed(origin, settings.allowedOrigins)), maxAge: 600 }));
  app.use(healthRoutes(deps));
  app.use(parametersRoutes(deps));
  app.get(
    '/',
    (_req, res) =>
      void res.json({ name: 'Beckon', graphql: GRAPHQL_PATH, health: '/health/ready', metrics: '/metrics', parameters: '/parameters' }),
  );
  const graphql: RequestHandler[] = [
    refuseForeignOrigins(parts),
    refuseForgedRequests(parts),
    identify(parts),
    express.json({ limit: settings.limits.maxPayloadBytes }),
    prepareRequest(parts, streams),
    expressMiddleware(apollo, {
      context: async ({ res }) => {
        const { identity, receivedAt, prepared, answerType } = res.locals as Caller & Prepared;
        return { ...createContext(parts, { identity, receivedAt }), prepared, answerType };
      },
    }),
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
  return { app, drain: (how) => streams.close(how), close: () => apollo.stop() };
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
