import type { RejectionCode as BehaviourRejectionCode } from '../schema-mappers';
import type { ModelName } from '../schema-mappers';
import type { ReasonCode } from '../schema-mappers';
import type { ItemFlag as RecommendationFlag } from '../schema-mappers';
import type { RecordStatus } from '../schema-mappers';
import type { CauseKind } from '../schema-mappers';
import type { DropCause } from '../schema-mappers';
import type { TopicKind } from '../schema-mappers';
import type { LeftOut } from '../schema-mappers';
import type { PopularityWindow } from '../schema-mappers';
import type { HealthStatus } from '../schema-mappers';
import type { ModelBackend } from '../schema-mappers';
import type { TrainingOutcome } from '../schema-mappers';
import type { ArchiveReach } from '../schema-mappers';
import type { ErasedBy } from '../schema-mappers';
import type { ErasurePlace } from '../schema-mappers';
import type { CheckDecision } from '../schema-mappers';
import type { TraitModel } from '../schema-mappers';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Item as ItemParent, TopicId, ListView, ListDelta as ListDeltaParent, RecommendationUpdate as RecommendationUpdateParent, RankedRecommendation, Evidence as EvidenceParent, RankedItem as RankedItemParent, Explanation as ExplanationParent, Counterfactual as CounterfactualParent, Profile as ProfileParent, RecentBehaviour as RecentBehaviourParent, HistoryEntry as HistoryEntryParent, LoggedBehaviour as LoggedBehaviourParent, ModelVersion as ModelVersionParent, GateDecision as GateDecisionParent, BlendRefinement as BlendRefinementParent } from '../schema-mappers';
import type { GatewayContext } from '../gateway-context';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type EnumResolverSignature<T, AllowedValues = any> = { [key in keyof T]?: AllowedValues };
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A moment, as ISO 8601 text with a time zone, e.g. `2026-11-24T10:15:30.250Z`. Always written in UTC with milliseconds.
   * Read in any zone; text without a zone is refused rather than guessed at.
   */
  DateTime: { input: number | string; output: number; }
};

export { ArchiveReach };

/** An argument of an audited mutation. */
export type AuditArgument = {
  readonly __typename?: 'AuditArgument';
  /** Its name; fields of input objects by their path. */
  readonly name: Scalars['String']['output'];
  /** Its value; of a list its length and the first ids. */
  readonly value: Scalars['String']['output'];
};

/** A mutation of an operator. */
export type AuditEntry = {
  readonly __typename?: 'AuditEntry';
  /** What it was asked to do, in short. */
  readonly arguments: ReadonlyArray<AuditArgument>;
  /** When it ended. */
  readonly at: Scalars['DateTime']['output'];
  /** Its name. */
  readonly mutation: Scalars['String']['output'];
  /** `OK`, or the code of the error that it ended with. */
  readonly outcome: Scalars['String']['output'];
  /** Who made it. */
  readonly userId: Scalars['ID']['output'];
};

/** How often a type of behaviour was seen. */
export type BehaviourCount = {
  readonly __typename?: 'BehaviourCount';
  /** How often. */
  readonly count: Scalars['Int']['output'];
  /** The type. */
  readonly type: Scalars['String']['output'];
};

/** One thing that a person did. */
export type BehaviourInput = {
  /** When it happened, by the sender's clock; default: now. Slightly in the future is read as now; far in the future or too old is rejected. */
  readonly at?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Idempotency key, chosen by the sender and unique per user, at most 128 characters (a UUID does well).
   * Without it the server makes one up, and a repeated request counts twice.
   */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  /** What it was done to. Needed by every type but `search`, `follow` and `rate_recommendation`. */
  readonly itemId?: InputMaybe<Scalars['ID']['input']>;
  /** `purchase`: price paid for one, in the item's currency. */
  readonly price?: InputMaybe<Scalars['Float']['input']>;
  /** `purchase`, `add_to_cart`, `remove_from_cart`: pieces, from 1. */
  readonly quantity?: InputMaybe<Scalars['Int']['input']>;
  /** `search`: what was searched for. */
  readonly query?: InputMaybe<Scalars['String']['input']>;
  /** `recommendationId` of the list that led to it, so that the recommender learns what its lists are worth. */
  readonly recommendationId?: InputMaybe<Scalars['ID']['input']>;
  /** Where it happened: `home`, `product`, `cart` … */
  readonly surface?: InputMaybe<Scalars['String']['input']>;
  /** `follow`: the user or seller that is followed. */
  readonly target?: InputMaybe<Scalars['ID']['input']>;
  /**
   * What was done: `view`, `click`, `dwell`, `add_to_cart`, `remove_from_cart`, `purchase`, `rate`, `like`, `dislike`,
   * `share`, `follow`, `search`, `not_interested`, `undo_not_interested`, `impression`, `rate_recommendation`, or a type that the tenant's settings declare.
   * Upper case is read as lower case.
   */
  readonly type: Scalars['String']['input'];
  /** Who did it; default: the caller. Somebody else needs the scope `record:any`. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
  /** `dwell`: seconds; `rate`, `rate_recommendation`: the rating; custom types: their amount. */
  readonly value?: InputMaybe<Scalars['Float']['input']>;
};

/** A behaviour that was not kept. The others of its batch were. */
export type BehaviourRejection = {
  readonly __typename?: 'BehaviourRejection';
  /** What kind of mistake it is. */
  readonly code: BehaviourRejectionCode;
  /** Name of the offending field, e.g. `value`. */
  readonly field: Scalars['String']['output'];
  /** With `UNAVAILABLE`, for a behaviour that came without an id: the id it was given. Send it again with this one. */
  readonly id?: Maybe<Scalars['ID']['output']>;
  /** Its place in the request, from 0. */
  readonly index: Scalars['Int']['output'];
  /** What is wrong, and what would be right. */
  readonly message: Scalars['String']['output'];
};

export { BehaviourRejectionCode };

/** Something besides models that a blend may learn, tried by the same rule. */
export type BlendRefinement = {
  readonly __typename?: 'BlendRefinement';
  /** NDCG@10 of the blend with it less that without it. */
  readonly gain: Scalars['Float']['output'];
  /** Upper end of that interval. */
  readonly high: Scalars['Float']['output'];
  /** Whether the blend has it. */
  readonly joined: Scalars['Boolean']['output'];
  /** Lower end of the 95 % interval of the gain: paired bootstrap over users. */
  readonly low: Scalars['Float']['output'];
  /** What it has to add at least. */
  readonly margin: Scalars['Float']['output'];
  /** `context`: what is known of items; `history`: weights of their own for users with little history. */
  readonly name: Scalars['String']['output'];
};

/** A behaviour that made a list new. */
export type CauseBehaviour = {
  readonly __typename?: 'CauseBehaviour';
  /** Its idempotency key. */
  readonly id: Scalars['ID']['output'];
  /** What it was done to; null for search and follow. */
  readonly itemId?: Maybe<Scalars['ID']['output']>;
  /** Its number in the user's log. */
  readonly seq: Scalars['Int']['output'];
  /** What was done. */
  readonly type: Scalars['String']['output'];
};

export { CauseKind };

export { CheckDecision };

/** Where a user stands with a purpose. */
export type Consent = {
  readonly __typename?: 'Consent';
  /** The newest entry about it; null: the user has said nothing. */
  readonly entry?: Maybe<ConsentEntry>;
  /** Whether it is done now. */
  readonly permitted: Scalars['Boolean']['output'];
  /** The purpose. */
  readonly purpose: Scalars['ID']['output'];
  /** Whether what it is for needs a grant. */
  readonly required: Scalars['Boolean']['output'];
};

/** An entry of a user's consent ledger. */
export type ConsentEntry = {
  readonly __typename?: 'ConsentEntry';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Who wrote it down. */
  readonly by: ErasedBy;
  /** Whether it was granted; false: withdrawn. */
  readonly granted: Scalars['Boolean']['output'];
  /** The purpose. */
  readonly purpose: Scalars['ID']['output'];
  /** Where it was said. */
  readonly source: Scalars['String']['output'];
  /** Which text the user was shown. */
  readonly textVersion?: Maybe<Scalars['String']['output']>;
};

/** What to show, written for the surface, the locale and the reason. */
export type Content = {
  readonly __typename?: 'Content';
  /** Words for the button. */
  readonly callToAction: Scalars['String']['output'];
  /** One or two sentences. */
  readonly text: Scalars['String']['output'];
  /** Headline. */
  readonly title: Scalars['String']['output'];
};

/** Where an item would be, had the user done nothing to another one. */
export type Counterfactual = {
  readonly __typename?: 'Counterfactual';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** The other item, if it may be seen. */
  readonly item?: Maybe<Item>;
  /** Id of the other item. */
  readonly itemId: Scalars['ID']['output'];
  /** The place that the explained item would have, from 1; null: it would not be on the list. */
  readonly rank?: Maybe<Scalars['Int']['output']>;
  /** What the user did to it last, e.g. `view`. */
  readonly type: Scalars['String']['output'];
};

export { DropCause };

/** A user was forgotten. */
export type EraseProfilePayload = {
  readonly __typename?: 'EraseProfilePayload';
  /** How far it has come. Keep its id: nothing else leads to it any more. */
  readonly receipt: ErasureReceipt;
  /** Who. */
  readonly userId: Scalars['ID']['output'];
};

export { ErasedBy };

export { ErasurePlace };

/** The record that a person was erased. It holds nothing that leads to them. */
export type ErasureReceipt = {
  readonly __typename?: 'ErasureReceipt';
  /** Whether the user asked for it, or an operator. */
  readonly by: ErasedBy;
  /** When no byte of the person's ids was left anywhere and no snapshot knew them; null: it runs. */
  readonly completeAt?: Maybe<Scalars['DateTime']['output']>;
  /** Snapshots of models that knew the person are gone by then at the latest. */
  readonly dueAt: Scalars['DateTime']['output'];
  /** Drawn at random; in the audit log `erased:` and this stands for the person from now on. */
  readonly id: Scalars['ID']['output'];
  /** How many ids the person had: their own, and those of anonymous users merged into it. */
  readonly ids: Scalars['Int']['output'];
  /** How far it has come with each place. */
  readonly reached: ReadonlyArray<ReachedPlace>;
  /** When it was asked for. */
  readonly requestedAt: Scalars['DateTime']['output'];
};

/** A behaviour of the user that speaks for an item. */
export type Evidence = {
  readonly __typename?: 'Evidence';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** That item; null if it may not be seen, or if this gateway has not heard of it yet. */
  readonly item?: Maybe<Item>;
  /** Id of the item it was done to. */
  readonly itemId: Scalars['ID']['output'];
  /** Its share of the whole evidence, 0 to 1. */
  readonly share: Scalars['Float']['output'];
  /** What was done, e.g. `view`. */
  readonly type: Scalars['String']['output'];
};

/** Why an item is on a list, or is not. */
export type Explanation = {
  readonly __typename?: 'Explanation';
  /** At most three: what speaks for it, strongest first; where nothing can be named, what the user did last. */
  readonly counterfactuals: ReadonlyArray<Counterfactual>;
  /** Which level of the fallback chain answered. */
  readonly fallback: FallbackLevel;
  /** The item. */
  readonly item?: Maybe<Item>;
  /** Id of the item. */
  readonly itemId: Scalars['ID']['output'];
  /** Why it is not on the list; null when it is. */
  readonly leftOut?: Maybe<LeftOut>;
  /** How long the list is. */
  readonly listSize: Scalars['Int']['output'];
  /** Whether anything of the user's profile was used. */
  readonly personalised: Scalars['Boolean']['output'];
  /** Its place on the list, from 1; null: it is not on it. */
  readonly rank?: Maybe<Scalars['Int']['output']>;
  /** Why it is on the list, with the evidence; null when it is not. */
  readonly reason?: Maybe<Reason>;
  /** How good the blend thinks it is; null when it is not on the list. */
  readonly score?: Maybe<Scalars['Float']['output']>;
  /** What share of the score came from which model; empty when it is not on the list. */
  readonly sources: ReadonlyArray<SourceShare>;
};

/** A level of the ordered fallback chain. */
export type FallbackLevel = {
  readonly __typename?: 'FallbackLevel';
  /** 0: the full hybrid; higher: less was known. */
  readonly level: Scalars['Int']['output'];
  /** What the level is called, e.g. `hybrid`, `popular`. */
  readonly name: Scalars['String']['output'];
};

/** Whether a model joined the learnt blend, and by what figures: of weights that were learnt from other users. */
export type GateDecision = {
  readonly __typename?: 'GateDecision';
  /** Behaviours that were predicted. */
  readonly cases: Scalars['Int']['output'];
  /** NDCG@10 of the blend with it less that without it; of the first model, its own. */
  readonly gain: Scalars['Float']['output'];
  /** Upper end of that interval. */
  readonly high: Scalars['Float']['output'];
  /** Whether the blend holds it. */
  readonly joined: Scalars['Boolean']['output'];
  /** Lower end of the 95 % interval of the gain: paired bootstrap over users. */
  readonly low: Scalars['Float']['output'];
  /** What it has to add at least; the interval has to lie above 0 too. */
  readonly margin: Scalars['Float']['output'];
  /** The model. */
  readonly model: ModelName;
  /** Mean NDCG@10 of the blend with it. */
  readonly ndcgWith: Scalars['Float']['output'];
  /** Mean NDCG@10 of the blend without it. */
  readonly ndcgWithout: Scalars['Float']['output'];
  /** Decided by configuration (`gate`), whatever the figures. */
  readonly overridden: Scalars['Boolean']['output'];
};

/** Whether everything works. */
export type Health = {
  readonly __typename?: 'Health';
  /** The parts, one by one. */
  readonly checks: ReadonlyArray<HealthCheck>;
  /** The worst of all checks. */
  readonly status: HealthStatus;
};

