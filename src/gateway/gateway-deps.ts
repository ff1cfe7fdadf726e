import type { BehaviourDraft, RecordOutcome } from '../behaviour/outcome';
import type { Catalogue, CatalogueView } from '../catalogue/catalogue';
import type { Clock, EpochMs } from '../platform/clock';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { ConsentLedger, ConsentSettings } from '../privacy/consent';
import type { Erasures } from '../privacy/erasure';
import type { Choices } from '../profile/choices';
import type { ProfileControl } from '../profile/profile-control';
import type { Profiles } from '../profile/profiles';
import type { MailboxListener } from '../push/latest-mailbox';
import type { ListKey } from '../push/ports';
import type { AnswerTo } from '../push/question-job';
import type { ModelName, Position, RecommendationList } from '../push/recommendation-list';
import type { ServedShapes } from '../push/served-shapes';
import type { Personalisation } from '../ranking/trust-settings';
import type { ModelRecord, TrainingRun } from '../training/model-store';
import type { AllowedOrigins } from './allowed-origins';
import type { AuditLog } from './auth/audit';
import type { Authenticator } from './auth/identity';
import type { Revocations } from './auth/revocations';
import type { DrainSettings } from './drain';
import type { PublicParameters } from './parameters/describe-parameters';
import type { TenantQuotas } from './limits/tenant-quotas';

/**
 * The lists of one user and surface as they become current: the current one first (unless the watcher has it already), then
 * newer ones. A slow reader gets the newest only. `return()` ends it at once, also while a `next()` waits, and leaves no listener.
 */
export interface ListWatch {
  next(): Promise<IteratorResult<RecommendationList>>;
  /** In place of `next()`: the listener is told when there is a list to take, the newest. */
  listen(listener: MailboxListener<RecommendationList>): void;
  take(): RecommendationList | undefined;
  return(): Promise<unknown>;
}

/** An item of an impersonal list, before it is ranked. */
export interface ScoredItem {
  readonly itemId: string;
  readonly score: number;
  /** Share of each source in the score; sums to 1. */
  readonly sources: readonly { readonly model: ModelName; readonly share: number }[];
}

export type PopularityWindow = 'hour' | 'day' | 'week' | 'all';

/** What the personal and impersonal lists of a tenant are asked of. */
export interface ListReader {
  /** @throws BeckonError NOT_YET_APPLIED when the list has not reached `minSeq` within the deadline. */
  read(request: {
    readonly key: ListKey;
    readonly minSeq?: number;
  }): Promise<{ readonly list: RecommendationList; readonly stale: boolean }>;
  /** Resolves when nothing can be missed any more. With `after` equal to the current place, nothing comes until something changes. */
  watch(key: ListKey, after: Position | undefined): Promise<ListWatch>;
  /** How many watches wait for their turn to begin; absent: none ever does. */
  waitingWatches?(): number;
  /** Best first, without hidden items, at most `first`. */
  related(request: { readonly tenant: string; readonly itemId: string; readonly first: number }): Promise<readonly ScoredItem[]>;
  /** Why an item is on the list that this key's user would be given now, or is not. @throws BeckonError UNAVAILABLE when no worker answers in time. */
  why(key: ListKey, itemId: string): Promise<AnswerTo<'why'>>;
  popular(request: {
    readonly tenant: string;
    readonly category?: string;
    readonly window: PopularityWindow;
    readonly first: number;
  }): Promise<readonly ScoredItem[]>;
}

export interface ModelVersion extends Omit<ModelRecord, 'positions' | 'pinned'> {
  readonly live: boolean;
}

/** A model as operators see it. */
export interface ModelState {
  readonly name: ModelName;
  /** Absent before its first training. */
  readonly live?: ModelVersion;
  /** A rollback holds the live version. */
  readonly pinned: boolean;
  readonly lastRun?: TrainingRun;
}

/** The trained models of a tenant, for operators. */
export interface ModelOperations {
  /** One entry for each model that can be trained. */
  list(tenant: string): Promise<readonly ModelState[]>;
  /** Newest first. */
  versions(tenant: string, model: ModelName): Promise<readonly ModelVersion[]>;
  /** Puts training runs into the queue; `undefined`: of all models but those that a rollback holds. */
  train(tenant: string, models: readonly ModelName[] | undefined): Promise<readonly { readonly id: string; readonly model: ModelName }[]>;
  /** `hold`: scheduled runs do not take its place. @throws BeckonError NOT_FOUND when there is no such version. */
  rollback(tenant: string, model: ModelName, version: string, hold: boolean): Promise<ModelState>;
}

