import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { Scorer, ScoringQuery } from '../models/model';
import { SparseScores } from '../models/sparse-scores';
import { TopK } from '../models/top-k';
import type { EpochMs } from '../platform/clock';
import type { Profile } from '../profile/profile';
import { blend, type Blend } from './blend';
import { likedTopics } from './interests';
import type { LevelCandidate } from './list-filling';
import type { PopularItem, RankingModels } from './ranking-models';
import type { SurfaceSettings } from './surface-settings';

/** What the levels of the chain draw from, for one list. */
export interface LevelContext {
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;
  readonly surface: SurfaceSettings;
  readonly profile: Profile;
  readonly query: ScoringQuery;
  readonly now: EpochMs;
  /** Whether an item may be on this list and is not on it yet. */
  readonly admits: (item: Item) => boolean;
  /** Places that are still open; > 0. */
  readonly open: number;
}

/** How many of the user's categories are looked into. */
const MAX_CATEGORIES = 5;
const TRAITS = [{ model: 'traits', share: 1 }] as const;
const POPULAR = [{ model: 'popular', share: 1 }] as const;

/** The best of the blend of these scorers, at most `surface.candidates`. */
export function blendCandidates(context: LevelContext, scorers: readonly Scorer[], query: ScoringQuery, settings: Blend): LevelCandidate[] {
  const { models, catalogue, surface, admits } = context;
  const itemAt = (row: number): Item | undefined => catalogue.get(models.index.idAt(row));
  const keep = (row: number): boolean => {
    const item = itemAt(row);
    return item !== undefined && admits(item);
  };
  const candidates = blend(
    scorers,
    query,
    settings,
    { limit: surface.candidates, keep, ...(models.facts && { facts: models.facts }) },
    models.scratch,
  );
  return candidates.map(({ row, score, shares }) => ({ item: itemAt(row)!, score, shares }));
}

/** How many popular items must be read so that enough are left, whatever the user has had of them. */
const readLimit = ({ open, profile }: LevelContext): number => 3 * open + profile.history.size + profile.notInterested.size;

function readPopular(context: LevelContext, category?: string): readonly PopularItem[] {
  const { popular } = context.models;
  const window = context.surface.popularWindow;
  return popular?.top({ window, ...(category === undefined ? {} : { category }), limit: readLimit(context), now: context.now }) ?? [];
}

/** The best of several popular lists; an item's score is the largest of strength · score / best score of that list. */
function mergePopular(
  context: LevelContext,
  lists: Iterable<readonly [topic: string | undefined, strength: number, items: readonly PopularItem[]]>,
) {
  const best = new Map<string, LevelCandidate>();
  for (const [topic, strength, items] of lists) {
    const largest = items[0]?.score ?? 1;
    for (const { itemId, score } of items) {
      const item = context.catalogue.get(itemId);
      const value = (strength * score) / largest;
      if (item === undefined || !(value > (best.get(itemId)?.score ?? 0)) || !context.admits(item)) continue;
      best.set(itemId, { item, score: value, shares: POPULAR, ...(topic === undefined ? {} : { topic }) });
    }
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, Math.max(context.surface.candidates, context.open));
}

/** What is popular in the categories that the user likes or declared, the stronger liked the higher; `topic` says which. */
export function popularInInterests(context: LevelContext): LevelCandidate[] {
  const liked = [...likedTopics(context.profile)].filter(([topic]) => topic.startsWith('c:')).slice(0, MAX_CATEGORIES);
  const strongest = liked[0]?.[1] ?? 1;
  return mergePopular(
    context,
    liked.map(([topic, strength]) => [topic, strength / strongest, readPopular(context, topic.slice(2))] as const),
  );
}

/** What is popular among users of the same traits, in the order of the model `traits`; nothing for a user of whom none may be used. */
export function popularInSegment(context: LevelContext): LevelCandidate[] {
  const { models, catalogue, surface, query, open, admits } = context;
  const scorer = models.scorers.find(({ name }) => name === 'traits');
  if (scorer === undefined || !query.segments?.length) return [];
  const scores = new SparseScores();
  scorer.score(query, scores, readLimit(context));
  return scores.rows
    .flatMap((row) => {
      const item = catalogue.get(models.index.idAt(row));
      return item !== undefined && admits(item) ? [{ item, score: scores.get(row), shares: TRAITS }] : [];
    })
    .sort((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, Math.max(surface.candidates, open));
}

/** What is popular; where the surface allows only some categories, in those. */
export function popularOverall(context: LevelContext): LevelCandidate[] {
  const { allow } = context.surface.rules.categories;
  if (allow.length === 0) return mergePopular(context, [[undefined, 1, readPopular(context)]]);
  return mergePopular(
    context,
    allow.map((category) => [undefined, 1, readPopular(context, category)] as const),
  );
}

/** The k-th of a list with no scores of its own scores 1 / (k + 1). */
const ranked = (items: readonly Item[]): LevelCandidate[] => items.map((item, k) => ({ item, score: 1 / (k + 1), shares: [] }));

/** Newest first (an item without a date is oldest; ties: by id), at most `limit`, of the items that `admits` lets through. */
export function newestItems(catalogue: CatalogueView, limit: number, admits: (item: Item) => boolean): Item[] {
  // Ids in ascending order make "lower row first" mean "by id".
  const items = [...catalogue.values()].filter(admits).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (limit < 1 || items.length === 0) return [];
  const best = new TopK(Math.min(limit, items.length));
  items.forEach(({ publishedAt }, row) => best.offer(row, publishedAt ?? -Infinity));
  best.sort();
  return Array.from({ length: best.size }, (_, k) => items[best.rowAt(k)]!);
}

/** The newest items; no model has a share in them. Reads the whole catalogue only if the ready list is too short. */
export function newest(context: LevelContext): LevelCandidate[] {
  const { models, catalogue, admits, now } = context;
  const wanted = 3 * context.open;
  const ready = (models.newest?.(now, readLimit(context)) ?? [])
    .map((itemId) => catalogue.get(itemId))
    .filter((item): item is Item => item !== undefined && admits(item));
  return ranked(ready.length >= context.open ? ready.slice(0, wanted) : newestItems(catalogue, wanted, admits));
}
