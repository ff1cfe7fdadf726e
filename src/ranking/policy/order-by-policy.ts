import type { DecidedPlace, ListDecision, Situation } from '../../models/policy/decision';
import type { Random } from '../../platform/random';
import type { OrderLevel } from '../fallback';
import type { LevelContext } from '../level-candidates';
import type { LevelCandidate } from '../list-filling';
import type { FallbackLevel } from '../surface-settings';
import { situationOf } from './candidate-features';
import { Explorer } from './explorer';

/** A list that explored, as it is kept for learning. */
export interface KeptDecision extends ListDecision {
  /** [candidates] */
  readonly itemIds: readonly string[];
}

/** The levels that are a blend of models: what the policy orders and where places are drawn. */
const BLENDED: readonly FallbackLevel[] = ['hybrid', 'partial'];

/**
 * How one list is ordered: by the live policy where the surface wants it, and with places drawn where the surface explores and `random` says that this
 * list does. `order` is undefined where neither is so: the list is then made as if there were no policy.
 */
export class ListOrder {
  private decision: KeptDecision | undefined;
  private readonly explores: boolean;

  constructor(
    private readonly context: Omit<LevelContext, 'open' | 'admits'>,
    private readonly random: Random | undefined,
  ) {
    const { exploration } = context.surface;
    this.explores = exploration !== undefined && random !== undefined && random() < exploration.lists;
  }

  get order(): OrderLevel | undefined {
    const { surface, models } = this.context;
    const policy = surface.policy === true ? models.policy : undefined;
    if (policy === undefined && !this.explores) return undefined;
    return (level, candidates) => {
      if (!BLENDED.includes(level) || candidates.length === 0) return undefined;
      const situation = this.situation(candidates);
      return { ...(policy && { policy: policy.begin(situation) }), ...(this.explores && this.explore(candidates, situation)) };
    };
  }

  /** What was decided, once the list is full; undefined: it did not explore. */
  get kept(): KeptDecision | undefined {
    return this.decision;
  }

  private situation(candidates: readonly LevelCandidate[]) {
    const { profile, query, catalogue, models, now } = this.context;
    const rowOf = (itemId: string): number | undefined => models.index.rowOf(itemId);
    const { userStates } = models;
    return situationOf(candidates, { profile, query, catalogue, rowOf, now, ...(userStates && { userStates }) });
  }

  private explore(candidates: readonly LevelCandidate[], situation: Situation) {
    const { places: share, pool, temperature } = this.context.surface.exploration!;
    const rule = { places: share, pool, temperature };
    const places: DecidedPlace[] = [];
    this.decision = { itemIds: candidates.map(({ item }) => item.id), ...situation, places, rule };
    return {
      explorer: new Explorer(situation.features, rule, this.random!),
      onPlace: (candidate: number, propensity: number | null) => void places.push({ candidate, propensity }),
    };
  }
}
