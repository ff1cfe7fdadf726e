import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { toClientError } from '../errors/to-client-error';
import type { GatewayParts } from '../gateway-parts';
import { documentRules } from '../limits/document-rules';
import { statusOf } from './answer-type';
import type { HttpContext } from './http-context';
import { operationMetricsPlugin } from './operation-metrics-plugin';
import { PreparedDocuments } from './prepared-documents';

/**
 * Apollo Server, as what runs the operations that `prepare` has let through: it takes their documents from `prepare`, executes, and writes
 * the answer. What would hold if a document reached it by another way is set here as well.
 */
export function createApollo({ deps, settings, metrics, schema, errorDeps }: GatewayParts): ApolloServer<HttpContext> {
  const documents = new PreparedDocuments();
  return new ApolloServer<HttpContext>({
    schema,
    documentStore: documents,
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false, // trusted documents are told by the operator: see `requestedDocument`
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: settings.limits.maxQueryTokens },
    validationRules: documentRules(settings.limits),
    formatError: (_formatted, error) => toClientError(error, errorDeps),
    plugins: [
      documents.plugin,
      statusPlugin,
      operationMetricsPlugin(metrics, deps.clock),
      // Nothing is cached here, and the plugin for it would wrap every resolver of the schema, those of subscriptions on sockets too.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    logger: deps.log,
  });
}

/** Answers with the status that GraphQL over HTTP has for the media type, where Apollo would have one of its own. */
const statusPlugin: ApolloServerPlugin<HttpContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http }, contextValue }) => {
      if (body.kind === 'single') http.status = statusOf(contextValue.answerType, body.singleResult);
    },
  }),
};
