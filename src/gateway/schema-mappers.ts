import type { Evidence, ListCause, ListCost, Position, Recommendation, RecommendationList } from '../push/recommendation-list';
import type { AnswerTo } from '../push/question-job';
import type { EpochMs } from '../platform/clock';
import type { ErasureReceipt } from '../privacy/erasure';
import type { ModelBackend, ModelCheck, ModelRecord, TrainingOutcome } from '../training/model-store';
import type { ScoredItem } from './gateway-deps';
import type { ListChange } from './list-change';
import type { ListDelta } from './list-delta';
import type { StageTimings } from './stage-timings';
import type { Shown } from './shown';

// What each GraphQL type is while it is being resolved: the domain's own objects wherever they will do. See codegen.yml.
export type { Item } from '../catalogue/item';
export type { LoggedBehaviour } from '../behaviour/behaviour';
export type { RecordStatus, RejectionCode } from '../behaviour/outcome';
export type { Profile, RecentBehaviour } from '../profile/profile';
export type { ItemFlag, ModelName, ReasonCode } from '../push/recommendation-list';
export type { HealthStatus, ModelVersion, PopularityWindow } from './gateway-deps';
export type { Evidence, ListDelta };
export type { ModelBackend, TrainingOutcome };
export type GateDecision = NonNullable<ModelRecord['gate']>[number];
export type BlendRefinement = NonNullable<ModelRecord['refinements']>[number];

export type { ArchiveReach } from '../privacy/export-history.redis';
export type ErasedBy = ErasureReceipt['by'];
export type { Place as ErasurePlace } from '../privacy/erasure';

export type { TraitModel } from '../profile/traits/trait-settings';
export type CheckDecision = ModelCheck['decision'];
export type DropCause = NonNullable<ListCost['droppedFor']>;
export type CauseKind = ListCause['kind'];
export type TopicKind = 'category' | 'tag';

/** `c:<category>` or `t:<tag>`. */
export type TopicId = string;

/** A list as one caller asked for it: its first `first` items. */
export interface ListView {
  readonly list: RecommendationList;
  readonly first: number;
  readonly stale: boolean;
}

/** A pushed list with its difference to the one that the same subscription was sent before. */
export interface RecommendationUpdate {
  readonly view: ListView;
  /** When it reached this process. */
  readonly arrivedAt: EpochMs;
  readonly change: ListChange | undefined;
  /** The place of the list before; undefined on the first. */
  readonly before: Position | undefined;
  /** How to make the list from the one before; absent: it has to be sent whole. */
  readonly delta?: ListDelta | undefined;
  /** Set when they are asked for first: see `timingsOfUpdate`. */
  timings?: StageTimings | undefined;
  /** What its subscription remembers of the list sent before, for the delta to this one. */
  readonly memory?: ShownMemory;
}

/** The memory of one subscription that is sent deltas. */
export interface ShownMemory {
  /** What its list was when it was last written; undefined: the next one is sent whole. */
  shown: Shown | undefined;
}

export interface RankedRecommendation extends Recommendation {
  /** From 1. */
  readonly rank: number;
}

export interface RankedItem extends ScoredItem {
  /** From 1. */
  readonly rank: number;
}

export interface HistoryEntry {
  readonly itemId: string;
  readonly at: EpochMs;
}

/** Why an item is where it is on a user's list. */
export interface Explanation {
  readonly itemId: string;
  readonly personalised: boolean;
  readonly answer: AnswerTo<'why'>;
}

export type Counterfactual = AnswerTo<'why'>['counterfactuals'][number];
export type LeftOut = NonNullable<AnswerTo<'why'>['leftOut']>;
