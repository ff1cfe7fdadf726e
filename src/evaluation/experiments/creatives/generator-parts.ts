import { FIXED_ARMS } from '../../../content/creatives/hand-written-plans';
import { PLAN_SIZES, PLAN_WIDTH, type PlanIndices } from '../../../content/creatives/plan';
import { zeroNet } from '../../../content/gan/dense-net';
import { drawPlan, GENERATOR_INPUTS, PlanGenerator, type PlanMixture } from '../../../content/gan/plan-generator';
import { seededRandom } from '../../../platform/random';
import type { PlanAudience, PlanOccasion } from '../../../simulator/plan-readers';
import { mean, planOfArm } from './creative-trial';

const OCCASIONS = 4000;
export const BEST_TEMPLATE = 'best template for all';

/**
 * The mean true chance of a click, in [0, 1], of the best templates and plans, for all and of each segment, and of what a generator draws, as a whole and without its parts; by
 * name. Deterministic in the seed. No generator: without its rows.
 */
export function ratesOfParts(audience: PlanAudience, generator: PlanGenerator | undefined, seed: number): ReadonlyMap<string, number> {
  const random = seededRandom(seed ^ 0x9a275);
  const occasions = Array.from({ length: OCCASIONS }, () => audience.next(random));
  const segments = [...new Set(occasions.map(({ segment }) => segment))].map((name) => occasions.filter(({ segment }) => segment === name));
  const bySegment = (best: (of: readonly PlanOccasion[]) => number): number =>
    segments.reduce((sum, of) => sum + of.length * best(of), 0) / OCCASIONS;
  const drawn = (mixtureFor: (context: readonly number[]) => PlanMixture): number =>
    mean(occasions.map(({ context, clickRate }) => clickRate(drawPlan(mixtureFor(context), random))));
  const anyPlan = new PlanGenerator(zeroNet(NO_WEIGHTS), generator?.value);
  return new Map([
    ['any plan', drawn((context) => anyPlan.fitted(context))],
    [BEST_TEMPLATE, bestTemplate(occasions)],
    ['best template of each segment', bySegment(bestTemplate)],
    ['best plan for all', bestPlan(occasions)],
    ['best plan of each segment', bySegment(bestPlan)],
    ...(generator
      ? ([
          ['GAN as fitted', drawn((context) => generator.fitted(context))],
          ['click estimate without a GAN, as served', drawn((context) => anyPlan.served(context))],
          ['GAN as served', drawn((context) => generator.served(context))],
        ] as const)
      : []),
    ['best plan for each reader and item', mean(occasions.map(({ bestRate }) => bestRate()))],
  ]);
}

const NO_WEIGHTS = {
  inputs: GENERATOR_INPUTS,
  hidden: 1,
  outputs: PLAN_WIDTH,
  w1: new Float64Array(GENERATOR_INPUTS),
  b1: new Float64Array(1),
  w2: new Float64Array(PLAN_WIDTH),
  b2: new Float64Array(PLAN_WIDTH),
};

const rateOf = (plan: PlanIndices, occasions: readonly PlanOccasion[]): number => mean(occasions.map(({ clickRate }) => clickRate(plan)));

const bestTemplate = (occasions: readonly PlanOccasion[]): number =>
  Math.max(...FIXED_ARMS.map((arm) => rateOf(planOfArm(arm), occasions)));

/** From the first template on, one attribute after the other is set to its best value, until nothing changes. */
function bestPlan(occasions: readonly PlanOccasion[]): number {
  let plan = planOfArm(FIXED_ARMS[0]!);
  let best = rateOf(plan, occasions);
  for (let better = true; better;) {
    better = false;
    for (let a = 0; a < PLAN_SIZES.length; a++) {
      for (let value = 0; value < PLAN_SIZES[a]!; value++) {
        const other = plan.with(a, value);
        const rate = rateOf(other, occasions);
        if (rate <= best) continue;
        [plan, best, better] = [other, rate, true];
      }
    }
  }
  return best;
}
