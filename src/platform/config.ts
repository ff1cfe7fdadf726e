import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { BeckonError } from './errors';
import { redisAddress } from './redis-address';

const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((text) => text === 'true' || text === '1')
  .or(z.boolean());

/**
 * Every setting of a process, read from its environment. What a tenant recommends and how (weights, surfaces,
 * templates) is in the tenants file instead: see src/tenants/tenant-settings.ts. docs/configuration.md is generated from this.
 */
export const configSchema = z.object({
  REDIS_URL: z
    .string()
    .regex(/^rediss?(\+sentinel|\+cluster)?:\/\//, {
      error: 'must start with redis://, redis+sentinel:// or redis+cluster://, each also with rediss',
      abort: true,
    })
    .superRefine((url, context) => {
      try {
        redisAddress(url);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      }
    })
    .default('redis://127.0.0.1:6379')
    .describe(
      'Redis or Valkey, version 7 or later: `redis://host:port`, `redis+sentinel://host:port,host:port/NAME` for whichever server Sentinels say is the primary, or `redis+cluster://host:port,host:port` for a cluster; `rediss` for TLS. `npm start` runs a private one when this is not set.',
    ),
  REDIS_WAIT_REPLICAS: integer(0, 16)
    .default(0)
    .describe(
      'How many replicas (on a cluster: of the server that holds its user) must have a behaviour before it is acknowledged, and before a list that has applied it is shown: for gateways and workers alike. 0: none, so that a fail-over may lose the last ones. What fewer have within 1 s is answered with UNAVAILABLE, to be sent again.',
    ),
  HOST: z.string().default('127.0.0.1').describe('Address that the gateway and the health endpoints of the worker listen on.'),
  PORT: integer(0, 65_535)
    .default(4000)
    .describe('Port of the gateway: GraphQL over HTTP and WebSocket, health and metrics. 0: any free port.'),
  WORKER_PORT: integer(0, 65_535).default(4001).describe('Port of the health and metrics endpoints of the worker. 0: any free port.'),
  GATEWAY_PROCESSES: integer(0, 256)
    .default(1)
    .describe('Gateway processes that share `PORT`; 0: one for each core. `npm run gateway -- --processes N` says the same.'),
  PROCESS_PORT: integer(0, 65_279)
    .default(4100)
    .describe(
      'Where several gateway processes share a port: process n, from 0, serves its own health and metrics on this port + n. 0: any free port.',
    ),
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses the development identity and turns introspection off.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe log line that is written (JSON lines on standard output).'),
  TENANTS_FILE: z
    .string()
    .optional()
    .describe('JSON file with the settings of each tenant. Without it there is one tenant, `default`, with the `shop` preset.'),
  MEDIA_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of uploads, read by workers: where a tenant’s `features` are on, an item’s `upload:PATH` is a file below it. Without it no upload is read.',
    ),
  SHARDS: integer(1, 1024)
    .default(16)
    .describe('Number of log shards and Redis slots that users are spread over. Fixed when a store is first used.'),
  QUEUE_SHARDS: integer(1, 64)
    .default(1)
    .describe('Number of recompute queues that users are spread over. Every gateway and worker must agree.'),

  AUTH_MODE: z
    .enum(['development', 'jwt'])
    .default('development')
    .describe('`jwt`: a signed token is needed. `development`: headers name the user; refused in production.'),
  JWT_SECRET: z.string().min(32).optional().describe('Shared secret of HS256 tokens, at least 32 characters.'),
  JWT_PUBLIC_KEY: z.string().optional().describe('PEM of the RS256 public key.'),
  JWT_JWKS_URL: z.url().optional().describe('Where the RS256 public keys are published (JWKS).'),
  JWT_ISSUER: z.string().optional().describe('Required `iss` of a token.'),
  JWT_AUDIENCE: z.string().optional().describe('Required `aud` of a token.'),
  REVOCATION_TTL_MS: integer(60_000, 315_360_000_000)
    .default(2_592_000_000)
    .describe('How long a revocation of tokens is remembered, in ms (default 30 days). No shorter than the longest life of your tokens.'),
  INTROSPECTION: flag.optional().describe('Whether the schema may be asked for. Default: only outside production.'),
  ALLOWED_ORIGINS: z
    .string()
    .optional()
    .describe(
      'Comma-separated origins that browsers may connect from. Default: pages of this machine (localhost) outside production, none in it.',
    ),

  DRAIN_NOTICE_MS: integer(0, 600_000)
    .optional()
    .describe(
      'How long a gateway that was asked to end says so on `/health/ready` before it refuses and closes sockets, in ms. Default: 5000 in production, 0 outside.',
    ),
  DRAIN_SPREAD_MS: integer(0, 3_600_000)
    .optional()
    .describe(
      'How long a gateway that ends spreads the closing of its sockets over, in ms; 0: all at once. Default: 10000 in production, 0 outside.',
    ),
  CANARY_INTERVAL_MS: integer(100, 600_000)
    .default(5000)
    .describe('How often a gateway sends a canary through queue, worker and feed, in ms.'),
  CANARY_DEADLINE_MS: integer(500, 3_600_000)
    .default(30_000)
    .describe('For how long no canary may come back before health and readiness say so, in ms. Several times `CANARY_INTERVAL_MS`.'),
  EVENT_LOOP_LIMIT_MS: integer(500, 600_000)
    .default(1000)
    .describe('A process whose event loop was held up for so long within the last 5 s is not ready, in ms.'),
  MAX_PAYLOAD_BYTES: integer(1024, 64 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('Largest HTTP body and WebSocket message, in bytes.'),
  MAX_QUERY_DEPTH: integer(2, 50).default(12).describe('Deepest nesting of a GraphQL document.'),
  MAX_QUERY_TOKENS: integer(50, 100_000).default(2000).describe('Most tokens of a GraphQL document.'),
  MAX_QUERY_ROOT_FIELDS: integer(1, 1000).default(20).describe('Most fields at the top of a GraphQL operation.'),
  MAX_QUERY_FIELDS: integer(10, 100_000).default(1000).describe('Most fields of a GraphQL operation, each use of a fragment counted.'),
  MAX_QUERY_REPEATS: integer(1, 1000)
    .default(20)
    .describe('Most times that a GraphQL operation may ask for a field at one place, each use of a fragment counted.'),
  MAX_QUERY_ALIASES: integer(0, 10_000).default(50).describe('Most aliases of a GraphQL operation, each use of a fragment counted.'),
  MAX_QUERY_DIRECTIVES: integer(0, 10_000).default(50).describe('Most directives of a GraphQL operation, each use of a fragment counted.'),
  MAX_QUERY_COST: integer(100, 100_000_000)
    .default(50_000)
    .describe('Most that a GraphQL operation may cost: fields times the lengths of the lists that they are in, and entries of lists sent.'),
  TRUSTED_DOCUMENTS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON file of GraphQL documents that clients may name by hash: `{"<sha256>": "<document>"}`, or a persisted-query manifest of Apollo.',
    ),
  TRUSTED_DOCUMENTS_ONLY: flag.default(false).describe('Whether only the documents of `TRUSTED_DOCUMENTS_FILE` are run.'),
  MAX_OPERATIONS_PER_SOCKET: integer(1, 10_000).default(100).describe('Most running operations of one WebSocket.'),
  SLOW_READER_MS: integer(100, 600_000)
    .default(10_000)
    .describe('How long a WebSocket may leave what it was sent unread, in ms; then it is closed with 4430.'),
  MAX_CONNECTIONS_PER_USER: integer(1, 1_000_000)
    .default(1000)
    .describe('Most open WebSockets and event streams of one user, on one gateway process.'),
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, 10_000_000)
    .default(40_000)
    .describe('Most open WebSockets and event streams of one address, on one gateway process. A load balancer is one address.'),
  MAX_MESSAGES_PER_SECOND: integer(1, 1_000_000)
    .default(1000)
    .describe('Messages a second that one WebSocket may send on average; twice as many at once.'),
  CONNECTION_INIT_TIMEOUT_MS: integer(100, 60_000)
    .default(3000)
    .describe('How long a WebSocket may stay open without `connection_init`, in ms.'),
  REQUEST_HEADERS_TIMEOUT_MS: integer(100, 600_000)
    .default(10_000)
    .describe('How long the headers of an HTTP request may take to arrive, in ms.'),
  REQUEST_TIMEOUT_MS: integer(100, 600_000).default(30_000).describe('How long a whole HTTP request may take to arrive, in ms.'),
  MAX_BATCH: integer(1, 10_000).default(1000).describe('Most behaviours, or items, of one mutation.'),
  MAX_QUEUE_DEPTH: integer(1, 10_000_000)
    .default(10_000)
    .describe('Waiting recompute jobs past which behaviours are refused with OVERLOADED.'),
  READ_DEADLINE_MS: integer(50, 60_000)
    .default(2000)
    .describe('How long a query waits for a fresh list before it answers with what there is, in ms.'),
  WATCH_LEASE_MS: integer(5000, 600_000)
    .default(180_000)
    .describe(
      'How long a user counts as watched without renewal, in ms. Renewed at a third of it. Lists of a gateway that was killed are made for so long.',
    ),

  MAX_CLOCK_SKEW_MS: integer(0, 86_400_000)
    .default(300_000)
    .describe('How far in the future a behaviour may lie; it is clamped to now. Beyond: rejected.'),
  MAX_LATENESS_MS: integer(0, 315_360_000_000)
    .default(2_592_000_000)
    .describe('How old a behaviour may be when it arrives, in ms (default 30 days). Older: rejected. Imports are not bound by it.'),

  PREPARED_SHAPES: integer(0, 16)
    .default(2)
    .describe(
      'For how many distinct selections of a surface’s lists, those that most subscriptions have, workers write the answer before gateways send it. 0: gateways write all. Every gateway and worker should agree.',
    ),
  WORKER_CONCURRENCY: integer(1, 256).default(8).describe('Recompute jobs that one worker runs at a time.'),
  SWEEP_INTERVAL_MS: integer(100, 600_000).default(1000).describe('How often a worker looks for lists that a crash left behind, in ms.'),
  PENDING_GRACE_MS: integer(50, 600_000)
    .default(2000)
    .describe('How long a watched list may be behind its log before the sweep asks again, in ms.'),
  ARCHIVE_DIR: z.string().default('data/archive').describe('Folder of the gzip archive of the log. Shared by every worker that trains.'),
  LOG_RETENTION_MS: integer(60_000, 315_360_000_000)
    .default(604_800_000)
    .describe('How long archived behaviours also stay in the Redis log, in ms (default 7 days).'),

  BECKON_DATA_DIR: z
    .string()
    .default('data')
    .describe('`npm start` only: folder below which each demo and each data set have a folder of their own.'),
  APPENDFSYNC: z
    .enum(['everysec', 'always'])
    .default('everysec')
    .describe(
      '`npm start` only: when the private Redis writes to the disk. `everysec`: a power cut may lose the last second; `always`: nothing that was acknowledged.',
    ),
});