export type HealthStatus = 'ok' | 'degraded' | 'down';

export interface HealthCheck {
  readonly name: string;
  readonly status: HealthStatus;
  /** Written for anyone who may see it: no address, no path. */
  readonly message?: string;
}

export interface GatewayLimits {
  readonly maxPayloadBytes: number;
  readonly maxQueryDepth: number;
  readonly maxQueryTokens: number;
  readonly maxQueryRootFields: number;
  readonly maxQueryFields: number;
  readonly maxQueryRepeats: number;
  readonly maxQueryAliases: number;
  readonly maxQueryDirectives: number;
  /** Most that one operation may cost: see `operationCost`. */
  readonly maxQueryCost: number;
  readonly maxOperationsPerSocket: number;
  /** Most sockets and event streams of one user, and of one address, on this process. */
  readonly maxConnectionsPerUser: number;
  readonly maxConnectionsPerAddress: number;
  /** Messages that one socket may send a second, on average; twice as many at once. */
  readonly maxMessagesPerSecond: number;
  /** Most behaviours, or items, of one mutation. */
  readonly maxBatch: number;
}

export interface GatewaySettings {
  readonly limits: GatewayLimits;
  readonly introspection: boolean;
  /** Origins that browsers may connect from; `any` in development. */
  readonly allowedOrigins: AllowedOrigins;
  /** How often a socket is sent a ping or, every other time, a pong, and an event stream a comment. */
  readonly keepAliveMs: number;
  /** A socket that has not answered a ping by then is cut. */
  readonly pongWithinMs: number;
  /** How long a socket may leave what it was sent unread before it is closed. */
  readonly slowReaderMs: number;
  /** How long a revocation is remembered unless it says otherwise. */
  readonly revocationTtlMs: number;
  readonly drain: DrainSettings;
  readonly deadlines: GatewayDeadlines;
  /** Documents known by the SHA-256 of their text; absent: hashes are not taken. */
  readonly trustedDocuments?: TrustedDocuments;
}

export interface GatewayDeadlines {
  /** `connection_init` must come within it after a socket has opened. */
  readonly connectionInitMs: number;
  /** The headers of a request must come within it, and the whole request. */
  readonly requestHeadersMs: number;
  readonly requestMs: number;
}

export interface TrustedDocuments {
  /** Text of a document by its hash, in lower-case hexadecimals. */
  readonly byHash: ReadonlyMap<string, string>;
  /** Whether no other document is run. */
  readonly only: boolean;
}

/** Everything that the gateway needs of the rest of Beckon: ports only, so that tests can give it fakes. */
export interface GatewayDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly newId: () => string;
  readonly authenticator: Authenticator;
  readonly revocations: Revocations;
  readonly audit: AuditLog;
  /** Absent: no tenant is limited. */
  readonly quotas?: TenantQuotas;
  /** Which shapes of lists are served here. */
  readonly shapes: ServedShapes;
  /** Whether there is such a tenant. */
  readonly hasTenant: (tenant: string) => boolean;
  /** The surfaces of a tenant. */
  readonly surfacesOf: (tenant: string) => readonly string[];
  readonly record: (request: {
    readonly tenant: string;
    readonly drafts: readonly BehaviourDraft[];
    readonly receivedAt: EpochMs;
  }) => Promise<RecordOutcome>;
  readonly profiles: Profiles;
  readonly erasures: Pick<Erasures, 'receipt' | 'receipts'>;
  readonly choices: Choices;
  readonly control: ProfileControl;
  /** @throws BeckonError NOT_FOUND for a surface that there is not. */
  readonly personalisationOf: (tenant: string, surface: string) => Personalisation;
  /** What a tenant publishes of its recommender; undefined: nothing, or there is no such tenant. */
  readonly parametersOf: (tenant: string) => PublicParameters | undefined;
  readonly consents: ConsentLedger;
  readonly consentSettingsOf: (tenant: string) => ConsentSettings;
  readonly catalogue: Catalogue;
  readonly itemsOf: (tenant: string) => CatalogueView;
  readonly lists: ListReader;
  readonly models: ModelOperations;
  /** Whether each part works; `store` and `feed` decide readiness. */
  readonly checkHealth: () => Promise<readonly HealthCheck[]>;
}
