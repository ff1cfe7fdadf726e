import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { ScoringQuery } from '../models/model';
import type { EpochMs } from '../platform/clock';
import type { Random } from '../platform/random';
import type { Profile } from '../profile/profile';
import type { Recommendation } from '../push/recommendation-list';
import { breakingItems } from './domain/breaking-items';
import { listRule } from './domain/list-rule';
import type { ExposureView, ListExposure } from './exposure-ledger';
import { fillByLevels, type FallbackAnswer } from './fallback';
import { likedTopics } from './interests';
import { ListFilling } from './list-filling';
import { exposureOf, placeTermsOf } from './place-terms';
import { ListOrder, type KeptDecision } from './policy/order-by-policy';
import type { RankingModels } from './ranking-models';
import { citable, reasonFor } from './reason';
import { scoringQueryOf } from './scoring-query';
import type { SurfaceSettings } from './surface-settings';

export interface RankRequest {
  readonly profile: Profile;
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;
  readonly surface: SurfaceSettings;
  readonly now: EpochMs;
  /** What providers were given on this surface so far; absent: their exposure is not looked at. */
  readonly exposure?: ExposureView;
  /** Groups that the user belongs to and lets be used; absent: none. */
  readonly segments?: ScoringQuery['segments'];
  /** Draws the places that explore; absent: none does. */
  readonly random?: Random;
}

/** A recommendation before its content is written. */
export type RankedItem = Omit<Recommendation, 'content'>;

export interface RankedList {
  readonly fallback: FallbackAnswer;
  /** Best first, at most `surface.size`, distinct. */
  readonly items: readonly RankedItem[];
  /** What the list gives the providers of its items; absent where the surface does not look at it. */
  readonly exposure?: ListExposure;
  /** Of a list that explored: what it could have been. */
  readonly decision?: KeptDecision;
}

/**
 * The explained list of one user on one surface: candidates → blend → policy → rules → diversity, calibration, exposure → reasons. Touches candidates, not the
 * catalogue. Deterministic in what is given and in what `random` draws; shorter than `surface.size` only if the catalogue has no more items that the rules let
 * through.
 */
export function rank({ profile, models, catalogue, surface, now, exposure, segments, random }: RankRequest): RankedList {
  const query: ScoringQuery = { ...scoringQueryOf(profile, models.index, now), ...(segments && { segments }) };
  const rule = listRule(surface.rules, { profile, catalogue, now });
  const admits = (item: Item): boolean => rule(item) === undefined;
  const pinned = breakingItems({ models, catalogue, surface, now }, admits);
  const terms = placeTermsOf(surface, { history: query.history, index: models.index, catalogue, ...(exposure && { exposure }) });
  const list = new ListFilling(surface, pinned, terms);
  const basis = { models, catalogue, surface, profile, query, now };
  const ordering = new ListOrder(basis, random);
  const fallback = fillByLevels(list, basis, admits, ordering.order);
  const liked = likedTopics(profile);
  const context = { query, scorers: models.scorers, index: models.index, behaviours: citable(profile.recent), liked };
  const carries = surface.exploration !== undefined || surface.policy === true;
  const items = list.chosen.map((chosen) => ({
    itemId: chosen.item.id,
    score: chosen.score,
    sources: [...chosen.shares],
    reason: reasonFor(chosen, context),
    flags: [...chosen.flags],
    ...(carries && { propensity: chosen.propensity }),
  }));
  const given =
    surface.exposure.weight > 0 ? exposureOf([...pinned.map((item) => ({ item })), ...list.chosen], list.competed, surface) : undefined;
  const { kept } = ordering;
  const certain = carries && { propensity: null };
  return {
    fallback,
    items: [...pinned.map((item) => ({ ...asBreaking(item, items[0]?.score ?? 1), ...certain })), ...items],
    ...(given && { exposure: given }),
    ...(kept && { decision: kept }),
  };
}

/** No model named it: it stands where it does by rule, and scores as the best of those below it. */
const asBreaking = (item: Item, score: number): RankedItem => ({
  itemId: item.id,
  score,
  sources: [],
  reason: { code: 'new', evidence: [] },
  flags: ['breaking', ...(item.promoted ? (['promoted'] as const) : [])],
});