/** How well one part works. */
export type HealthCheck = {
  readonly __typename?: 'HealthCheck';
  /** In words; null when all is well. */
  readonly message?: Maybe<Scalars['String']['output']>;
  /** Which part: `store`, `feed`, `workers` … */
  readonly name: Scalars['String']['output'];
  /** How well it works. */
  readonly status: HealthStatus;
};

export { HealthStatus };

/** An item and when something was last done to it. */
export type HistoryEntry = {
  readonly __typename?: 'HistoryEntry';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** The item, if it may be seen. */
  readonly item?: Maybe<Item>;
  /** Id of the item. */
  readonly itemId: Scalars['ID']['output'];
};

/** How much a user likes a topic. */
export type Interest = {
  readonly __typename?: 'Interest';
  /** The user has locked it: it does not fade, and no behaviour changes it. */
  readonly locked: Scalars['Boolean']['output'];
  /** The topic. */
  readonly topic: Topic;
  /** Strength as of now; may be negative. */
  readonly value: Scalars['Float']['output'];
};

/** Something that can be recommended. */
export type Item = {
  readonly __typename?: 'Item';
  /** Most general first, e.g. `garden`, `garden/pots`. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  /** ISO 4217, e.g. `EUR`. */
  readonly currency?: Maybe<Scalars['String']['output']>;
  /** When it stops being recommended. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Never recommended while true. */
  readonly hidden: Scalars['Boolean']['output'];
  /** The shop's own id. */
  readonly id: Scalars['ID']['output'];
  /** Picture. */
  readonly imageUrl?: Maybe<Scalars['String']['output']>;
  /** A bundle: ids of the items that it is made of. */
  readonly parts: ReadonlyArray<Scalars['ID']['output']>;
  /** In `currency`. */
  readonly price?: Maybe<Scalars['Float']['output']>;
  /** Paid or editorial placement: always flagged on lists. */
  readonly promoted: Scalars['Boolean']['output'];
  /** When it came out. */
  readonly publishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who sells it: a seller, a source, an author. */
  readonly sellerId?: Maybe<Scalars['ID']['output']>;
  /** Pieces left; null: not counted, always available. */
  readonly stock?: Maybe<Scalars['Int']['output']>;
  /** Free labels. */
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  /** Description. */
  readonly text?: Maybe<Scalars['String']['output']>;
  /** The conversation or story that it belongs to. */
  readonly threadId?: Maybe<Scalars['ID']['output']>;
  /** What it is called. */
  readonly title: Scalars['String']['output'];
  /** Page of the item. */
  readonly url?: Maybe<Scalars['String']['output']>;
  /** Supplied embeddings. */
  readonly vectors: ReadonlyArray<ItemVector>;
  /** Rises with every change of the item. */
  readonly version: Scalars['Int']['output'];
};

/** One page of items. */
export type ItemConnection = {
  readonly __typename?: 'ItemConnection';
  /** The items with their cursors. */
  readonly edges: ReadonlyArray<ItemEdge>;
  /** The items. */
  readonly nodes: ReadonlyArray<Item>;
  /** Where the page ends. */
  readonly pageInfo: PageInfo;
};

/** An item and where it stands. */
export type ItemEdge = {
  readonly __typename?: 'ItemEdge';
  /** Pass it as `after` to go on behind this item. */
  readonly cursor: Scalars['String']['output'];
  /** The item. */
  readonly node: Item;
};

/** An item, whole: what is left out takes its default. */
export type ItemInput = {
  /** The same for a sound (WAV). */
  readonly audioSource?: InputMaybe<Scalars['String']['input']>;
  /** Most general first; default: none. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** ISO 4217, e.g. `EUR`. */
  readonly currency?: InputMaybe<Scalars['String']['input']>;
  /** When it stops being recommended. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Whether it is kept off all lists; default: false. */
  readonly hidden?: InputMaybe<Scalars['Boolean']['input']>;
  /** The shop's own id, at most 128 characters. */
  readonly id: Scalars['ID']['input'];
  /** Where the picture is read from to be described: `upload:PATH`, a file that the operator has put there, or an https URL of a host that the operator allows. Never shown. */
  readonly imageSource?: InputMaybe<Scalars['String']['input']>;
  /** Picture. */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** A bundle: ids of the items that it is made of, at most 32. */
  readonly parts?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** In `currency`, from 0. */
  readonly price?: InputMaybe<Scalars['Float']['input']>;
  /** Paid or editorial placement; default: false. */
  readonly promoted?: InputMaybe<Scalars['Boolean']['input']>;
  /** When it came out. */
  readonly publishedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who sells it: a seller, a source, an author. */
  readonly sellerId?: InputMaybe<Scalars['ID']['input']>;
  /** Pieces left; left out: not counted, always available. */
  readonly stock?: InputMaybe<Scalars['Int']['input']>;
  /** Free labels; default: none. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Description. */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** The conversation or story that it belongs to. */
  readonly threadId?: InputMaybe<Scalars['ID']['input']>;
  /** What it is called, at most 512 characters. */
  readonly title: Scalars['String']['input'];
  /** Page of the item. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
  /** Embeddings, one a modality. */
  readonly vectors?: InputMaybe<ReadonlyArray<ItemVectorInput>>;
};

/** Changes to an item: fields left out stay, `null` clears an optional field. */
export type ItemPatchInput = {
  /** The same for a sound (WAV). */
  readonly audioSource?: InputMaybe<Scalars['String']['input']>;
  /** Most general first. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** ISO 4217, e.g. `EUR`. */
  readonly currency?: InputMaybe<Scalars['String']['input']>;
  /** When it stops being recommended. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Whether it is kept off all lists. */
  readonly hidden?: InputMaybe<Scalars['Boolean']['input']>;
  /** Which item. */
  readonly id: Scalars['ID']['input'];
  /** Where the picture is read from to be described: `upload:PATH`, a file that the operator has put there, or an https URL of a host that the operator allows. Never shown. */
  readonly imageSource?: InputMaybe<Scalars['String']['input']>;
  /** Picture. */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** A bundle: ids of the items that it is made of, at most 32. */
  readonly parts?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** In `currency`, from 0. */
  readonly price?: InputMaybe<Scalars['Float']['input']>;
  /** Paid or editorial placement. */
  readonly promoted?: InputMaybe<Scalars['Boolean']['input']>;
  /** When it came out. */
  readonly publishedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who sells it: a seller, a source, an author. */
  readonly sellerId?: InputMaybe<Scalars['ID']['input']>;
  /** Pieces left; `null`: not counted. */
  readonly stock?: InputMaybe<Scalars['Int']['input']>;
  /** Free labels. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Description. */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** The conversation or story that it belongs to. */
  readonly threadId?: InputMaybe<Scalars['ID']['input']>;
  /** What it is called. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** Page of the item. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
  /** Embeddings, one a modality; replaces them all. */
  readonly vectors?: InputMaybe<ReadonlyArray<ItemVectorInput>>;
};

/** An item that was not changed. The others of its batch were. */
export type ItemRejection = {
  readonly __typename?: 'ItemRejection';
  /** What kind of mistake it is. */
  readonly code: ItemRejectionCode;
  /** Name of the offending field, e.g. `price`. */
  readonly field: Scalars['String']['output'];
  /** Its place in the request, from 0. */
  readonly index: Scalars['Int']['output'];
  /** What is wrong, and what would be right. */
  readonly message: Scalars['String']['output'];
};

/** Why an item was not changed. */
export type ItemRejectionCode =
  /** A field does not have the form that the message states. */
  | 'INVALID_VALUE'
  /** There is no item with this id. */
  | 'NOT_FOUND';

/** A supplied embedding of an item. */
export type ItemVector = {
  readonly __typename?: 'ItemVector';
  /** What it was made from, e.g. `text`, `image`. */
  readonly modality: Scalars['String']['output'];
  /** Its components. */
  readonly values: ReadonlyArray<Scalars['Float']['output']>;
};

/** An embedding of an item. */
export type ItemVectorInput = {
  /** What it was made from, e.g. `text`, `image`. */
  readonly modality: Scalars['String']['input'];
  /** Its components; all items of a modality have the same number. */
  readonly values: ReadonlyArray<Scalars['Float']['input']>;
};

/** What became of a batch: every index is either in `items` or in `rejections`. */
export type ItemsPayload = {
  readonly __typename?: 'ItemsPayload';
  /** The items as they are now, in the order of the request. */
  readonly items: ReadonlyArray<Item>;
  /** What was not changed, and why. */
  readonly rejections: ReadonlyArray<ItemRejection>;
};

export { LeftOut };

/** What made a list new. */
export type ListCause = {
  readonly __typename?: 'ListCause';
  /** BEHAVIOURS: those since the list before, newest first, at most 20. */
  readonly behaviours: ReadonlyArray<CauseBehaviour>;
  /** RETRACTION: the items that were taken back. */
  readonly itemIds: ReadonlyArray<Scalars['ID']['output']>;
  /** The kind of cause. */
  readonly kind: CauseKind;
};

/** How a list differs from the one that the same subscription was sent before. */
export type ListChange = {
  readonly __typename?: 'ListChange';
  /** Items that were not on it, in the order of their new rank. */
  readonly added: ReadonlyArray<Scalars['ID']['output']>;
  /** Items that are on both at different ranks, in the order of their new rank. */
  readonly moved: ReadonlyArray<MovedItem>;
  /** Items that are no longer on it, in the order of their old rank. */
  readonly removed: ReadonlyArray<Scalars['ID']['output']>;
};

/** What the models of a list cost. */
export type ListCost = {
  readonly __typename?: 'ListCost';
  /** Models that were left out to save time, in the order of leaving out. The level of the fallback chain then is `partial`. */
  readonly dropped: ReadonlyArray<ModelName>;
  /** What they were left out for; null: none was. */
  readonly droppedFor?: Maybe<DropCause>;
  /** Each model that was asked, the dearest first. */
  readonly models: ReadonlyArray<ModelCost>;
};

/**
 * How to make a list out of the one that the same subscription was sent before. In this order: take off what is `removed` and what is
 * `moved`; put what is `added` (at its `rank`) and what is `moved` (at `to`) back in, lowest place first; put what is `changed` in the place
 * of the item that it names; number the ranks. What is not named stays as it is.
 */
export type ListDelta = {
  readonly __typename?: 'ListDelta';
  /** Items that were not on it, in the order of their new rank. */
  readonly added: ReadonlyArray<Recommendation>;
  /** Every behaviour of the user up to this `seq` is in the new list. */
  readonly appliedThrough: Scalars['Int']['output'];
  /** The place of the list to start from: the one sent before. A client that has another one subscribes again, without `after`. */
  readonly base: Position;
  /**
   * Items on both lists of which something selected here, besides `rank`, is not as it was sent before; in the order of their new rank.
   * Scores and shares change with nearly every list: who selects them here is sent nearly every item.
   */
  readonly changed: ReadonlyArray<Recommendation>;
  /** When the new list was computed. */
  readonly computedAt: Scalars['DateTime']['output'];
  /** Which level of the fallback chain answered. */
  readonly fallback: FallbackLevel;
  /** The fewest items on both lists that have to change places, in the order of their new rank; the others only close ranks. */
  readonly moved: ReadonlyArray<MovedItem>;
  /** The place of the new list. */
  readonly position: Position;
  /** Id of the new list: send it back with the behaviours that it leads to. */
  readonly recommendationId: Scalars['ID']['output'];
  /** Items that are no longer on it, in the order of their old rank. */
  readonly removed: ReadonlyArray<Scalars['ID']['output']>;
};

/** A behaviour as it stands in the log: cleaned, weighted, numbered. */
export type LoggedBehaviour = {
  readonly __typename?: 'LoggedBehaviour';
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** Idempotency key, unique per user. */
  readonly id: Scalars['ID']['output'];
  /** What it was done to; null for search and follow. */
  readonly itemId?: Maybe<Scalars['ID']['output']>;
  /** The anonymous user who did it, if it was taken over by `mergeProfile`. */
  readonly mergedFrom?: Maybe<Scalars['ID']['output']>;
  /** Price paid for one. */
  readonly price?: Maybe<Scalars['Float']['output']>;
  /** Pieces. */
  readonly quantity?: Maybe<Scalars['Int']['output']>;
  /** What was searched for. */
  readonly query?: Maybe<Scalars['String']['output']>;
  /** When the server received it. */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** The list that led to it. */
  readonly recommendationId?: Maybe<Scalars['ID']['output']>;
  /** Rises in the order of acceptance, per user, from 1. Edits of the profile take a number each too. */
  readonly seq: Scalars['Int']['output'];
  /** Where it happened. */
  readonly surface?: Maybe<Scalars['String']['output']>;
  /** The user or seller that is followed. */
  readonly target?: Maybe<Scalars['ID']['output']>;
  /** What was done, e.g. `view`. */
  readonly type: Scalars['String']['output'];
  /** `dwell`: seconds; `rate`, `rate_recommendation`: the rating; custom types: their amount. */
  readonly value?: Maybe<Scalars['Float']['output']>;
  /** What it says about taste: from −1 (dislike) over 0 (nothing) to 1 (strongest liking). */
  readonly weight: Scalars['Float']['output'];
};

/** A metric of this process. */
export type Metric = {
  readonly __typename?: 'Metric';
  /** What it counts. */
  readonly help: Scalars['String']['output'];
  /** Its name, as on `/metrics`. */
  readonly name: Scalars['String']['output'];
  /** Its values by labels. */
  readonly samples: ReadonlyArray<MetricSample>;
  /** `counter`, `gauge`, `histogram` or `summary`. */
  readonly type: Scalars['String']['output'];
};

/** A label of a metric value. */
export type MetricLabel = {
  readonly __typename?: 'MetricLabel';
  /** Name of the label. */
  readonly name: Scalars['String']['output'];
  /** Its value. */
  readonly value: Scalars['String']['output'];
};

