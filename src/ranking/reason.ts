import { topicsOf, type Item } from '../catalogue/item';
import type { ItemIndex } from '../models/item-index';
import type { Scorer, ScoringQuery } from '../models/model';
import type { Evidence, ReasonCode, Recommendation, SourceName } from '../push/recommendation-list';
import type { RecentBehaviour } from '../profile/profile';
import type { Share } from './blend';
import type { LevelCandidate } from './list-filling';

export type Reason = Recommendation['reason'];

/** What a model's score stands for, when it is put into words. */
const CODE_OF_MODEL: Readonly<Record<SourceName, ReasonCode>> = {
  'item-knn': 'because_you',
  transition: 'because_you',
  'content-based': 'because_you',
  'user-knn': 'people_like_you',
  'session-knn': 'people_like_you',
  factor: 'people_like_you',
  ease: 'because_you',
  ncf: 'people_like_you',
  attention: 'people_like_you',
  traits: 'people_like_you',
  popular: 'popular',
};
const MAX_EVIDENCE = 3;
/** More than are shown, since some cannot be cited. */
const ASKED_EVIDENCE = 8;
/** A model with less of the score than this is not worth asking why. */
const MIN_SHARE = 0.1;

export interface ReasonContext {
  readonly query: ScoringQuery;
  readonly scorers: readonly Scorer[];
  readonly index: ItemIndex;
  /** The behaviour of each item that evidence may name: the newest with a positive weight. */
  readonly behaviours: ReadonlyMap<string, RecentBehaviour>;
  /** Topics that the user likes, strongest first. */
  readonly liked: ReadonlyMap<string, number>;
}

/** The newest behaviour with a positive weight of every item in `recent` (newest first). */
export function citable(recent: readonly RecentBehaviour[]): Map<string, RecentBehaviour> {
  const newest = new Map<string, RecentBehaviour>();
  for (const behaviour of recent) {
    const { itemId, weight } = behaviour;
    if (itemId !== undefined && weight > 0 && !newest.has(itemId)) newest.set(itemId, behaviour);
  }
  return newest;
}

/**
 * The behaviours that pulled an item up, strongest first, at most three. Each model's pulls are scaled to sum to its share of the score;
 * the shares of what is returned sum to 1. Items without a behaviour in the profile are not cited, nor is the item itself.
 */
export function evidenceFor(row: number, shares: readonly Share[], context: ReasonContext): Evidence[] {
  const amounts = new Map<string, number>();
  for (const { model, share } of shares) {
    if (share < MIN_SHARE) continue;
    const pulls = context.scorers.find(({ name }) => name === model)?.explain?.(context.query, row, ASKED_EVIDENCE) ?? [];
    const total = pulls.reduce((sum, { amount }) => sum + amount, 0);
    for (const pull of pulls) {
      const itemId = context.index.idAt(pull.row);
      if (pull.row === row || pull.amount <= 0 || !context.behaviours.has(itemId)) continue;
      amounts.set(itemId, (amounts.get(itemId) ?? 0) + (share * pull.amount) / total);
    }
  }
  const strongest = [...amounts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_EVIDENCE);
  const total = strongest.reduce((sum, [, amount]) => sum + amount, 0);
  return strongest.map(([itemId, amount]) => {
    const { type, at } = context.behaviours.get(itemId)!;
    return { itemId, type, at, share: amount / total };
  });
}

/** The topic of the item that the user likes most; of equally liked ones the more special (later) category. */
export function likedTopicOf(item: Item, liked: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const topic of topicsOf(item)) {
    if ((liked.get(topic) ?? 0) > 0 && (best === undefined || liked.get(topic)! >= liked.get(best)!)) best = topic;
  }
  return best;
}

/** Shares by what they stand for, the largest sum first (ties: order of first appearance). */
function familiesOf(shares: readonly Share[]): { readonly code: ReasonCode; readonly shares: Share[] }[] {
  const families = new Map<ReasonCode, { total: number; shares: Share[] }>();
  for (const share of shares) {
    if (share.model === 'hybrid' || share.model === 'policy' || share.model === 'creatives') continue;
    const code = CODE_OF_MODEL[share.model];
    const family = families.get(code) ?? { total: 0, shares: [] };
    family.total += share.share;
    family.shares.push(share);
    families.set(code, family);
  }
  return [...families].sort(([, a], [, b]) => b.total - a.total).map(([code, family]) => ({ code, shares: family.shares }));
}

const reason = (code: ReasonCode, evidence: Evidence[] = [], topic?: string): Reason => ({
  code,
  evidence,
  ...(topic === undefined ? {} : { topic }),
});

/**
 * Why an item is on the list: what put it there besides models, where something did; otherwise what the models with the largest share of its
 * score stand for.
 * - popular models: `popular_in_category` with the topic that the level names or the user likes, else `popular`;
 * - content-based ahead of every other model on a liked topic: `interest`;
 * - item-to-item models: `because_you` where a behaviour of the profile can be cited, else the next in size;
 * - models of other people: `people_like_you`, citing behaviours where the model can say.
 * No model at all: `new`.
 */
export function reasonFor({ item, shares, topic, reason: given }: LevelCandidate, context: ReasonContext): Reason {
  if (given !== undefined) return given;
  if (shares.length === 0) return reason('new');
  if (topic !== undefined) return reason('popular_in_category', [], topic);
  const row = context.index.rowOf(item.id);
  const evidenceOf = (of: readonly Share[]): Evidence[] => (row === undefined ? [] : evidenceFor(row, of, context));
  const likedTopic = (): string | undefined => likedTopicOf(item, context.liked);
  if (shares[0]!.model === 'content-based' && likedTopic() !== undefined)
    return reason('interest', evidenceOf(shares.slice(0, 1)), likedTopic());
  for (const family of familiesOf(shares)) {
    if (family.code === 'popular') return reason('popular');
    const evidence = evidenceOf(family.shares);
    if (family.code === 'people_like_you' || evidence.length > 0) return reason(family.code, evidence);
  }
  const interest = likedTopic();
  return interest === undefined ? reason('people_like_you') : reason('interest', [], interest);
}
