import type { ListCost } from '../../push/recommendation-list';
import { blendedModels } from '../blend';
import { rank, type RankedList, type RankRequest } from '../rank';
import type { CostMeter } from './cost-meter';

export interface CostedList extends RankedList {
  /** Absent: nothing was measured. */
  readonly cost?: ListCost;
}

/**
 * `rank`, without the models that the meter leaves out for a list that has waited `ageMs`: level `partial` of the fallback chain answers where
 * `hybrid` would have. Without a meter it is `rank` itself.
 */
export function rankWithinBudget(request: RankRequest, meter: CostMeter | undefined, ageMs: number): CostedList {
  if (meter === undefined) return rank(request);
  const { models, surface } = request;
  const scorers = meter.begin(models.scorers, blendedModels(surface.learnt ?? surface.blend), ageMs);
  const ranked = rank({ ...request, models: { ...models, scorers } });
  return { ...ranked, cost: meter.end() };
}