/** One value of a metric. */
export type MetricSample = {
  readonly __typename?: 'MetricSample';
  /** What it is the value of. */
  readonly labels: ReadonlyArray<MetricLabel>;
  /** Full name: histograms add `_bucket`, `_sum`, `_count`. */
  readonly name: Scalars['String']['output'];
  /** The value; null: not a finite number. */
  readonly value?: Maybe<Scalars['Float']['output']>;
};

/** A recommender and what of it serves. */
export type Model = {
  readonly __typename?: 'Model';
  /** How its last training run ended; null: none has. */
  readonly lastRun?: Maybe<TrainingRun>;
  /** The version that serves; null: none was trained yet. */
  readonly live?: Maybe<ModelVersion>;
  /** Its name. */
  readonly name: ModelName;
  /** Whether a rollback holds the live version, so that scheduled runs do not take its place. */
  readonly pinned: Scalars['Boolean']['output'];
};

export { ModelBackend };

/** How a new version compared with the live one: both predict the newest behaviours, which neither has learnt. */
export type ModelCheck = {
  readonly __typename?: 'ModelCheck';
  /** The live version that it was compared with. */
  readonly against?: Maybe<Scalars['String']['output']>;
  /** Behaviours that were predicted. */
  readonly cases: Scalars['Int']['output'];
  /** What was decided. */
  readonly decision: CheckDecision;
  /** `ndcgNew` − `ndcgLive`. */
  readonly difference?: Maybe<Scalars['Float']['output']>;
  /** Upper end of that interval: below 0, the new version is worse with confidence. */
  readonly high?: Maybe<Scalars['Float']['output']>;
  /** Lower end of the 95 % interval of the difference: paired bootstrap over users. */
  readonly low?: Maybe<Scalars['Float']['output']>;
  /** Mean NDCG@10 of the live version. */
  readonly ndcgLive?: Maybe<Scalars['Float']['output']>;
  /** Mean NDCG@10 of the new version. */
  readonly ndcgNew?: Maybe<Scalars['Float']['output']>;
  /** Why, in words. */
  readonly reason: Scalars['String']['output'];
};

/** What one model cost a list. */
export type ModelCost = {
  readonly __typename?: 'ModelCost';
  /** CPU time that it took to score, and to say why, in microseconds. */
  readonly cpuMicros: Scalars['Int']['output'];
  /** The model. */
  readonly model: ModelName;
};

export { ModelName };

/** A trained version of a model. */
export type ModelVersion = {
  readonly __typename?: 'ModelVersion';
  /** What it was fitted with. */
  readonly backend?: Maybe<ModelBackend>;
  /** How it compared with the version that was live before it; null: it is of a version of Beckon that did not compare. */
  readonly check?: Maybe<ModelCheck>;
  /** CPU time of that process over all its threads, in seconds. */
  readonly cpuSeconds?: Maybe<Scalars['Float']['output']>;
  /** Behaviours that it learned from. */
  readonly events?: Maybe<Scalars['Int']['output']>;
  /** How long the training took, in seconds. */
  readonly fitSeconds?: Maybe<Scalars['Float']['output']>;
  /** Of the hybrid: which models its blend holds, and why; null for others. */
  readonly gate?: Maybe<ReadonlyArray<GateDecision>>;
  /** Items that it knows. */
  readonly items?: Maybe<Scalars['Int']['output']>;
  /** Layout of the snapshot: a worker that reads another one refuses it by name and has the model trained again. */
  readonly layout?: Maybe<Scalars['Int']['output']>;
  /** Time of the newest behaviour that it learned from. */
  readonly learntThrough?: Maybe<Scalars['DateTime']['output']>;
  /** Whether it serves now. */
  readonly live: Scalars['Boolean']['output'];
  /** The model. */
  readonly model: ModelName;
  /** Digest of the options that it was fitted with. */
  readonly optionsDigest?: Maybe<Scalars['String']['output']>;
  /** Largest resident memory of the process that trained it, in bytes. */
  readonly peakMemoryBytes?: Maybe<Scalars['Float']['output']>;
  /** Of the policy: why it went live; null for others. */
  readonly policyGate?: Maybe<PolicyGate>;
  /** Of the hybrid: what else its blend was tried with, and why it has it or not; null for others. */
  readonly refinements?: Maybe<ReadonlyArray<BlendRefinement>>;
  /** Size of the stored snapshot, in bytes. */
  readonly sizeBytes?: Maybe<Scalars['Int']['output']>;
  /** When it was trained. */
  readonly trainedAt: Scalars['DateTime']['output'];
  /** Of the traits: how well each value is told; null for others. */
  readonly traits?: Maybe<ReadonlyArray<TraitReport>>;
  /** Its name, as `rollbackModel` takes it. */
  readonly version: Scalars['String']['output'];
};

/** An item that changed its place. */
export type MovedItem = {
  readonly __typename?: 'MovedItem';
  /** Rank before, from 1. */
  readonly from: Scalars['Int']['output'];
  /** The item. */
  readonly itemId: Scalars['ID']['output'];
  /** Rank now, from 1. */
  readonly to: Scalars['Int']['output'];
};

/** What can be changed. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Deletes what was inferred; a later training may infer it again. */
  readonly deleteTrait: ProfilePayload;
  /**
   * Erases a user, and the anonymous users who were merged into them. Profile, lists and log are gone at once; a worker goes on with everything
   * else, and the receipt says how far. What is recorded while it does is erased too; watches of the user's lists end. Cannot be undone.
   */
  readonly eraseProfile: EraseProfilePayload;
  /** Hides items now, and takes them off every list that is being watched. Needs the scope `catalogue:write`. */
  readonly hideItems: ItemsPayload;
  /**
   * Takes over what the person did before signing in: of each of the newest 200 behaviours the type, item, time and weight; follows, muted
   * topics and declared interests; attributes and the locale where the user has none. Idempotent. Afterwards the anonymous profile is empty.
   * Knowing the anonymous id is the proof that it is one's own: it must start with `anon-` and should be unguessable.
   * With the scopes `record:any` and `read:any` any id can be merged.
   */
  readonly mergeProfile: ProfilePayload;
  /** Keeps a topic off the user's lists. */
  readonly muteTopic: ProfilePayload;
  /**
   * Changes some fields of existing items; 1 to 1,000 at a time. Fields left out stay; `null` clears an optional field.
   * Needs the scope `catalogue:write`.
   */
  readonly patchItems: ItemsPayload;
  /**
   * Says what the user thinks of a list, or of one item on it. It is kept in the log beside what the list led to, as a behaviour of type
   * `rate_recommendation`; it says nothing about the item itself, and changes no profile.
   */
  readonly rateRecommendation: RateRecommendationPayload;
  /**
   * Records what people did, 1 to 1,000 behaviours at a time. Returns when they are in the durable log, not before.
   *
   * Idempotent by (`userId`, `id`): sending a behaviour again is safe and answers with the seq that it got the first time.
   * A bad behaviour is rejected by its index; the others are kept. Times may be late or out of order.
   * Recording for somebody else needs the scope `record:any`.
   *
   * Errors: `OVERLOADED` (too much work is waiting) and `UNAVAILABLE` (the store is away) are retryable after `retryAfterMs`:
   * nothing is lost if the same behaviours are sent again with the same ids.
   */
  readonly recordBehaviours: RecordBehavioursPayload;
  /** “That is not me”: deletes what was inferred, and it is never inferred again until `resetTrait`. */
  readonly rejectTrait: ProfilePayload;
  /**
   * Forgets what was learned of the user: behaviours, history, learned interests, counters and refused items. The user stays the same one, switches of
   * personalisation and tokens hold, and what is recorded again under an id that was seen is still known as a repeat. The log keeps its entries: to have
   * those deleted as well, `eraseProfile`.
   */
  readonly resetProfile: ProfilePayload;
  /** Takes `rejectTrait` back. */
  readonly resetTrait: ProfilePayload;
  /**
   * Makes tokens of this tenant worthless: those of a user that were issued before a time, or a single one by its `jti`. Open connections with
   * such a token are closed on every gateway with 4403 within moments, and no gateway takes one from then on. Give exactly one of `userId` and
   * `jti`. Needs the scope `operate`.
   */
  readonly revokeTokens: RevokeTokensPayload;
  /** Makes an older version of a model serve again, on every worker, without a restart. Needs the scope `operate`. */
  readonly rollbackModel: RollbackModelPayload;
  /**
   * Grants or withdraws a purpose: an entry is added to the user's ledger, none is ever changed. Watched lists follow at once.
   *
   * - `personalisation`: lists are made from history, interests and attributes.
   * - `training`: models and counts learn from what the user does. Withdrawn, nothing that is recorded from then on is learnt from, and what was recorded
   *   before is left out of every later training run.
   * - `experiments`: the user's lists explore, and their words are chosen by a bandit.
   * - `traits`, always to be granted: what the user declared is learnt from, and traits are inferred of the user; `trait:` and an attribute, e.g. `trait:gender`:
   *   the same of a sensitive one, besides. Withdrawing either deletes what was inferred by it.
   */
  readonly setConsent: SetConsentPayload;
  /**
   * Corrects what was learned of an interest: sets its strength, short- and long-term, as of now. Locked, it stays so: it does not fade, and no
   * behaviour changes it.
   */
  readonly setInterest: ProfilePayload;
  /**
   * Switches personalisation of a surface off or on. Off: lists of this surface are made without reading anything of the profile. Whoever switches it
   * off is shown the same list as everybody else who did, what is popular and then what is new; screens that watch go over to it at once. Behaviour is
   * still recorded.
   */
  readonly setPersonalisation: PersonalisationPayload;
  /** Lets hidden items be shown again. Needs the scope `catalogue:write`. */
  readonly showItems: ItemsPayload;
  /** Asks for a training run. Returns at once; the new version serves when it is ready, unless it is worse than the live one. Needs the scope `operate`. */
  readonly trainModels: TrainModelsPayload;
  /** Lets an item that the user did not want be shown again. Records a behaviour of type `undo_not_interested`. */
  readonly undoNotInterested: UndoNotInterestedPayload;
  /** Lets a locked interest fade and be learned again, from the strength that it has. */
  readonly unlockInterest: ProfilePayload;
  /** Lets a muted topic be shown again. */
  readonly unmuteTopic: ProfilePayload;
  /** Changes what a user may change by hand. Fields left out stay; lists replace the old ones. Watched lists follow at once. */
  readonly updateProfile: ProfilePayload;
  /**
   * Adds items, or replaces those with the same id; 1 to 1,000 at a time. A bad item is rejected by its index; the others are kept.
   * Needs the scope `catalogue:write`.
   */
  readonly upsertItems: ItemsPayload;
};


