import type { CatalogueView } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import type { Profile } from '../profile/profile';
import type { Recommendation } from '../push/recommendation-list';
import { fillByLevels, type FallbackAnswer } from './fallback';
import { likedTopics } from './interests';
import { ListFilling } from './list-filling';
import type { RankingModels } from './ranking-models';
import { citable, reasonFor } from './reason';
import { surfaceRule } from './rules';
import { scoringQueryOf } from './scoring-query';
import type { SurfaceSettings } from './surface-settings';

export interface RankRequest {
  readonly profile: Profile;
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;
  readonly surface: SurfaceSettings;
  readonly now: EpochMs;
}

/** A recommendation before its content is written. */
export type RankedItem = Omit<Recommendation, 'content'>;

export interface RankedList {
  readonly fallback: FallbackAnswer;
  /** Best first, at most `surface.size`, distinct. */
  readonly items: readonly RankedItem[];
}

/**
 * The explained list of one user on one surface: candidates → blend → rules → diversity → reasons. Touches candidates, not the catalogue.
 * Deterministic; shorter than `surface.size` only if the catalogue has no more items that the rules let through.
 */
export function rank({ profile, models, catalogue, surface, now }: RankRequest): RankedList {
  const query = scoringQueryOf(profile, models.index, now);
  const rule = surfaceRule(surface.rules, profile, now);
  const list = new ListFilling(surface);
  const fallback = fillByLevels(list, { models, catalogue, surface, profile, query, now }, (item) => rule(item) === undefined);
  const liked = likedTopics(profile);
  const context = { query, scorers: models.scorers, index: models.index, behaviours: citable(profile.recent), liked };
  const items = list.chosen.map((chosen) => ({
    itemId: chosen.item.id,
    score: chosen.score,
    sources: [...chosen.shares],
    reason: reasonFor(chosen, context),
    flags: [...chosen.flags],
  }));
  return { fallback, items };
}
