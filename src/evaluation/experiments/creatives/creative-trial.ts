import { CreativePolicy, NOTHING_LEARNT, type CreativeDecision, type LearntCreatives } from '../../../content/creatives/creative-policy';
import { FIXED_ARMS, HAND_WRITTEN_INDICES, TEMPLATE_ARM, TEMPLATE_LIKE_PLAN } from '../../../content/creatives/hand-written-plans';
import { learnCreatives, type CreativeFeedback, type CreativesDecision } from '../../../content/creatives/learn-creatives';
import { indicesOf, type PlanIndices } from '../../../content/creatives/plan';
import { seededRandom } from '../../../platform/random';
import type { PlanAudience, PlanOccasion } from '../../../simulator/plan-readers';

export interface TrialSize {
  readonly rounds: number;
  /** Impressions in a round. */
  readonly impressions: number;
  /** The generator is fitted after every so many rounds. */
  readonly refitEvery: number;
}

/** Mean chance of a click of what was shown, over all rounds and over the last quarter of them. */
export interface TrialRates {
  readonly all: number;
  readonly last: number;
}

export interface TrialResult extends TrialRates {
  /** After each round. */
  readonly decisions: readonly CreativesDecision[];
  readonly learnt: LearntCreatives;
}

const TEMPLATE_INDICES = indicesOf(TEMPLATE_LIKE_PLAN);
/** The plan of a fixed arm; the fixed templates are the plan that says the same. */
export const planOfArm = (arm: string): PlanIndices => (arm === TEMPLATE_ARM ? TEMPLATE_INDICES : HAND_WRITTEN_INDICES.get(arm)!);

/** The occasions of one round: the same for whatever is shown. */
function* occasionsOf(audience: PlanAudience, seed: number, round: number, impressions: number): Generator<PlanOccasion> {
  const random = seededRandom(seed + 7_919 * (round + 1));
  for (let k = 0; k < impressions; k++) yield audience.next(random);
}

/** What one plan earns that everybody is shown, for each of these. */
export function tryPlans(
  audience: PlanAudience,
  seed: number,
  size: TrialSize,
  plans: readonly (PlanIndices | 'best for each')[],
): TrialRates[] {
  const sums = plans.map(() => new Float64Array(size.rounds));
  for (let round = 0; round < size.rounds; round++) {
    for (const occasion of occasionsOf(audience, seed, round, size.impressions)) {
      for (let k = 0; k < plans.length; k++) {
        const plan = plans[k]!;
        sums[k]![round]! += plan === 'best for each' ? occasion.bestRate() : occasion.clickRate(plan);
      }
    }
  }
  return sums.map((rounds) => ratesOf(Array.from(rounds, (sum) => sum / size.impressions)));
}

/** What each fixed arm earns, the best of them over the whole trial, known with hindsight only, and what the best plan for each occasion would. */
export function tryFixedArms(
  audience: PlanAudience,
  seed: number,
  size: TrialSize,
): { template: TrialRates; best: TrialRates; each: TrialRates } {
  const rates = tryPlans(audience, seed, size, [...FIXED_ARMS.map(planOfArm), 'best for each']);
  const arms = rates.slice(0, FIXED_ARMS.length);
  return {
    template: arms[FIXED_ARMS.indexOf(TEMPLATE_ARM)]!,
    best: arms.reduce((best, one) => (one.all > best.all ? one : best)),
    each: rates.at(-1)!,
  };
}

/** Shows what a policy chooses, round after round; after each round it learns from the clicks so far, as the training job does. */
export function tryPolicy(
  audience: PlanAudience,
  seed: number,
  size: TrialSize,
  rules: { generated: boolean; explore: number },
): TrialResult {
  const random = seededRandom(seed ^ 0xc11c);
  const feedback: CreativeFeedback[] = [];
  const decisions: CreativesDecision[] = [];
  const rates: number[] = [];
  let learnt: LearntCreatives = NOTHING_LEARNT;
  for (let round = 0; round < size.rounds; round++) {
    const policy = new CreativePolicy(learnt, rules);
    let sum = 0;
    for (const occasion of occasionsOf(audience, seed, round, size.impressions)) {
      const decision = policy.decide(occasion.segment, occasion.context, random);
      const rate = occasion.clickRate(decision.indices ?? TEMPLATE_INDICES);
      sum += rate;
      feedback.push(feedbackOf(occasion, decision, random() < rate));
    }
    rates.push(sum / size.impressions);
    const learning = learnCreatives(feedback, learnt, { generated: rules.generated, refit: (round + 1) % size.refitEvery === 0, seed });
    learnt = learning.learnt;
    decisions.push(learning.decision);
  }
  return { ...ratesOf(rates), decisions, learnt };
}

const feedbackOf = ({ reader, segment, context }: PlanOccasion, decision: CreativeDecision, clicked: boolean): CreativeFeedback => ({
  reader,
  segment,
  context,
  ...decision,
  clicked,
});

function ratesOf(rates: readonly number[]): TrialRates {
  const last = rates.slice(-Math.ceil(rates.length / 4));
  return { all: mean(rates), last: mean(last) };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
