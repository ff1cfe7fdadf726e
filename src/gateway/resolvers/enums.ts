import type { Resolvers } from '../generated/schema-types';

/** The domain's own words for the values of the enums. */
export const enumValues = {
  RecordStatus: { ACCEPTED: 'accepted', DUPLICATE: 'duplicate', REPEAT: 'repeat' },
  ModelName: {
    POPULAR: 'popular',
    USER_KNN: 'user-knn',
    SESSION_KNN: 'session-knn',
    ITEM_KNN: 'item-knn',
    TRANSITION: 'transition',
    FACTOR: 'factor',
    EASE: 'ease',
    NCF: 'ncf',
    ATTENTION: 'attention',
    CONTENT_BASED: 'content-based',
    HYBRID: 'hybrid',
  },
  ReasonCode: {
    BECAUSE_YOU: 'because_you',
    PEOPLE_LIKE_YOU: 'people_like_you',
    INTEREST: 'interest',
    POPULAR_IN_CATEGORY: 'popular_in_category',
    POPULAR: 'popular',
    FOLLOWED: 'followed',
    NEW: 'new',
  },
  RecommendationFlag: { PROMOTED: 'promoted', EXPLORED: 'explored', PADDED: 'padded', BREAKING: 'breaking' },
  DropCause: { BUDGET: 'budget', QUEUE: 'queue' },
  CauseKind: { BEHAVIOURS: 'behaviours', MODELS: 'models', RETRACTION: 'retraction', REQUEST: 'request', PROFILE: 'profile' },
  TopicKind: { CATEGORY: 'category', TAG: 'tag' },
  PopularityWindow: { HOUR: 'hour', DAY: 'day', WEEK: 'week', ALL: 'all' },
  ModelBackend: { TFJS_NODE: 'tfjs-node', WASM: 'wasm', NONE: 'none' },
  TrainingOutcome: { PUBLISHED: 'published', REJECTED: 'rejected', HELD: 'held', SKIPPED: 'skipped', FAILED: 'failed' },
  CheckDecision: { ACCEPTED: 'accepted', REJECTED: 'rejected', UNCHECKED: 'unchecked' },
  HealthStatus: { OK: 'ok', DEGRADED: 'degraded', DOWN: 'down' },
} satisfies Partial<Resolvers>;
