import { indicesOf, type Plan, type PlanIndices } from './plan';

const plan = (
  headline: Plan['headline'],
  first: Plan['first'],
  second: Plan['second'],
  rest: Pick<Plan, 'tone' | 'length' | 'callToAction'> & Partial<Pick<Plan, 'accent'>>,
): Plan => ({ headline, first, second, accent: 'none', ...rest });

/** Plans that people wrote, by name: what a bandit can choose from before anything was learnt. */
export const HAND_WRITTEN_PLANS: Readonly<Record<string, Plan>> = {
  bargain: plan('price', 'price', 'stock', { tone: 'brisk', length: 'short', callToAction: 'price' }),
  story: plan('inviting', 'reason', 'category', { tone: 'warm', length: 'long', callToAction: 'look' }),
  scarce: plan('plain', 'stock', 'price', { tone: 'brisk', length: 'short', callToAction: 'act' }),
  fresh: plan('category', 'date', 'reason', { tone: 'neutral', length: 'short', callToAction: 'look' }),
  curious: plan('inviting', 'category', 'reason', { tone: 'warm', length: 'short', callToAction: 'look', accent: 'sparkle' }),
  facts: plan('plain', 'price', 'category', { tone: 'neutral', length: 'long', callToAction: 'price' }),
  urgent: plan('plain', 'date', 'stock', { tone: 'brisk', length: 'short', callToAction: 'act', accent: 'arrow' }),
};

/** What the fixed templates come to as a plan: title, reason, price on the call to action. */
export const TEMPLATE_LIKE_PLAN: Plan = plan('plain', 'reason', 'none', { tone: 'neutral', length: 'short', callToAction: 'price' });

/** The arm that shows what the fixed templates say, to the byte. */
export const TEMPLATE_ARM = 'template';
/** Every arm that shows one thing always: the fixed templates first, then the plans by name. */
export const FIXED_ARMS: readonly string[] = [TEMPLATE_ARM, ...Object.keys(HAND_WRITTEN_PLANS)];

/** The plan of each hand-written arm. */
export const HAND_WRITTEN_INDICES: ReadonlyMap<string, PlanIndices> = new Map(
  Object.entries(HAND_WRITTEN_PLANS).map(([name, written]) => [name, indicesOf(written)]),
);
