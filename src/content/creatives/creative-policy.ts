import type { Random } from '../../platform/random';
import { drawPlan, planProbability, type PlanGenerator, type PlanMixture } from '../gan/plan-generator';
import { armShares, EXPLORE_ARM, GENERATED_ARM, TRIAL_ARM, type ArmShare, type GeneratorStage } from './arms';
import { HAND_WRITTEN_INDICES, TEMPLATE_ARM } from './hand-written-plans';
import { canonical, drawsOf, PLAN_SIZES, RAW_PLANS, type PlanIndices } from './plan';
import { drawIndex, type ArmCount } from './thompson';

/** What was learnt of creatives: what each arm earned in each segment, and the generator. */
export interface LearntCreatives {
  readonly segments: ReadonlyMap<string, ReadonlyMap<string, ArmCount>>;
  readonly stage: GeneratorStage;
  /** Absent when the stage is `none`. */
  readonly generator?: PlanGenerator;
}

export const NOTHING_LEARNT: LearntCreatives = { segments: new Map(), stage: 'none' };

export interface CreativeDecision {
  readonly arm: string;
  /** Undefined: as the fixed templates say. */
  readonly indices: PlanIndices | undefined;
  /** Probability of the arm in this segment. */
  readonly share: number;
  /** Probability of the plan, from whichever arm: in (0, 1]. */
  readonly propensity: number;
}

export interface CreativeRules {
  readonly generated: boolean;
  readonly explore: number;
}

/** Chooses a plan by what was learnt. Immutable: a new version of what was learnt makes a new one. */
export class CreativePolicy {
  private readonly shares = new Map<string, readonly ArmShare[]>();

  constructor(
    private readonly learnt: LearntCreatives,
    private readonly rules: CreativeRules,
  ) {}

  /** The arms of a segment with their shares, which sum to 1; reckoned once. */
  sharesOf(segment: string): readonly ArmShare[] {
    let shares = this.shares.get(segment);
    if (!shares) {
      const counts = this.learnt.segments.get(segment) ?? new Map<string, ArmCount>();
      this.shares.set(segment, (shares = armShares(counts, { ...this.rules, stage: this.learnt.stage })));
    }
    return shares;
  }

  /** A plan for one item and one reader: first an arm, then its plan. Draws from `random` only. */
  decide(segment: string, context: ArrayLike<number>, random: Random): CreativeDecision {
    const shares = this.sharesOf(segment);
    const { arm, share } =
      shares[
        drawIndex(
          shares.map((one) => one.share),
          random(),
        )
      ]!;
    if (arm === TEMPLATE_ARM) return { arm, indices: undefined, share, propensity: share };
    const mixture = this.rules.generated ? this.learnt.generator?.served(context) : undefined;
    const indices = canonical(this.planFrom(arm, mixture, random));
    return { arm, indices, share, propensity: propensityOf(shares, indices, mixture) };
  }

  private planFrom(arm: string, mixture: PlanMixture | undefined, random: Random): PlanIndices {
    if (arm === EXPLORE_ARM) return PLAN_SIZES.map((size) => Math.floor(random() * size));
    if (mixture && (arm === TRIAL_ARM || arm === GENERATED_ARM)) return drawPlan(mixture, random);
    return HAND_WRITTEN_INDICES.get(arm)!;
  }
}

/** The probability of a plan over all arms that may give it. */
export function propensityOf(shares: readonly ArmShare[], indices: PlanIndices, mixture: PlanMixture | undefined): number {
  let total = 0;
  for (const { arm, share } of shares) {
    if (arm === EXPLORE_ARM) total += (share * drawsOf(indices).length) / RAW_PLANS;
    else if (arm === TRIAL_ARM || arm === GENERATED_ARM) total += mixture ? share * planProbability(mixture, indices) : 0;
    else if (isSame(HAND_WRITTEN_INDICES.get(arm), indices)) total += share;
  }
  return total;
}

const isSame = (a: PlanIndices | undefined, b: PlanIndices): boolean => a !== undefined && a.every((value, k) => value === b[k]);
