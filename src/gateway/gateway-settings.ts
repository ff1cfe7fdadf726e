import { readTrustedDocumentsFile, type Config } from '../platform/config';
import type { DrainSettings } from './drain';
import type { GatewaySettings } from './gateway-deps';
import { trustedDocuments } from './pipeline/trusted-documents';

/**
 * Behind a proxy, whose kernel answers for whoever is gone, a dead socket is found by these and by nothing else. They are most of what an
 * idle socket costs, so only every other one asks for an answer: it is found within two minutes. What is in front of a gateway often cuts what
 * was silent for one.
 */
const KEEP_ALIVE_MS = 50_000;
const PONG_WITHIN_MS = 10_000;

/**
 * What the gateway goes by, of the configuration.
 * @throws BeckonError BAD_INPUT for a file of trusted documents that cannot be read.
 */
export function gatewaySettings(config: Config): GatewaySettings {
  const production = config.NODE_ENV === 'production';
  const trusted = readTrustedDocumentsFile(config);
  const origins = config.ALLOWED_ORIGINS?.split(',').map((origin) => origin.trim());
  return {
    limits: {
      maxPayloadBytes: config.MAX_PAYLOAD_BYTES,
      maxQueryDepth: config.MAX_QUERY_DEPTH,
      maxQueryTokens: config.MAX_QUERY_TOKENS,
      maxQueryRootFields: config.MAX_QUERY_ROOT_FIELDS,
      maxQueryFields: config.MAX_QUERY_FIELDS,
      maxQueryRepeats: config.MAX_QUERY_REPEATS,
      maxQueryAliases: config.MAX_QUERY_ALIASES,
      maxQueryDirectives: config.MAX_QUERY_DIRECTIVES,
      maxQueryCost: config.MAX_QUERY_COST,
      maxOperationsPerSocket: config.MAX_OPERATIONS_PER_SOCKET,
      maxConnectionsPerUser: config.MAX_CONNECTIONS_PER_USER,
      maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      maxMessagesPerSecond: config.MAX_MESSAGES_PER_SECOND,
      maxBatch: config.MAX_BATCH,
    },
    introspection: config.INTROSPECTION ?? !production,
    allowedOrigins: origins ?? (production ? [] : 'loopback'),
    keepAliveMs: KEEP_ALIVE_MS,
    pongWithinMs: PONG_WITHIN_MS,
    slowReaderMs: config.SLOW_READER_MS,
    revocationTtlMs: config.REVOCATION_TTL_MS,
    drain: drainSettings(config),
    deadlines: {
      connectionInitMs: config.CONNECTION_INIT_TIMEOUT_MS,
      requestHeadersMs: config.REQUEST_HEADERS_TIMEOUT_MS,
      requestMs: config.REQUEST_TIMEOUT_MS,
    },
    ...(trusted !== undefined && { trustedDocuments: trustedDocuments(trusted, { only: config.TRUSTED_DOCUMENTS_ONLY }) }),
  };
}

/** Outside production nobody waits for a process to end, and there is no load balancer to tell. */
function drainSettings({ NODE_ENV, DRAIN_NOTICE_MS, DRAIN_SPREAD_MS }: Config): DrainSettings {
  const production = NODE_ENV === 'production';
  return { noticeMs: DRAIN_NOTICE_MS ?? (production ? 5000 : 0), spreadMs: DRAIN_SPREAD_MS ?? (production ? 10_000 : 0) };
}