export type Config = z.infer<typeof configSchema>;

/**
 * The configuration of this process.
 * @throws BeckonError BAD_INPUT that names each variable that is wrong and what would be right.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const known = Object.keys(configSchema.shape);
  const given = Object.fromEntries(
    known.map((name) => [name, env[name]] as const).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new BeckonError('BAD_INPUT', `configuration: ${problems.join('; ')}`, { field: String(parsed.error.issues[0]?.path[0] ?? '') });
  }
  const config = parsed.data;
  if (config.NODE_ENV === 'production' && config.AUTH_MODE === 'development') {
    throw new BeckonError('BAD_INPUT', 'AUTH_MODE=development is refused when NODE_ENV=production: set AUTH_MODE=jwt', {
      field: 'AUTH_MODE',
    });
  }
  if (config.AUTH_MODE === 'jwt' && !config.JWT_SECRET && !config.JWT_PUBLIC_KEY && !config.JWT_JWKS_URL) {
    throw new BeckonError('BAD_INPUT', 'AUTH_MODE=jwt needs JWT_SECRET, JWT_PUBLIC_KEY or JWT_JWKS_URL', { field: 'JWT_SECRET' });
  }
  if (config.TRUSTED_DOCUMENTS_ONLY && config.TRUSTED_DOCUMENTS_FILE === undefined) {
    throw new BeckonError('BAD_INPUT', 'TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS_FILE', { field: 'TRUSTED_DOCUMENTS_FILE' });
  }
  return config;
}

/** The parsed tenants file, or undefined when none is configured. */
export const readTenantsFile = (config: Pick<Config, 'TENANTS_FILE'>): unknown => readJsonFile(config, 'TENANTS_FILE');

/** The parsed file of trusted documents, or undefined when none is configured. */
export const readTrustedDocumentsFile = (config: Pick<Config, 'TRUSTED_DOCUMENTS_FILE'>): unknown =>
  readJsonFile(config, 'TRUSTED_DOCUMENTS_FILE');

function readJsonFile<N extends 'TENANTS_FILE' | 'TRUSTED_DOCUMENTS_FILE'>(config: Pick<Config, N>, name: N): unknown {
  const path: string | undefined = config[name];
  if (path === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new BeckonError('BAD_INPUT', `${name}: ${path} is not a readable JSON file`, { field: name, cause });
  }
}