/** What can be changed. */
export type MutationDeleteTraitArgs = {
  attribute: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationEraseProfileArgs = {
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationHideItemsArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationMergeProfileArgs = {
  anonymousId: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationMuteTopicArgs = {
  topic: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationPatchItemsArgs = {
  patches: ReadonlyArray<ItemPatchInput>;
};


/** What can be changed. */
export type MutationRateRecommendationArgs = {
  input: RateRecommendationInput;
};


/** What can be changed. */
export type MutationRecordBehavioursArgs = {
  behaviours: ReadonlyArray<BehaviourInput>;
};


/** What can be changed. */
export type MutationRejectTraitArgs = {
  attribute: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationResetProfileArgs = {
  keepEdits?: Scalars['Boolean']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationResetTraitArgs = {
  attribute: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationRevokeTokensArgs = {
  before?: InputMaybe<Scalars['DateTime']['input']>;
  jti?: InputMaybe<Scalars['ID']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationRollbackModelArgs = {
  hold?: Scalars['Boolean']['input'];
  model: ModelName;
  version: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationSetConsentArgs = {
  input: SetConsentInput;
};


/** What can be changed. */
export type MutationSetInterestArgs = {
  input: SetInterestInput;
};


/** What can be changed. */
export type MutationSetPersonalisationArgs = {
  enabled: Scalars['Boolean']['input'];
  surface?: InputMaybe<Scalars['String']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationShowItemsArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationTrainModelsArgs = {
  models?: InputMaybe<ReadonlyArray<ModelName>>;
};


/** What can be changed. */
export type MutationUndoNotInterestedArgs = {
  itemId: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationUnlockInterestArgs = {
  topic: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationUnmuteTopicArgs = {
  topic: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be changed. */
export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


/** What can be changed. */
export type MutationUpsertItemsArgs = {
  items: ReadonlyArray<ItemInput>;
};

/** Where a page of a connection ends, and how to ask for the next one. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Cursor of the last node of this page; null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether `after: endCursor` would return more. */
  readonly hasNextPage: Scalars['Boolean']['output'];
};

/** How surfaces are personalised after a switch. */
export type PersonalisationPayload = {
  readonly __typename?: 'PersonalisationPayload';
  /** Every surface. */
  readonly surfaces: ReadonlyArray<SurfacePersonalisation>;
};

/**
 * Whether a policy may go live: what it would have earned at the places that were logged, in discounted reward a place, under the same exploration, on users from
 * whom it did not learn.
 */
export type PolicyGate = {
  readonly __typename?: 'PolicyGate';
  /** Places that were logged with a propensity. */
  readonly cases: Scalars['Int']['output'];
  /** How many equally weighted places would say as much. */
  readonly effectiveSampleSize: Scalars['Float']['output'];
  /** What the policy would have earned: doubly robust. */
  readonly estimate: Scalars['Float']['output'];
  /** `estimate` − `logged`. */
  readonly gain: Scalars['Float']['output'];
  /** Upper end of that interval. */
  readonly gainHigh: Scalars['Float']['output'];
  /** Lower end of the 95 % interval of the gain: above 0, the policy goes live. */
  readonly gainLow: Scalars['Float']['output'];
  /** Upper end of that interval. */
  readonly high: Scalars['Float']['output'];
  /** The estimate by inverse propensity weighting. */
  readonly ips: Scalars['Float']['output'];
  /** The weight of the place that counts most. */
  readonly largestWeight: Scalars['Float']['output'];
  /** What the logged places earned. */
  readonly logged: Scalars['Float']['output'];
  /** Lower end of the 95 % interval of the estimate: bootstrap over users. */
  readonly low: Scalars['Float']['output'];
  /** Decided by configuration (`gate`), whatever the figures. */
  readonly overridden: Scalars['Boolean']['output'];
  /** Whether it went live. */
  readonly passed: Scalars['Boolean']['output'];
  /** Why, in words. */
  readonly reason: Scalars['String']['output'];
  /** The same, self-normalised. */
  readonly snips: Scalars['Float']['output'];
};

export { PopularityWindow };

/** Place of a list among the lists of one user and surface. */
export type Position = {
  readonly __typename?: 'Position';
  /** Changes when the store was lost; revisions then start again, and positions of other epochs cannot be compared. */
  readonly epoch: Scalars['String']['output'];
  /** Rises by one with every new list. */
  readonly revision: Scalars['Int']['output'];
};

/** A position that was received before. */
export type PositionInput = {
  /** As received. */
  readonly epoch: Scalars['String']['input'];
  /** As received. */
  readonly revision: Scalars['Int']['input'];
};

/** Everything live that is known of a user. */
export type Profile = {
  readonly __typename?: 'Profile';
  /** Basic facts, such as an age group. */
  readonly attributes: ReadonlyArray<ProfileAttribute>;
  /** How often each type of behaviour was seen since the beginning. */
  readonly counters: ReadonlyArray<BehaviourCount>;
  /** Topics that the user declared. */
  readonly declaredInterests: ReadonlyArray<Topic>;
  /** Users and sellers that this user follows. */
  readonly follows: ReadonlyArray<Scalars['ID']['output']>;
  /** Items of positive behaviours, newest first. */
  readonly history: ReadonlyArray<HistoryEntry>;
  /** What the user likes, as learned from behaviour and fading with time. Strongest first. */
  readonly interests: ProfileInterests;
  /** Language of the content, BCP 47. */
  readonly locale?: Maybe<Scalars['String']['output']>;
  /** Topics that are never shown. */
  readonly mutedTopics: ReadonlyArray<Topic>;
  /** Items that are never shown. */
  readonly notInterested: ReadonlyArray<HistoryEntry>;
  /** The newest behaviours, newest first, 1 to 50. */
  readonly recent: ReadonlyArray<RecentBehaviour>;
  /** Attributes that are never inferred of the user, who said that it is not them. */
  readonly rejectedTraits: ReadonlyArray<Scalars['String']['output']>;
  /** Number of the newest behaviour or edit that is in here. */
  readonly seq: Scalars['Int']['output'];
  /** What the user granted of the purposes of learning: `traits`, and `trait:` and a sensitive attribute; see `consents`. */
  readonly traitConsents: ReadonlyArray<Scalars['String']['output']>;
  /** What was inferred of the user from behaviour, of what the user consented to. Empty without consent. */
  readonly traits: ReadonlyArray<Trait>;
  /** The user. */
  readonly userId: Scalars['ID']['output'];
};


/** Everything live that is known of a user. */
export type ProfileHistoryArgs = {
  first?: Scalars['Int']['input'];
};


/** Everything live that is known of a user. */
export type ProfileRecentArgs = {
  first?: Scalars['Int']['input'];
};

/** A basic fact about a user. */
export type ProfileAttribute = {
  readonly __typename?: 'ProfileAttribute';
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** Its value. */
  readonly value: Scalars['String']['output'];
};

/** A basic fact about a user. */
export type ProfileAttributeInput = {
  /** Its name, at most 100 characters. */
  readonly name: Scalars['String']['input'];
  /** Its value, at most 500 characters. */
  readonly value: Scalars['String']['input'];
};

/** Everything that is held of a user. */
export type ProfileExport = {
  readonly __typename?: 'ProfileExport';
  /** How much of the archive is in `behaviours`. */
  readonly archive: ArchiveReach;
  /** Every behaviour in the archive and the log, oldest first. */
  readonly behaviours: ReadonlyArray<LoggedBehaviour>;
  /** Everything that the user has granted and withdrawn, oldest first. */
  readonly consents: ReadonlyArray<ConsentEntry>;
  /** The profile. */
  readonly profile: Profile;
};

/** Learned interests, short- and long-term apart. */
export type ProfileInterests = {
  readonly __typename?: 'ProfileInterests';
  /** Lasting: fades slowly. */
  readonly long: ReadonlyArray<Interest>;
  /** Of the moment: fades fast. */
  readonly short: ReadonlyArray<Interest>;
};

/** A profile after a change. */
export type ProfilePayload = {
  readonly __typename?: 'ProfilePayload';
  /** The profile now. Its `seq` has moved on: lists from before are stale. */
  readonly profile: Profile;
};

/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type Query = {
  readonly __typename?: 'Query';
  /** What operators have done, and what was done to other users by right of a scope: newest first. Needs the scope `operate`. */
  readonly auditLog: ReadonlyArray<AuditEntry>;
  /** Where a user stands with each purpose: `personalisation`, `training`, `experiments`, `traits`, and those of single sensitive attributes. */
  readonly consents: ReadonlyArray<Consent>;
  /** The receipt of an erasure. Whoever knows its id may read it; null: there is none, or it is past its retention. */
  readonly erasureReceipt?: Maybe<ErasureReceipt>;
  /** The erasures of this tenant, newest first. Needs the scope `operate`. */
  readonly erasures: ReadonlyArray<ErasureReceipt>;
  /** Whether everything works. Needs the scope `operate`. */
  readonly health: Health;
  /** One item; null if there is none. Hidden items are seen with the scope `catalogue:write` only. */
  readonly item?: Maybe<Item>;
  /** Items by id, or all items page by page in the order of their ids. Hidden items are seen with the scope `catalogue:write` only. */
  readonly items: ItemConnection;
  /** The metrics of this gateway process, as on `/metrics`. Needs the scope `operate`. */
  readonly metrics: ReadonlyArray<Metric>;
  /** The versions of a model that were trained and are kept, newest first. Needs the scope `operate`. */
  readonly modelVersions: ReadonlyArray<ModelVersion>;
  /** Every model and what of it serves. Needs the scope `operate`. */
  readonly models: ReadonlyArray<Model>;
  /** On which surfaces the user's behaviour decides what is shown, and where that may be switched off. Reads nothing of the profile. */
  readonly personalisation: ReadonlyArray<SurfacePersonalisation>;
  /** What is popular now: recent behaviours count more than old ones. Most popular first. */
  readonly popularItems: ReadonlyArray<RankedItem>;
  /** What is known of a user. A user who was never seen has an empty profile with seq 0. */
  readonly profile: Profile;
  /** Everything that is held of a user, for the user, in one document: the profile, every behaviour in archive and log, the consent ledger. */
  readonly profileExport: ProfileExport;
  /**
   * The user's list now. Computed when it is missing or behind; if that takes too long, the list that there is, marked `stale`.
   *
   * Error `NOT_YET_APPLIED` (retryable): the list did not reach `minSeq` in time.
   */
  readonly recommendations: RecommendationList;
  /** Items that go with an item, whoever asks: best first. */
  readonly relatedItems: ReadonlyArray<RankedItem>;
  /**
   * Why an item is on the user's list, or is not: by making that list now. `counterfactuals` say where the item would be if the user had not done what
   * speaks for it, by making the list again without that. Costs what four lists cost: 1,000 fields of a document, four operations of a quota.
   *
   * Error `UNAVAILABLE` (retryable): no worker answered in time.
   */
  readonly why: Explanation;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryAuditLogArgs = {
  first?: Scalars['Int']['input'];
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryConsentsArgs = {
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryErasureReceiptArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryErasuresArgs = {
  first?: Scalars['Int']['input'];
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryItemArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryItemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  category?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryMetricsArgs = {
  prefix?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryModelVersionsArgs = {
  first?: Scalars['Int']['input'];
  model: ModelName;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryPersonalisationArgs = {
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryPopularItemsArgs = {
  category?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  window?: PopularityWindow;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryProfileArgs = {
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryProfileExportArgs = {
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryRecommendationsArgs = {
  first?: Scalars['Int']['input'];
  minSeq?: InputMaybe<Scalars['Int']['input']>;
  surface?: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryRelatedItemsArgs = {
  first?: Scalars['Int']['input'];
  item: Scalars['ID']['input'];
};


/** What can be asked for. Every list is bounded: `first` is between 1 and 50. */
export type QueryWhyArgs = {
  item: Scalars['ID']['input'];
  surface?: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** An item with its place in an impersonal list. */
export type RankedItem = {
  readonly __typename?: 'RankedItem';
  /** The item; null only if it was hidden a moment ago: what may not be seen is left out. */
  readonly item?: Maybe<Item>;
  /** Id of the item. */
  readonly itemId: Scalars['ID']['output'];
  /** Its place, from 1. */
  readonly rank: Scalars['Int']['output'];
  /** Higher is better; comparable within one list only. */
  readonly score: Scalars['Float']['output'];
  /** What share of the score came from which model; adds up to 1. */
  readonly sources: ReadonlyArray<SourceShare>;
};

/** What a user thinks of a list. */
export type RateRecommendationInput = {
  /** Idempotency key: send a rating again with the same one and it is kept once. */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  /** The item that it is about; default: the whole list. */
  readonly itemId?: InputMaybe<Scalars['ID']['input']>;
  /** From 1, bad, to 5, good. */
  readonly rating: Scalars['Int']['input'];
  /** `recommendationId` of the list. */
  readonly recommendationId: Scalars['ID']['input'];
  /** Where it was shown. */
  readonly surface?: InputMaybe<Scalars['String']['input']>;
  /** Who thinks so; default: the caller. Somebody else needs the scope `record:any`. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A rating that is in the log. */
export type RateRecommendationPayload = {
  readonly __typename?: 'RateRecommendationPayload';
  /** Its number in the user's log. */
  readonly seq: Scalars['Int']['output'];
};

/** How far an erasure has come with one place. */
export type ReachedPlace = {
  readonly __typename?: 'ReachedPlace';
  /** When nothing was found there any more; null: not yet. */
  readonly doneAt?: Maybe<Scalars['DateTime']['output']>;
  /** The place. */
  readonly place: ErasurePlace;
  /** Keys, entries, jobs or versions that were taken away there. What is gone at once, before a worker looks, is not counted. */
  readonly removed: Scalars['Int']['output'];
};

/** Why an item is on a list. */
export type Reason = {
  readonly __typename?: 'Reason';
  /** The kind of reason. */
  readonly code: ReasonCode;
  /** BECAUSE_YOU: the behaviours of this user that speak for it, strongest first. */
  readonly evidence: ReadonlyArray<Evidence>;
  /** INTEREST, POPULAR_IN_CATEGORY: which topic. */
  readonly topic?: Maybe<Topic>;
};

export { ReasonCode };

/** One of the newest behaviours of a user. */
export type RecentBehaviour = {
  readonly __typename?: 'RecentBehaviour';
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** Its idempotency key. */
  readonly id: Scalars['ID']['output'];
  /** That item, if there is one and it may be seen. */
  readonly item?: Maybe<Item>;
  /** What it was done to; null for search and follow. */
  readonly itemId?: Maybe<Scalars['ID']['output']>;
  /** Its number in the user's log. */
  readonly seq: Scalars['Int']['output'];
  /** What was done. */
  readonly type: Scalars['String']['output'];
  /** What it says about taste, −1 to 1. */
  readonly weight: Scalars['Float']['output'];
};

/** One item of a list, with why and what to show. */
export type Recommendation = {
  readonly __typename?: 'Recommendation';
  /** What to show. */
  readonly content: Content;
  /** What the reader has a right to know about it. */
  readonly flags: ReadonlyArray<RecommendationFlag>;
  /** The item; null if it may not be seen, or if this gateway has not heard of it yet. */
  readonly item?: Maybe<Item>;
  /** Id of the item. */
  readonly itemId: Scalars['ID']['output'];
  /** The chance, above 0 and below 1, with which it got its place, given the places before; null: no chance was involved. Places are drawn where the surface explores. */
  readonly propensity?: Maybe<Scalars['Float']['output']>;
  /** Its place, from 1. */
  readonly rank: Scalars['Int']['output'];
  /** Why it is here. */
  readonly reason: Reason;
  /** How good the blend thinks it is; comparable within one list only. */
  readonly score: Scalars['Float']['output'];
  /** What share of the score came from which model; adds up to 1. Largest first. */
  readonly sources: ReadonlyArray<SourceShare>;
};

export { RecommendationFlag };

/** A personal list, best first. */
export type RecommendationList = {
  readonly __typename?: 'RecommendationList';
  /** Every behaviour of the user up to this `seq` is in the list. */
  readonly appliedThrough: Scalars['Int']['output'];
  /** When it was computed. */
  readonly computedAt: Scalars['DateTime']['output'];
  /** What its models cost, and which were left out to save time; null: its surface does not measure. */
  readonly cost?: Maybe<ListCost>;
  /** Which level of the fallback chain answered. */
  readonly fallback: FallbackLevel;
  /** Best first. */
  readonly items: ReadonlyArray<Recommendation>;
  /** Whether anything of the user's profile was used. False where the user has switched that off, or the surface profiles nobody. */
  readonly personalised: Scalars['Boolean']['output'];
  /** Its place among the lists of this user and surface. */
  readonly position: Position;
  /** Send it back with the behaviours that this list leads to. */
  readonly recommendationId: Scalars['ID']['output'];
  /** Whether newer behaviours or models exist that are not in it. Always false on pushed lists: the next one follows by itself. */
  readonly stale: Scalars['Boolean']['output'];
  /** Where it is shown. */
  readonly surface: Scalars['String']['output'];
  /** Whose list it is; `not profiled`: everybody's who is not profiled on this surface. */
  readonly userId: Scalars['ID']['output'];
};

/** A new list, and how it differs from the one that this subscription was sent before. */
export type RecommendationUpdate = {
  readonly __typename?: 'RecommendationUpdate';
  /** Every behaviour of the user up to this `seq` is in the list. */
  readonly appliedThrough: Scalars['Int']['output'];
  /** What made it new. */
  readonly cause: ListCause;
  /** The difference to the list sent before on this subscription; null on its first event. */
  readonly change?: Maybe<ListChange>;
  /**
   * How to make the new list out of the one that this subscription was sent before; null when there is none to start from, or when a
   * delta would say as much as the list: then `full` has it.
   */
  readonly delta?: Maybe<ListDelta>;
  /** The whole new list where `delta` is null; null where it is not. */
  readonly full?: Maybe<RecommendationList>;
  /** The whole new list, on every event. To be sent only what is new, select `delta` and `full` in its place. */
  readonly list: RecommendationList;
  /** Its place among the lists of this user and surface. Keep it, to resume with `after`. */
  readonly position: Position;
  /** How long each stage took, from the request to the socket. */
  readonly timings: StageTimings;
};

/** What became of a batch: every index is either in `recorded` or in `rejections`. */
export type RecordBehavioursPayload = {
  readonly __typename?: 'RecordBehavioursPayload';
  /** The behaviours that are in the log, by index. */
  readonly recorded: ReadonlyArray<RecordedBehaviour>;
  /** The behaviours that are not, by index, and why. */
  readonly rejections: ReadonlyArray<BehaviourRejection>;
  /** Each user's sequence number after the batch. Pass it to `recommendations(minSeq:)` to read your own writes. */
  readonly users: ReadonlyArray<UserSequence>;
};

export { RecordStatus };

/** A behaviour that is in the log. */
export type RecordedBehaviour = {
  readonly __typename?: 'RecordedBehaviour';
  /** Its idempotency key: as sent, or as the server made it up. */
  readonly id: Scalars['ID']['output'];
  /** Its place in the request, from 0. */
  readonly index: Scalars['Int']['output'];
  /** Its number in the user's log. DUPLICATE: that of the first acceptance; REPEAT: the user's newest. */
  readonly seq: Scalars['Int']['output'];
  /** How it was taken. */
  readonly status: RecordStatus;
  /** Who did it. */
  readonly userId: Scalars['ID']['output'];
};

/** Tokens were revoked. */
export type RevokeTokensPayload = {
  readonly __typename?: 'RevokeTokensPayload';
  /** Tokens of the user that were issued before this time are worthless; null: it was one token. */
  readonly before?: Maybe<Scalars['DateTime']['output']>;
  /** When this is forgotten. */
  readonly until: Scalars['DateTime']['output'];
};

/** An older version serves again. */
export type RollbackModelPayload = {
  readonly __typename?: 'RollbackModelPayload';
  /** The model with the version that serves now. */
  readonly model: Model;
};

/** What is granted or withdrawn. */
export type SetConsentInput = {
  /** Whether the user grants it. */
  readonly granted: Scalars['Boolean']['input'];
  /** Which, e.g. `training`. */
  readonly purpose: Scalars['ID']['input'];
  /** Where it was said, e.g. `settings-page`; at most 100 characters. */
  readonly source: Scalars['String']['input'];
  /** Which text the user was shown; at most 100 characters. */
  readonly textVersion?: InputMaybe<Scalars['String']['input']>;
  /** Whose; default: the caller's. Somebody else's needs the scopes `record:any` and `read:any`. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A purpose after a change. */
export type SetConsentPayload = {
  readonly __typename?: 'SetConsentPayload';
  /** Where the user stands with it now. */
  readonly consent: Consent;
};

/** What an interest is to be. */
export type SetInterestInput = {
  /** Whether it is to stay as it is; at most 100 interests are locked at a time. */
  readonly locked?: Scalars['Boolean']['input'];
  /** Id of the topic, e.g. `c:garden`. */
  readonly topic: Scalars['ID']['input'];
  /** Whose; default: the caller's. Somebody else's needs the scopes `record:any` and `read:any`. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
  /** Its strength, −100 to 100; as `profile { interests }` shows it. */
  readonly value: Scalars['Float']['input'];
};

/** Part of a score that came from one model. */
export type SourceShare = {
  readonly __typename?: 'SourceShare';
  /** The model. */
  readonly model: ModelName;
  /** Its share, 0 to 1. */
  readonly share: Scalars['Float']['output'];
};

/** How long each stage of an update took, in milliseconds. Null: no behaviour caused it. */
export type StageTimings = {
  readonly __typename?: 'StageTimings';
  /** Gateway received the behaviour → it was in the log. */
  readonly ingest?: Maybe<Scalars['Float']['output']>;
  /** It reached this gateway → it was handed to the socket. */
  readonly push: Scalars['Float']['output'];
  /** In the log → a worker began. Null as well for a list that no behaviour caused. */
  readonly queue?: Maybe<Scalars['Float']['output']>;
  /** List ready → it was stored and had reached this gateway. On a subscription's first event this includes the list's age. */
  readonly replace: Scalars['Float']['output'];
  /** A worker began → the explained list was ready. */
  readonly score: Scalars['Float']['output'];
};

/** What can be watched, over WebSocket (`graphql-transport-ws`) or server-sent events (`graphql-sse`). */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The user's list, live. The first event is the current list; then one event for each change. A client that cannot keep up
   * gets the newest list, never a queue of old ones, and never an older list after a newer one.
   *
   * To resume after a broken connection, pass the last `position` as `after`: if nothing has changed, nothing is sent until something does.
   */
  readonly recommendations: RecommendationUpdate;
};


/** What can be watched, over WebSocket (`graphql-transport-ws`) or server-sent events (`graphql-sse`). */
export type SubscriptionRecommendationsArgs = {
  after?: InputMaybe<PositionInput>;
  first?: Scalars['Int']['input'];
  surface?: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** Whether a surface is personal to a user. */
export type SurfacePersonalisation = {
  readonly __typename?: 'SurfacePersonalisation';
  /** Whether the user's profile is used there. */
  readonly enabled: Scalars['Boolean']['output'];
  /** Which surface. */
  readonly surface: Scalars['String']['output'];
  /** Whether the user may switch it. */
  readonly switchable: Scalars['Boolean']['output'];
};

/** A category or a tag. */
export type Topic = {
  readonly __typename?: 'Topic';
  /** `c:` and the category, or `t:` and the tag: what `muteTopic` takes. */
  readonly id: Scalars['ID']['output'];
  /** What it is. */
  readonly kind: TopicKind;
  /** Name of the category or tag. */
  readonly name: Scalars['String']['output'];
};

export { TopicKind };

/** Training was asked for. */
export type TrainModelsPayload = {
  readonly __typename?: 'TrainModelsPayload';
  /** The jobs, one a model. */
  readonly jobs: ReadonlyArray<TrainingJob>;
};

/** A training run that waits or works. */
export type TrainingJob = {
  readonly __typename?: 'TrainingJob';
  /** Its id in the queue. */
  readonly id: Scalars['ID']['output'];
  /** What is trained. */
  readonly model: ModelName;
};

export { TrainingOutcome };

/** How a training run ended. */
export type TrainingRun = {
  readonly __typename?: 'TrainingRun';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** How the version compared with the live one. */
  readonly check?: Maybe<ModelCheck>;
  /** In words; null when all is well. */
  readonly message?: Maybe<Scalars['String']['output']>;
  /** How. */
  readonly outcome: TrainingOutcome;
  /** Of the policy: what its gate found; null for others, and where it did not come so far. */
  readonly policyGate?: Maybe<PolicyGate>;
  /** The version that it made, or would have made; null: it did not come so far. */
  readonly version?: Maybe<Scalars['String']['output']>;
};

/** Something inferred of a user from behaviour. */
export type Trait = {
  readonly __typename?: 'Trait';
  /** When it was inferred. */
  readonly at: Scalars['DateTime']['output'];
  /** Of what, e.g. `segment`. */
  readonly attribute: Scalars['String']['output'];
  /** What inferred it. */
  readonly model: TraitModel;
  /** Why: the questions of the tree with this user's answers, in English; empty where the model cannot say. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** How probable, 0 to 1: calibrated, so that of ten traits with 0.8 about eight are right. */
  readonly probability: Scalars['Float']['output'];
  /** Which value. */
  readonly value: Scalars['String']['output'];
};

export { TraitModel };

/** How well one model tells one value of an attribute, on users whom it has not seen. */
export type TraitReport = {
  readonly __typename?: 'TraitReport';
  /** The attribute. */
  readonly attribute: Scalars['String']['output'];
  /** Area under the curve. */
  readonly auc: Scalars['Float']['output'];
  /** Brier score of its probabilities: mean squared error. */
  readonly brier: Scalars['Float']['output'];
  /** Brier score of the frequency of the value, said of everybody. */
  readonly brierOfShare: Scalars['Float']['output'];
  /** How far probabilities are from what happened, in the mean over ten groups of users. */
  readonly calibrationError: Scalars['Float']['output'];
  /** `brierOfShare` − `brier`. */
  readonly gain: Scalars['Float']['output'];
  /** Upper end. */
  readonly high: Scalars['Float']['output'];
  /** Lower end of the 95 % interval of the gain; above 0, the value may be inferred. */
  readonly low: Scalars['Float']['output'];
  /** The model. */
  readonly model: TraitModel;
  /** Those of them with the value. */
  readonly positives: Scalars['Int']['output'];
  /** Whether it infers. */
  readonly used: Scalars['Boolean']['output'];
  /** Users that it was learned from. */
  readonly users: Scalars['Int']['output'];
  /** The value. */
  readonly value: Scalars['String']['output'];
};

/** The item may be shown again. */
export type UndoNotInterestedPayload = {
  readonly __typename?: 'UndoNotInterestedPayload';
  /** The item. */
  readonly itemId: Scalars['ID']['output'];
  /** The user's sequence number afterwards. */
  readonly seq: Scalars['Int']['output'];
};

/** What a user may change by hand. Fields left out stay. */
export type UpdateProfileInput = {
  /** Basic facts; at most 100. Replaces all of them. */
  readonly attributes?: InputMaybe<ReadonlyArray<ProfileAttributeInput>>;
  /** Ids of topics, e.g. `c:garden`; at most 100. */
  readonly declaredInterests?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Users and sellers to follow; at most 1,000. */
  readonly follows?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Language of the content, BCP 47, e.g. `de-AT`. */
  readonly locale?: InputMaybe<Scalars['String']['input']>;
  /** Ids of topics never to be shown; at most 100. */
  readonly mutedTopics?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Whose; default: the caller's. Somebody else's needs the scopes `record:any` and `read:any`. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** How far a user's log has come. */
export type UserSequence = {
  readonly __typename?: 'UserSequence';
  /** Number of the newest change of this user: from 1, one higher with each behaviour and with each edit of the profile. */
  readonly seq: Scalars['Int']['output'];
  /** The user. */
  readonly userId: Scalars['ID']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  ArchiveReach: ArchiveReach;
  AuditArgument: ResolverTypeWrapper<AuditArgument>;
  AuditEntry: ResolverTypeWrapper<AuditEntry>;
  BehaviourCount: ResolverTypeWrapper<BehaviourCount>;
  BehaviourInput: BehaviourInput;
  BehaviourRejection: ResolverTypeWrapper<BehaviourRejection>;
  BehaviourRejectionCode: BehaviourRejectionCode;
  BlendRefinement: ResolverTypeWrapper<BlendRefinementParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CauseBehaviour: ResolverTypeWrapper<CauseBehaviour>;
  CauseKind: CauseKind;
  CheckDecision: CheckDecision;
  Consent: ResolverTypeWrapper<Consent>;
  ConsentEntry: ResolverTypeWrapper<ConsentEntry>;
  Content: ResolverTypeWrapper<Content>;
  Counterfactual: ResolverTypeWrapper<CounterfactualParent>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DropCause: DropCause;
  EraseProfilePayload: ResolverTypeWrapper<EraseProfilePayload>;
  ErasedBy: ErasedBy;
  ErasurePlace: ErasurePlace;
  ErasureReceipt: ResolverTypeWrapper<ErasureReceipt>;
  Evidence: ResolverTypeWrapper<EvidenceParent>;
  Explanation: ResolverTypeWrapper<ExplanationParent>;
  FallbackLevel: ResolverTypeWrapper<FallbackLevel>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GateDecision: ResolverTypeWrapper<GateDecisionParent>;
  Health: ResolverTypeWrapper<Health>;
  HealthCheck: ResolverTypeWrapper<HealthCheck>;
  HealthStatus: HealthStatus;
  HistoryEntry: ResolverTypeWrapper<HistoryEntryParent>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Interest: ResolverTypeWrapper<Omit<Interest, 'topic'> & { topic: ResolversTypes['Topic'] }>;
  Item: ResolverTypeWrapper<ItemParent>;
  ItemConnection: ResolverTypeWrapper<Omit<ItemConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ItemEdge']>, nodes: ReadonlyArray<ResolversTypes['Item']> }>;
  ItemEdge: ResolverTypeWrapper<Omit<ItemEdge, 'node'> & { node: ResolversTypes['Item'] }>;
  ItemInput: ItemInput;
  ItemPatchInput: ItemPatchInput;
  ItemRejection: ResolverTypeWrapper<ItemRejection>;
  ItemRejectionCode: ItemRejectionCode;
  ItemVector: ResolverTypeWrapper<ItemVector>;
  ItemVectorInput: ItemVectorInput;
  ItemsPayload: ResolverTypeWrapper<Omit<ItemsPayload, 'items'> & { items: ReadonlyArray<ResolversTypes['Item']> }>;
  LeftOut: LeftOut;
  ListCause: ResolverTypeWrapper<ListCause>;
  ListChange: ResolverTypeWrapper<ListChange>;
  ListCost: ResolverTypeWrapper<ListCost>;
  ListDelta: ResolverTypeWrapper<ListDeltaParent>;
  LoggedBehaviour: ResolverTypeWrapper<LoggedBehaviourParent>;
  Metric: ResolverTypeWrapper<Metric>;
  MetricLabel: ResolverTypeWrapper<MetricLabel>;
  MetricSample: ResolverTypeWrapper<MetricSample>;
  Model: ResolverTypeWrapper<Omit<Model, 'live'> & { live?: Maybe<ResolversTypes['ModelVersion']> }>;
  ModelBackend: ModelBackend;
  ModelCheck: ResolverTypeWrapper<ModelCheck>;
  ModelCost: ResolverTypeWrapper<ModelCost>;
  ModelName: ModelName;
  ModelVersion: ResolverTypeWrapper<ModelVersionParent>;
  MovedItem: ResolverTypeWrapper<MovedItem>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PersonalisationPayload: ResolverTypeWrapper<PersonalisationPayload>;
  PolicyGate: ResolverTypeWrapper<PolicyGate>;
  PopularityWindow: PopularityWindow;
  Position: ResolverTypeWrapper<Position>;
  PositionInput: PositionInput;
  Profile: ResolverTypeWrapper<ProfileParent>;
  ProfileAttribute: ResolverTypeWrapper<ProfileAttribute>;
  ProfileAttributeInput: ProfileAttributeInput;
  ProfileExport: ResolverTypeWrapper<Omit<ProfileExport, 'behaviours' | 'profile'> & { behaviours: ReadonlyArray<ResolversTypes['LoggedBehaviour']>, profile: ResolversTypes['Profile'] }>;
  ProfileInterests: ResolverTypeWrapper<Omit<ProfileInterests, 'long' | 'short'> & { long: ReadonlyArray<ResolversTypes['Interest']>, short: ReadonlyArray<ResolversTypes['Interest']> }>;
  ProfilePayload: ResolverTypeWrapper<Omit<ProfilePayload, 'profile'> & { profile: ResolversTypes['Profile'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RankedItem: ResolverTypeWrapper<RankedItemParent>;
  RateRecommendationInput: RateRecommendationInput;
  RateRecommendationPayload: ResolverTypeWrapper<RateRecommendationPayload>;
  ReachedPlace: ResolverTypeWrapper<ReachedPlace>;
  Reason: ResolverTypeWrapper<Omit<Reason, 'evidence' | 'topic'> & { evidence: ReadonlyArray<ResolversTypes['Evidence']>, topic?: Maybe<ResolversTypes['Topic']> }>;
  ReasonCode: ReasonCode;
  RecentBehaviour: ResolverTypeWrapper<RecentBehaviourParent>;
  Recommendation: ResolverTypeWrapper<RankedRecommendation>;
  RecommendationFlag: RecommendationFlag;
  RecommendationList: ResolverTypeWrapper<ListView>;
  RecommendationUpdate: ResolverTypeWrapper<RecommendationUpdateParent>;
  RecordBehavioursPayload: ResolverTypeWrapper<RecordBehavioursPayload>;
  RecordStatus: RecordStatus;
  RecordedBehaviour: ResolverTypeWrapper<RecordedBehaviour>;
  RevokeTokensPayload: ResolverTypeWrapper<RevokeTokensPayload>;
  RollbackModelPayload: ResolverTypeWrapper<Omit<RollbackModelPayload, 'model'> & { model: ResolversTypes['Model'] }>;
  SetConsentInput: SetConsentInput;
  SetConsentPayload: ResolverTypeWrapper<SetConsentPayload>;
  SetInterestInput: SetInterestInput;
  SourceShare: ResolverTypeWrapper<SourceShare>;
  StageTimings: ResolverTypeWrapper<StageTimings>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SurfacePersonalisation: ResolverTypeWrapper<SurfacePersonalisation>;
  Topic: ResolverTypeWrapper<TopicId>;
  TopicKind: TopicKind;
  TrainModelsPayload: ResolverTypeWrapper<TrainModelsPayload>;
  TrainingJob: ResolverTypeWrapper<TrainingJob>;
  TrainingOutcome: TrainingOutcome;
  TrainingRun: ResolverTypeWrapper<TrainingRun>;
  Trait: ResolverTypeWrapper<Trait>;
  TraitModel: TraitModel;
  TraitReport: ResolverTypeWrapper<TraitReport>;
  UndoNotInterestedPayload: ResolverTypeWrapper<UndoNotInterestedPayload>;
  UpdateProfileInput: UpdateProfileInput;
  UserSequence: ResolverTypeWrapper<UserSequence>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AuditArgument: AuditArgument;
  AuditEntry: AuditEntry;
  BehaviourCount: BehaviourCount;
  BehaviourInput: BehaviourInput;
  BehaviourRejection: BehaviourRejection;
  BlendRefinement: BlendRefinementParent;
  Boolean: Scalars['Boolean']['output'];
  CauseBehaviour: CauseBehaviour;
  Consent: Consent;
  ConsentEntry: ConsentEntry;
  Content: Content;
  Counterfactual: CounterfactualParent;
  DateTime: Scalars['DateTime']['output'];
  EraseProfilePayload: EraseProfilePayload;
  ErasureReceipt: ErasureReceipt;
  Evidence: EvidenceParent;
  Explanation: ExplanationParent;
  FallbackLevel: FallbackLevel;
  Float: Scalars['Float']['output'];
  GateDecision: GateDecisionParent;
  Health: Health;
  HealthCheck: HealthCheck;
  HistoryEntry: HistoryEntryParent;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Interest: Omit<Interest, 'topic'> & { topic: ResolversParentTypes['Topic'] };
  Item: ItemParent;
  ItemConnection: Omit<ItemConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ItemEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Item']> };
  ItemEdge: Omit<ItemEdge, 'node'> & { node: ResolversParentTypes['Item'] };
  ItemInput: ItemInput;
  ItemPatchInput: ItemPatchInput;
  ItemRejection: ItemRejection;
  ItemVector: ItemVector;
  ItemVectorInput: ItemVectorInput;
  ItemsPayload: Omit<ItemsPayload, 'items'> & { items: ReadonlyArray<ResolversParentTypes['Item']> };
  ListCause: ListCause;
  ListChange: ListChange;
  ListCost: ListCost;
  ListDelta: ListDeltaParent;
  LoggedBehaviour: LoggedBehaviourParent;
  Metric: Metric;
  MetricLabel: MetricLabel;
  MetricSample: MetricSample;
  Model: Omit<Model, 'live'> & { live?: Maybe<ResolversParentTypes['ModelVersion']> };
  ModelCheck: ModelCheck;
  ModelCost: ModelCost;
  ModelVersion: ModelVersionParent;
  MovedItem: MovedItem;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  PersonalisationPayload: PersonalisationPayload;
  PolicyGate: PolicyGate;
  Position: Position;
  PositionInput: PositionInput;
  Profile: ProfileParent;
  ProfileAttribute: ProfileAttribute;
  ProfileAttributeInput: ProfileAttributeInput;
  ProfileExport: Omit<ProfileExport, 'behaviours' | 'profile'> & { behaviours: ReadonlyArray<ResolversParentTypes['LoggedBehaviour']>, profile: ResolversParentTypes['Profile'] };
  ProfileInterests: Omit<ProfileInterests, 'long' | 'short'> & { long: ReadonlyArray<ResolversParentTypes['Interest']>, short: ReadonlyArray<ResolversParentTypes['Interest']> };
  ProfilePayload: Omit<ProfilePayload, 'profile'> & { profile: ResolversParentTypes['Profile'] };
  Query: Record<PropertyKey, never>;
  RankedItem: RankedItemParent;
  RateRecommendationInput: RateRecommendationInput;
  RateRecommendationPayload: RateRecommendationPayload;
  ReachedPlace: ReachedPlace;
  Reason: Omit<Reason, 'evidence' | 'topic'> & { evidence: ReadonlyArray<ResolversParentTypes['Evidence']>, topic?: Maybe<ResolversParentTypes['Topic']> };
  RecentBehaviour: RecentBehaviourParent;
  Recommendation: RankedRecommendation;
  RecommendationList: ListView;
  RecommendationUpdate: RecommendationUpdateParent;
  RecordBehavioursPayload: RecordBehavioursPayload;
  RecordedBehaviour: RecordedBehaviour;
  RevokeTokensPayload: RevokeTokensPayload;
  RollbackModelPayload: Omit<RollbackModelPayload, 'model'> & { model: ResolversParentTypes['Model'] };
  SetConsentInput: SetConsentInput;
  SetConsentPayload: SetConsentPayload;
  SetInterestInput: SetInterestInput;
  SourceShare: SourceShare;
  StageTimings: StageTimings;
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  SurfacePersonalisation: SurfacePersonalisation;
  Topic: TopicId;
  TrainModelsPayload: TrainModelsPayload;
  TrainingJob: TrainingJob;
  TrainingRun: TrainingRun;
  Trait: Trait;
  TraitReport: TraitReport;
  UndoNotInterestedPayload: UndoNotInterestedPayload;
  UpdateProfileInput: UpdateProfileInput;
  UserSequence: UserSequence;
};

export type ArchiveReachResolvers = EnumResolverSignature<{ NONE?: any, READ?: any, UNREACHABLE?: any }, ResolversTypes['ArchiveReach']>;

export type AuditArgumentResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['AuditArgument'] = ResolversParentTypes['AuditArgument']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  arguments?: Resolver<ReadonlyArray<ResolversTypes['AuditArgument']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type BehaviourCountResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BehaviourCount'] = ResolversParentTypes['BehaviourCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type BehaviourRejectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BehaviourRejection'] = ResolversParentTypes['BehaviourRejection']> = {
  code?: Resolver<ResolversTypes['BehaviourRejectionCode'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type BehaviourRejectionCodeResolvers = EnumResolverSignature<{ INVALID_VALUE?: any, IN_THE_FUTURE?: any, MISSING_FIELD?: any, TOO_LATE?: any, UNAVAILABLE?: any, UNKNOWN_TYPE?: any }, ResolversTypes['BehaviourRejectionCode']>;

export type BlendRefinementResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BlendRefinement'] = ResolversParentTypes['BlendRefinement']> = {
  gain?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  joined?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  low?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  margin?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CauseBehaviourResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CauseBehaviour'] = ResolversParentTypes['CauseBehaviour']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  itemId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CauseKindResolvers = EnumResolverSignature<{ BEHAVIOURS?: any, MODELS?: any, PROFILE?: any, REQUEST?: any, RETRACTION?: any }, ResolversTypes['CauseKind']>;

export type CheckDecisionResolvers = EnumResolverSignature<{ ACCEPTED?: any, REJECTED?: any, UNCHECKED?: any }, ResolversTypes['CheckDecision']>;

export type ConsentResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Consent'] = ResolversParentTypes['Consent']> = {
  entry?: Resolver<Maybe<ResolversTypes['ConsentEntry']>, ParentType, ContextType>;
  permitted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  purpose?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  required?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ConsentEntryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ConsentEntry'] = ResolversParentTypes['ConsentEntry']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['ErasedBy'], ParentType, ContextType>;
  granted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  purpose?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  textVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ContentResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Content'] = ResolversParentTypes['Content']> = {
  callToAction?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CounterfactualResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Counterfactual'] = ResolversParentTypes['Counterfactual']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rank?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DropCauseResolvers = EnumResolverSignature<{ BUDGET?: any, QUEUE?: any }, ResolversTypes['DropCause']>;

export type EraseProfilePayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['EraseProfilePayload'] = ResolversParentTypes['EraseProfilePayload']> = {
  receipt?: Resolver<ResolversTypes['ErasureReceipt'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ErasedByResolvers = EnumResolverSignature<{ OPERATOR?: any, USER?: any }, ResolversTypes['ErasedBy']>;

export type ErasurePlaceResolvers = EnumResolverSignature<{ ARCHIVE?: any, AUDIT?: any, DISK?: any, LISTS?: any, LOG?: any, OTHERS?: any, PROFILE?: any, QUEUES?: any, REVOCATIONS?: any, SLOWLOG?: any, SNAPSHOTS?: any }, ResolversTypes['ErasurePlace']>;

export type ErasureReceiptResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ErasureReceipt'] = ResolversParentTypes['ErasureReceipt']> = {
  by?: Resolver<ResolversTypes['ErasedBy'], ParentType, ContextType>;
  completeAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ids?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reached?: Resolver<ReadonlyArray<ResolversTypes['ReachedPlace']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type EvidenceResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Evidence'] = ResolversParentTypes['Evidence']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ExplanationResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Explanation'] = ResolversParentTypes['Explanation']> = {
  counterfactuals?: Resolver<ReadonlyArray<ResolversTypes['Counterfactual']>, ParentType, ContextType>;
  fallback?: Resolver<ResolversTypes['FallbackLevel'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  leftOut?: Resolver<Maybe<ResolversTypes['LeftOut']>, ParentType, ContextType>;
  listSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  personalised?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  rank?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['Reason']>, ParentType, ContextType>;
  score?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceShare']>, ParentType, ContextType>;
};

export type FallbackLevelResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['FallbackLevel'] = ResolversParentTypes['FallbackLevel']> = {
  level?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GateDecisionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['GateDecision'] = ResolversParentTypes['GateDecision']> = {
  cases?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  gain?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  joined?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  low?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  margin?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
  ndcgWith?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  ndcgWithout?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  overridden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type HealthResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = {
  checks?: Resolver<ReadonlyArray<ResolversTypes['HealthCheck']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
};

export type HealthCheckResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['HealthCheck'] = ResolversParentTypes['HealthCheck']> = {
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
};

export type HealthStatusResolvers = EnumResolverSignature<{ DEGRADED?: any, DOWN?: any, OK?: any }, ResolversTypes['HealthStatus']>;

export type HistoryEntryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['HistoryEntry'] = ResolversParentTypes['HistoryEntry']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type InterestResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Interest'] = ResolversParentTypes['Interest']> = {
  locked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  topic?: Resolver<ResolversTypes['Topic'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ItemResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Item'] = ResolversParentTypes['Item']> = {
  categories?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  currency?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  hidden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parts?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  promoted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  publishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sellerId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  stock?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  threadId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vectors?: Resolver<ReadonlyArray<ResolversTypes['ItemVector']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ItemConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ItemConnection'] = ResolversParentTypes['ItemConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ItemEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Item']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ItemEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ItemEdge'] = ResolversParentTypes['ItemEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Item'], ParentType, ContextType>;
};

export type ItemRejectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ItemRejection'] = ResolversParentTypes['ItemRejection']> = {
  code?: Resolver<ResolversTypes['ItemRejectionCode'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ItemVectorResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ItemVector'] = ResolversParentTypes['ItemVector']> = {
  modality?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type ItemsPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ItemsPayload'] = ResolversParentTypes['ItemsPayload']> = {
  items?: Resolver<ReadonlyArray<ResolversTypes['Item']>, ParentType, ContextType>;
  rejections?: Resolver<ReadonlyArray<ResolversTypes['ItemRejection']>, ParentType, ContextType>;
};

export type LeftOutResolvers = EnumResolverSignature<{ BUNDLE?: any, CATEGORY?: any, EXPIRED?: any, HIDDEN?: any, LOW_STOCK?: any, MUTED?: any, NOT_INTERESTED?: any, RANKED_BELOW?: any, SEEN?: any, SOLD_OUT?: any, TOO_DEAR?: any, TOO_OLD?: any }, ResolversTypes['LeftOut']>;

export type ListCauseResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ListCause'] = ResolversParentTypes['ListCause']> = {
  behaviours?: Resolver<ReadonlyArray<ResolversTypes['CauseBehaviour']>, ParentType, ContextType>;
  itemIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CauseKind'], ParentType, ContextType>;
};

export type ListChangeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ListChange'] = ResolversParentTypes['ListChange']> = {
  added?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  moved?: Resolver<ReadonlyArray<ResolversTypes['MovedItem']>, ParentType, ContextType>;
  removed?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type ListCostResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ListCost'] = ResolversParentTypes['ListCost']> = {
  dropped?: Resolver<ReadonlyArray<ResolversTypes['ModelName']>, ParentType, ContextType>;
  droppedFor?: Resolver<Maybe<ResolversTypes['DropCause']>, ParentType, ContextType>;
  models?: Resolver<ReadonlyArray<ResolversTypes['ModelCost']>, ParentType, ContextType>;
};

export type ListDeltaResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ListDelta'] = ResolversParentTypes['ListDelta']> = {
  added?: Resolver<ReadonlyArray<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  appliedThrough?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  base?: Resolver<ResolversTypes['Position'], ParentType, ContextType>;
  changed?: Resolver<ReadonlyArray<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  computedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fallback?: Resolver<ResolversTypes['FallbackLevel'], ParentType, ContextType>;
  moved?: Resolver<ReadonlyArray<ResolversTypes['MovedItem']>, ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Position'], ParentType, ContextType>;
  recommendationId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  removed?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type LoggedBehaviourResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['LoggedBehaviour'] = ResolversParentTypes['LoggedBehaviour']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  itemId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  mergedFrom?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  quantity?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  query?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  recommendationId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  surface?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  target?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  weight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type MetricResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Metric'] = ResolversParentTypes['Metric']> = {
  help?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  samples?: Resolver<ReadonlyArray<ResolversTypes['MetricSample']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MetricLabelResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['MetricLabel'] = ResolversParentTypes['MetricLabel']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MetricSampleResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['MetricSample'] = ResolversParentTypes['MetricSample']> = {
  labels?: Resolver<ReadonlyArray<ResolversTypes['MetricLabel']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type ModelResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Model'] = ResolversParentTypes['Model']> = {
  lastRun?: Resolver<Maybe<ResolversTypes['TrainingRun']>, ParentType, ContextType>;
  live?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
  pinned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ModelBackendResolvers = EnumResolverSignature<{ NONE?: any, TFJS_NODE?: any, WASM?: any }, ResolversTypes['ModelBackend']>;

export type ModelCheckResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ModelCheck'] = ResolversParentTypes['ModelCheck']> = {
  against?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cases?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['CheckDecision'], ParentType, ContextType>;
  difference?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  high?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  low?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ndcgLive?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ndcgNew?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ModelCostResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ModelCost'] = ResolversParentTypes['ModelCost']> = {
  cpuMicros?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
};

export type ModelNameResolvers = EnumResolverSignature<{ ATTENTION?: any, CONTENT_BASED?: any, CREATIVES?: any, EASE?: any, FACTOR?: any, HYBRID?: any, ITEM_KNN?: any, NCF?: any, POLICY?: any, POPULAR?: any, SESSION_KNN?: any, TRAITS?: any, TRANSITION?: any, USER_KNN?: any }, ResolversTypes['ModelName']>;

export type ModelVersionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ModelVersion'] = ResolversParentTypes['ModelVersion']> = {
  backend?: Resolver<Maybe<ResolversTypes['ModelBackend']>, ParentType, ContextType>;
  check?: Resolver<Maybe<ResolversTypes['ModelCheck']>, ParentType, ContextType>;
  cpuSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  events?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  fitSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  gate?: Resolver<Maybe<ReadonlyArray<ResolversTypes['GateDecision']>>, ParentType, ContextType>;
  items?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  layout?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  learntThrough?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  live?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
  optionsDigest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  peakMemoryBytes?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  policyGate?: Resolver<Maybe<ResolversTypes['PolicyGate']>, ParentType, ContextType>;
  refinements?: Resolver<Maybe<ReadonlyArray<ResolversTypes['BlendRefinement']>>, ParentType, ContextType>;
  sizeBytes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  trainedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  traits?: Resolver<Maybe<ReadonlyArray<ResolversTypes['TraitReport']>>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MovedItemResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['MovedItem'] = ResolversParentTypes['MovedItem']> = {
  from?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  deleteTrait?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationDeleteTraitArgs, 'attribute'>>;
  eraseProfile?: Resolver<ResolversTypes['EraseProfilePayload'], ParentType, ContextType, Partial<MutationEraseProfileArgs>>;
  hideItems?: Resolver<ResolversTypes['ItemsPayload'], ParentType, ContextType, RequireFields<MutationHideItemsArgs, 'ids'>>;
  mergeProfile?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationMergeProfileArgs, 'anonymousId'>>;
  muteTopic?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationMuteTopicArgs, 'topic'>>;
  patchItems?: Resolver<ResolversTypes['ItemsPayload'], ParentType, ContextType, RequireFields<MutationPatchItemsArgs, 'patches'>>;
  rateRecommendation?: Resolver<ResolversTypes['RateRecommendationPayload'], ParentType, ContextType, RequireFields<MutationRateRecommendationArgs, 'input'>>;
  recordBehaviours?: Resolver<ResolversTypes['RecordBehavioursPayload'], ParentType, ContextType, RequireFields<MutationRecordBehavioursArgs, 'behaviours'>>;
  rejectTrait?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationRejectTraitArgs, 'attribute'>>;
  resetProfile?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationResetProfileArgs, 'keepEdits'>>;
  resetTrait?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationResetTraitArgs, 'attribute'>>;
  revokeTokens?: Resolver<ResolversTypes['RevokeTokensPayload'], ParentType, ContextType, Partial<MutationRevokeTokensArgs>>;
  rollbackModel?: Resolver<ResolversTypes['RollbackModelPayload'], ParentType, ContextType, RequireFields<MutationRollbackModelArgs, 'hold' | 'model' | 'version'>>;
  setConsent?: Resolver<ResolversTypes['SetConsentPayload'], ParentType, ContextType, RequireFields<MutationSetConsentArgs, 'input'>>;
  setInterest?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationSetInterestArgs, 'input'>>;
  setPersonalisation?: Resolver<ResolversTypes['PersonalisationPayload'], ParentType, ContextType, RequireFields<MutationSetPersonalisationArgs, 'enabled'>>;
  showItems?: Resolver<ResolversTypes['ItemsPayload'], ParentType, ContextType, RequireFields<MutationShowItemsArgs, 'ids'>>;
  trainModels?: Resolver<ResolversTypes['TrainModelsPayload'], ParentType, ContextType, Partial<MutationTrainModelsArgs>>;
  undoNotInterested?: Resolver<ResolversTypes['UndoNotInterestedPayload'], ParentType, ContextType, RequireFields<MutationUndoNotInterestedArgs, 'itemId'>>;
  unlockInterest?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationUnlockInterestArgs, 'topic'>>;
  unmuteTopic?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationUnmuteTopicArgs, 'topic'>>;
  updateProfile?: Resolver<ResolversTypes['ProfilePayload'], ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  upsertItems?: Resolver<ResolversTypes['ItemsPayload'], ParentType, ContextType, RequireFields<MutationUpsertItemsArgs, 'items'>>;
};

export type PageInfoResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type PersonalisationPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PersonalisationPayload'] = ResolversParentTypes['PersonalisationPayload']> = {
  surfaces?: Resolver<ReadonlyArray<ResolversTypes['SurfacePersonalisation']>, ParentType, ContextType>;
};

export type PolicyGateResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PolicyGate'] = ResolversParentTypes['PolicyGate']> = {
  cases?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  effectiveSampleSize?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  estimate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  gain?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  gainHigh?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  gainLow?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  ips?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  largestWeight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  logged?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  low?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  overridden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  passed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  snips?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type PopularityWindowResolvers = EnumResolverSignature<{ ALL?: any, DAY?: any, HOUR?: any, WEEK?: any }, ResolversTypes['PopularityWindow']>;

export type PositionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Position'] = ResolversParentTypes['Position']> = {
  epoch?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProfileResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Profile'] = ResolversParentTypes['Profile']> = {
  attributes?: Resolver<ReadonlyArray<ResolversTypes['ProfileAttribute']>, ParentType, ContextType>;
  counters?: Resolver<ReadonlyArray<ResolversTypes['BehaviourCount']>, ParentType, ContextType>;
  declaredInterests?: Resolver<ReadonlyArray<ResolversTypes['Topic']>, ParentType, ContextType>;
  follows?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['HistoryEntry']>, ParentType, ContextType, RequireFields<ProfileHistoryArgs, 'first'>>;
  interests?: Resolver<ResolversTypes['ProfileInterests'], ParentType, ContextType>;
  locale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mutedTopics?: Resolver<ReadonlyArray<ResolversTypes['Topic']>, ParentType, ContextType>;
  notInterested?: Resolver<ReadonlyArray<ResolversTypes['HistoryEntry']>, ParentType, ContextType>;
  recent?: Resolver<ReadonlyArray<ResolversTypes['RecentBehaviour']>, ParentType, ContextType, RequireFields<ProfileRecentArgs, 'first'>>;
  rejectedTraits?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  traitConsents?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  traits?: Resolver<ReadonlyArray<ResolversTypes['Trait']>, ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProfileAttributeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ProfileAttribute'] = ResolversParentTypes['ProfileAttribute']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProfileExportResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ProfileExport'] = ResolversParentTypes['ProfileExport']> = {
  archive?: Resolver<ResolversTypes['ArchiveReach'], ParentType, ContextType>;
  behaviours?: Resolver<ReadonlyArray<ResolversTypes['LoggedBehaviour']>, ParentType, ContextType>;
  consents?: Resolver<ReadonlyArray<ResolversTypes['ConsentEntry']>, ParentType, ContextType>;
  profile?: Resolver<ResolversTypes['Profile'], ParentType, ContextType>;
};

export type ProfileInterestsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ProfileInterests'] = ResolversParentTypes['ProfileInterests']> = {
  long?: Resolver<ReadonlyArray<ResolversTypes['Interest']>, ParentType, ContextType>;
  short?: Resolver<ReadonlyArray<ResolversTypes['Interest']>, ParentType, ContextType>;
};

export type ProfilePayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ProfilePayload'] = ResolversParentTypes['ProfilePayload']> = {
  profile?: Resolver<ResolversTypes['Profile'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  auditLog?: Resolver<ReadonlyArray<ResolversTypes['AuditEntry']>, ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
  consents?: Resolver<ReadonlyArray<ResolversTypes['Consent']>, ParentType, ContextType, Partial<QueryConsentsArgs>>;
  erasureReceipt?: Resolver<Maybe<ResolversTypes['ErasureReceipt']>, ParentType, ContextType, RequireFields<QueryErasureReceiptArgs, 'id'>>;
  erasures?: Resolver<ReadonlyArray<ResolversTypes['ErasureReceipt']>, ParentType, ContextType, RequireFields<QueryErasuresArgs, 'first'>>;
  health?: Resolver<ResolversTypes['Health'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType, RequireFields<QueryItemArgs, 'id'>>;
  items?: Resolver<ResolversTypes['ItemConnection'], ParentType, ContextType, RequireFields<QueryItemsArgs, 'first'>>;
  metrics?: Resolver<ReadonlyArray<ResolversTypes['Metric']>, ParentType, ContextType, Partial<QueryMetricsArgs>>;
  modelVersions?: Resolver<ReadonlyArray<ResolversTypes['ModelVersion']>, ParentType, ContextType, RequireFields<QueryModelVersionsArgs, 'first' | 'model'>>;
  models?: Resolver<ReadonlyArray<ResolversTypes['Model']>, ParentType, ContextType>;
  personalisation?: Resolver<ReadonlyArray<ResolversTypes['SurfacePersonalisation']>, ParentType, ContextType, Partial<QueryPersonalisationArgs>>;
  popularItems?: Resolver<ReadonlyArray<ResolversTypes['RankedItem']>, ParentType, ContextType, RequireFields<QueryPopularItemsArgs, 'first' | 'window'>>;
  profile?: Resolver<ResolversTypes['Profile'], ParentType, ContextType, Partial<QueryProfileArgs>>;
  profileExport?: Resolver<ResolversTypes['ProfileExport'], ParentType, ContextType, Partial<QueryProfileExportArgs>>;
  recommendations?: Resolver<ResolversTypes['RecommendationList'], ParentType, ContextType, RequireFields<QueryRecommendationsArgs, 'first' | 'surface'>>;
  relatedItems?: Resolver<ReadonlyArray<ResolversTypes['RankedItem']>, ParentType, ContextType, RequireFields<QueryRelatedItemsArgs, 'first' | 'item'>>;
  why?: Resolver<ResolversTypes['Explanation'], ParentType, ContextType, RequireFields<QueryWhyArgs, 'item' | 'surface'>>;
};

export type RankedItemResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RankedItem'] = ResolversParentTypes['RankedItem']> = {
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rank?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceShare']>, ParentType, ContextType>;
};

export type RateRecommendationPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RateRecommendationPayload'] = ResolversParentTypes['RateRecommendationPayload']> = {
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReachedPlaceResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ReachedPlace'] = ResolversParentTypes['ReachedPlace']> = {
  doneAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  place?: Resolver<ResolversTypes['ErasurePlace'], ParentType, ContextType>;
  removed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReasonResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Reason'] = ResolversParentTypes['Reason']> = {
  code?: Resolver<ResolversTypes['ReasonCode'], ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['Evidence']>, ParentType, ContextType>;
  topic?: Resolver<Maybe<ResolversTypes['Topic']>, ParentType, ContextType>;
};

export type ReasonCodeResolvers = EnumResolverSignature<{ BECAUSE_YOU?: any, FOLLOWED?: any, INTEREST?: any, NEW?: any, PEOPLE_LIKE_YOU?: any, POPULAR?: any, POPULAR_IN_CATEGORY?: any }, ResolversTypes['ReasonCode']>;

export type RecentBehaviourResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RecentBehaviour'] = ResolversParentTypes['RecentBehaviour']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  weight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type RecommendationResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Recommendation'] = ResolversParentTypes['Recommendation']> = {
  content?: Resolver<ResolversTypes['Content'], ParentType, ContextType>;
  flags?: Resolver<ReadonlyArray<ResolversTypes['RecommendationFlag']>, ParentType, ContextType>;
  item?: Resolver<Maybe<ResolversTypes['Item']>, ParentType, ContextType>;
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  propensity?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  rank?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['Reason'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceShare']>, ParentType, ContextType>;
};

export type RecommendationFlagResolvers = EnumResolverSignature<{ BREAKING?: any, EXPLORED?: any, PADDED?: any, PROMOTED?: any }, ResolversTypes['RecommendationFlag']>;

export type RecommendationListResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RecommendationList'] = ResolversParentTypes['RecommendationList']> = {
  appliedThrough?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  computedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cost?: Resolver<Maybe<ResolversTypes['ListCost']>, ParentType, ContextType>;
  fallback?: Resolver<ResolversTypes['FallbackLevel'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  personalised?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Position'], ParentType, ContextType>;
  recommendationId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  surface?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RecommendationUpdateResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RecommendationUpdate'] = ResolversParentTypes['RecommendationUpdate']> = {
  appliedThrough?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cause?: Resolver<ResolversTypes['ListCause'], ParentType, ContextType>;
  change?: Resolver<Maybe<ResolversTypes['ListChange']>, ParentType, ContextType>;
  delta?: Resolver<Maybe<ResolversTypes['ListDelta']>, ParentType, ContextType>;
  full?: Resolver<Maybe<ResolversTypes['RecommendationList']>, ParentType, ContextType>;
  list?: Resolver<ResolversTypes['RecommendationList'], ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Position'], ParentType, ContextType>;
  timings?: Resolver<ResolversTypes['StageTimings'], ParentType, ContextType>;
};

export type RecordBehavioursPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RecordBehavioursPayload'] = ResolversParentTypes['RecordBehavioursPayload']> = {
  recorded?: Resolver<ReadonlyArray<ResolversTypes['RecordedBehaviour']>, ParentType, ContextType>;
  rejections?: Resolver<ReadonlyArray<ResolversTypes['BehaviourRejection']>, ParentType, ContextType>;
  users?: Resolver<ReadonlyArray<ResolversTypes['UserSequence']>, ParentType, ContextType>;
};

export type RecordStatusResolvers = EnumResolverSignature<{ ACCEPTED?: any, DUPLICATE?: any, REPEAT?: any }, ResolversTypes['RecordStatus']>;

export type RecordedBehaviourResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RecordedBehaviour'] = ResolversParentTypes['RecordedBehaviour']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RecordStatus'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RevokeTokensPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RevokeTokensPayload'] = ResolversParentTypes['RevokeTokensPayload']> = {
  before?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  until?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type RollbackModelPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['RollbackModelPayload'] = ResolversParentTypes['RollbackModelPayload']> = {
  model?: Resolver<ResolversTypes['Model'], ParentType, ContextType>;
};

export type SetConsentPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['SetConsentPayload'] = ResolversParentTypes['SetConsentPayload']> = {
  consent?: Resolver<ResolversTypes['Consent'], ParentType, ContextType>;
};

export type SourceShareResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['SourceShare'] = ResolversParentTypes['SourceShare']> = {
  model?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type StageTimingsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StageTimings'] = ResolversParentTypes['StageTimings']> = {
  ingest?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  push?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  queue?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  replace?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  recommendations?: SubscriptionResolver<ResolversTypes['RecommendationUpdate'], "recommendations", ParentType, ContextType, RequireFields<SubscriptionRecommendationsArgs, 'first' | 'surface'>>;
};

export type SurfacePersonalisationResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['SurfacePersonalisation'] = ResolversParentTypes['SurfacePersonalisation']> = {
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  surface?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  switchable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type TopicResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Topic'] = ResolversParentTypes['Topic']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TopicKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TopicKindResolvers = EnumResolverSignature<{ CATEGORY?: any, TAG?: any }, ResolversTypes['TopicKind']>;

export type TrainModelsPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TrainModelsPayload'] = ResolversParentTypes['TrainModelsPayload']> = {
  jobs?: Resolver<ReadonlyArray<ResolversTypes['TrainingJob']>, ParentType, ContextType>;
};

export type TrainingJobResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TrainingJob'] = ResolversParentTypes['TrainingJob']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['ModelName'], ParentType, ContextType>;
};

export type TrainingOutcomeResolvers = EnumResolverSignature<{ FAILED?: any, HELD?: any, PUBLISHED?: any, REJECTED?: any, SKIPPED?: any }, ResolversTypes['TrainingOutcome']>;

export type TrainingRunResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TrainingRun'] = ResolversParentTypes['TrainingRun']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  check?: Resolver<Maybe<ResolversTypes['ModelCheck']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['TrainingOutcome'], ParentType, ContextType>;
  policyGate?: Resolver<Maybe<ResolversTypes['PolicyGate']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TraitResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Trait'] = ResolversParentTypes['Trait']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  attribute?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['TraitModel'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  probability?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TraitModelResolvers = EnumResolverSignature<{ SVM?: any, TREE?: any }, ResolversTypes['TraitModel']>;

export type TraitReportResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TraitReport'] = ResolversParentTypes['TraitReport']> = {
  attribute?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  auc?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  brier?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  brierOfShare?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  calibrationError?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  gain?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  low?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['TraitModel'], ParentType, ContextType>;
  positives?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  used?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  users?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UndoNotInterestedPayloadResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['UndoNotInterestedPayload'] = ResolversParentTypes['UndoNotInterestedPayload']> = {
  itemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserSequenceResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['UserSequence'] = ResolversParentTypes['UserSequence']> = {
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GatewayContext> = {
  ArchiveReach?: ArchiveReachResolvers;
  AuditArgument?: AuditArgumentResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  BehaviourCount?: BehaviourCountResolvers<ContextType>;
  BehaviourRejection?: BehaviourRejectionResolvers<ContextType>;
  BehaviourRejectionCode?: BehaviourRejectionCodeResolvers;
  BlendRefinement?: BlendRefinementResolvers<ContextType>;
  CauseBehaviour?: CauseBehaviourResolvers<ContextType>;
  CauseKind?: CauseKindResolvers;
  CheckDecision?: CheckDecisionResolvers;
  Consent?: ConsentResolvers<ContextType>;
  ConsentEntry?: ConsentEntryResolvers<ContextType>;
  Content?: ContentResolvers<ContextType>;
  Counterfactual?: CounterfactualResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DropCause?: DropCauseResolvers;
  EraseProfilePayload?: EraseProfilePayloadResolvers<ContextType>;
  ErasedBy?: ErasedByResolvers;
  ErasurePlace?: ErasurePlaceResolvers;
  ErasureReceipt?: ErasureReceiptResolvers<ContextType>;
  Evidence?: EvidenceResolvers<ContextType>;
  Explanation?: ExplanationResolvers<ContextType>;
  FallbackLevel?: FallbackLevelResolvers<ContextType>;
  GateDecision?: GateDecisionResolvers<ContextType>;
  Health?: HealthResolvers<ContextType>;
  HealthCheck?: HealthCheckResolvers<ContextType>;
  HealthStatus?: HealthStatusResolvers;
  HistoryEntry?: HistoryEntryResolvers<ContextType>;
  Interest?: InterestResolvers<ContextType>;
  Item?: ItemResolvers<ContextType>;
  ItemConnection?: ItemConnectionResolvers<ContextType>;
  ItemEdge?: ItemEdgeResolvers<ContextType>;
  ItemRejection?: ItemRejectionResolvers<ContextType>;
  ItemVector?: ItemVectorResolvers<ContextType>;
  ItemsPayload?: ItemsPayloadResolvers<ContextType>;
  LeftOut?: LeftOutResolvers;
  ListCause?: ListCauseResolvers<ContextType>;
  ListChange?: ListChangeResolvers<ContextType>;
  ListCost?: ListCostResolvers<ContextType>;
  ListDelta?: ListDeltaResolvers<ContextType>;
  LoggedBehaviour?: LoggedBehaviourResolvers<ContextType>;
  Metric?: MetricResolvers<ContextType>;
  MetricLabel?: MetricLabelResolvers<ContextType>;
  MetricSample?: MetricSampleResolvers<ContextType>;
  Model?: ModelResolvers<ContextType>;
  ModelBackend?: ModelBackendResolvers;
  ModelCheck?: ModelCheckResolvers<ContextType>;
  ModelCost?: ModelCostResolvers<ContextType>;
  ModelName?: ModelNameResolvers;
  ModelVersion?: ModelVersionResolvers<ContextType>;
  MovedItem?: MovedItemResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PersonalisationPayload?: PersonalisationPayloadResolvers<ContextType>;
  PolicyGate?: PolicyGateResolvers<ContextType>;
  PopularityWindow?: PopularityWindowResolvers;
  Position?: PositionResolvers<ContextType>;
  Profile?: ProfileResolvers<ContextType>;
  ProfileAttribute?: ProfileAttributeResolvers<ContextType>;
  ProfileExport?: ProfileExportResolvers<ContextType>;
  ProfileInterests?: ProfileInterestsResolvers<ContextType>;
  ProfilePayload?: ProfilePayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RankedItem?: RankedItemResolvers<ContextType>;
  RateRecommendationPayload?: RateRecommendationPayloadResolvers<ContextType>;
  ReachedPlace?: ReachedPlaceResolvers<ContextType>;
  Reason?: ReasonResolvers<ContextType>;
  ReasonCode?: ReasonCodeResolvers;
  RecentBehaviour?: RecentBehaviourResolvers<ContextType>;
  Recommendation?: RecommendationResolvers<ContextType>;
  RecommendationFlag?: RecommendationFlagResolvers;
  RecommendationList?: RecommendationListResolvers<ContextType>;
  RecommendationUpdate?: RecommendationUpdateResolvers<ContextType>;
  RecordBehavioursPayload?: RecordBehavioursPayloadResolvers<ContextType>;
  RecordStatus?: RecordStatusResolvers;
  RecordedBehaviour?: RecordedBehaviourResolvers<ContextType>;
  RevokeTokensPayload?: RevokeTokensPayloadResolvers<ContextType>;
  RollbackModelPayload?: RollbackModelPayloadResolvers<ContextType>;
  SetConsentPayload?: SetConsentPayloadResolvers<ContextType>;
  SourceShare?: SourceShareResolvers<ContextType>;
  StageTimings?: StageTimingsResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  SurfacePersonalisation?: SurfacePersonalisationResolvers<ContextType>;
  Topic?: TopicResolvers<ContextType>;
  TopicKind?: TopicKindResolvers;
  TrainModelsPayload?: TrainModelsPayloadResolvers<ContextType>;
  TrainingJob?: TrainingJobResolvers<ContextType>;
  TrainingOutcome?: TrainingOutcomeResolvers;
  TrainingRun?: TrainingRunResolvers<ContextType>;
  Trait?: TraitResolvers<ContextType>;
  TraitModel?: TraitModelResolvers;
  TraitReport?: TraitReportResolvers<ContextType>;
  UndoNotInterestedPayload?: UndoNotInterestedPayloadResolvers<ContextType>;
  UserSequence?: UserSequenceResolvers<ContextType>;
};

