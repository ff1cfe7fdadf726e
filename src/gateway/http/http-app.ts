import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { GraphQLSchema } from 'graphql';
import helmet from 'helmet';
import type { EpochMs } from '../../platform/clock';
import { badInput } from '../../platform/errors';
import { authenticate } from '../auth/authenticate';
import { credentialsOf, type Identity } from '../auth/identity';
import { originAllowed } from '../allowed-origins';
import { createContext } from '../create-context';
import { toClientError, type ClientErrorDeps } from '../errors/to-client-error';
import type { GatewayContext } from '../gateway-context';
import type { GatewayDeps, GatewaySettings } from '../gateway-deps';
import type { GatewayMetrics } from '../gateway-metrics';
import { documentRules } from '../limits/document-rules';
import { healthRoutes } from './health-routes';
import { operationMetricsPlugin } from './operation-metrics-plugin';
import { refuse } from './refuse';
import { subscriptionsOverSocketPlugin } from './subscriptions-over-socket-plugin';

export const GRAPHQL_PATH = '/graphql';

export interface HttpParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
  readonly schema: GraphQLSchema;
  readonly errorDeps: ClientErrorDeps;
}

interface Locals {
  receivedAt: EpochMs;
  identity: Identity;
}
type LocalResponse = Response<unknown, Locals & Record<string, unknown>>;

export interface HttpApp {
  readonly app: Express;
  /** Ends Apollo Server; call when no request is open any more. */
  close(): Promise<void>;
}

/** GraphQL over HTTP on /graphql (POST, and GET for queries), and the health and metrics endpoints. */
export async function createHttpApp(parts: HttpParts): Promise<HttpApp> {
  const { deps, settings, errorDeps } = parts;
  const apollo = createApollo(parts);
  await apollo.start();

  const app = express();
  app.set('etag', false);
  app.use(helmet());
  app.use(cors({ origin: (origin, answer) => answer(null, originAllowed(origin, settings.allowedOrigins)), maxAge: 600 }));
  app.use(healthRoutes(deps));
  app.get('/', (_req, res) => void res.json({ name: 'Beckon', graphql: GRAPHQL_PATH, health: '/health/ready', metrics: '/metrics' }));
  const graphql = [
    identify(parts),
    express.json({ limit: settings.limits.maxPayloadBytes }),
    expressMiddleware(apollo, {
      context: async ({ res }) => {
        const { identity, receivedAt } = (res as LocalResponse).locals;
        return createContext(parts, { identity, receivedAt });
      },
    }),
  ];
  app.post(GRAPHQL_PATH, graphql);
  app.get(GRAPHQL_PATH, trustScripts, graphql);
  app.all(GRAPHQL_PATH, (_req, res) => {
    res.setHeader('Allow', 'GET, POST, OPTIONS');
    const message = 'send GraphQL operations as POST with Content-Type: application/json; queries may also come as GET';
    refuse(res, badInput('method', message), errorDeps, 405);
  });
  app.use((_req, res) => refuse(res, badInput('path', `there is nothing here: GraphQL is at POST ${GRAPHQL_PATH}`), errorDeps, 404));
  app.use(onRequestError(parts));
  return { app, close: () => apollo.stop() };
}

function createApollo({ deps, settings, metrics, schema, errorDeps }: HttpParts): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    schema,
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: settings.limits.maxQueryTokens },
    validationRules: documentRules(settings.limits),
    formatError: (_formatted, error) => toClientError(error, errorDeps),
    // Nothing is cached here, and the plugin for it would wrap every resolver of the schema, those of subscriptions on sockets too.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      operationMetricsPlugin(metrics, deps.clock),
      ApolloServerPluginLandingPageDisabled(),
      subscriptionsOverSocketPlugin(GRAPHQL_PATH),
    ],
    logger: deps.log,
  });
}

/**
 * Lets a query by GET through Apollo Server's CSRF prevention, as some clients send it (urql does by default) without any header that
 * would make a browser ask first. Nobody is let in by a cookie here and a GET changes nothing; what remains are images, forms and
 * links of another site, and browsers mark those.
 */
const trustScripts: RequestHandler = (req, _res, next) => {
  const mode = req.headers['sec-fetch-mode'];
  if (mode === undefined || mode === 'cors' || mode === 'same-origin') req.headers['apollo-require-preflight'] = 'true';
  next();
};

/** Notes when a request came and from whom, before its body is read. */
function identify({ deps, errorDeps }: HttpParts): RequestHandler {
  return async (req, res, next) => {
    const { locals } = res as LocalResponse;
    locals.receivedAt = deps.clock.now();
    try {
      locals.identity = await authenticate(deps, credentialsOf(req.headers));
    } catch (error) {
      refuse(res, error, errorDeps);
      return;
    }
    next();
  };
}

/** What body-parser objects to, by its `type`. */
function onRequestError({ settings, errorDeps }: HttpParts): ErrorRequestHandler {
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
