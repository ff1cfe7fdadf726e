import { badInput } from '../../platform/errors';

/**
 * What a creative plan decides, and between what. The order of attributes and values is that of plan codes and of the generator's outputs:
 * a change of either makes trained snapshots of another layout (`CREATIVES_LAYOUT`).
 */
export const PLAN_SPACE = {
  /** How the item is announced: its title alone, after its category, with its price, or with an invitation. */
  headline: ['plain', 'category', 'price', 'inviting'],
  /** The fact that the text names first. */
  first: ['reason', 'price', 'stock', 'date', 'category'],
  /** The fact that the text names next; the same as the first counts as none. */
  second: ['none', 'reason', 'price', 'stock', 'date', 'category'],
  tone: ['neutral', 'warm', 'brisk'],
  /** `long` adds the first sentence of the item's description. */
  length: ['short', 'long'],
  callToAction: ['look', 'price', 'act'],
  accent: ['none', 'sparkle', 'arrow'],
} as const;

export type PlanAttribute = keyof typeof PLAN_SPACE;
/** One choice for each attribute. */
export type Plan = { readonly [A in PlanAttribute]: (typeof PLAN_SPACE)[A][number] };
export type PlanFact = Plan['first'];

export const PLAN_ATTRIBUTES = Object.keys(PLAN_SPACE) as readonly PlanAttribute[];
/** Number of values of each attribute, in their order. */
export const PLAN_SIZES: readonly number[] = PLAN_ATTRIBUTES.map((attribute) => PLAN_SPACE[attribute].length);
/** Where the values of each attribute begin in a vector of all of them. */
export const PLAN_OFFSETS: readonly number[] = PLAN_SIZES.map((_, k) => PLAN_SIZES.slice(0, k).reduce((sum, size) => sum + size, 0));
/** Length of a vector with a place for each value of each attribute. */
export const PLAN_WIDTH = PLAN_SIZES.reduce((sum, size) => sum + size, 0);
/** Choices that can be drawn, of which two that mean the same are two. */
export const RAW_PLANS = PLAN_SIZES.reduce((product, size) => product * size, 1);

const FIRST = PLAN_ATTRIBUTES.indexOf('first');
const SECOND = PLAN_ATTRIBUTES.indexOf('second');

/** A plan as the index of each value. */
export type PlanIndices = readonly number[];

export const indicesOf = (plan: Plan): number[] =>
  PLAN_ATTRIBUTES.map((attribute) => (PLAN_SPACE[attribute] as readonly string[]).indexOf(plan[attribute]));

/** The plan of drawn indices. @throws RangeError when an index is out of its range. */
export function planOf(indices: PlanIndices): Plan {
  const entries = PLAN_ATTRIBUTES.map((attribute, k) => {
    const value = (PLAN_SPACE[attribute] as readonly string[])[indices[k]!];
    if (value === undefined) throw new RangeError(`${attribute} has no value ${indices[k]}`);
    return [attribute, value] as const;
  });
  return Object.fromEntries(entries) as unknown as Plan;
}

/** The indices of the second fact that mean the same with this first one: `none`, and the first fact once more. */
const sameSecond = (first: number): number[] => [0, first + 1];

/** The same plan with `none` for a second fact that repeats the first. */
export function canonical(indices: PlanIndices): number[] {
  const same = [...indices];
  if (sameSecond(same[FIRST]!).includes(same[SECOND]!)) same[SECOND] = 0;
  return same;
}

/** All draws that mean the same as this plan: one, or two. */
export function drawsOf(indices: PlanIndices): PlanIndices[] {
  const plain = canonical(indices);
  if (plain[SECOND] !== 0) return [plain];
  return sameSecond(plain[FIRST]!).map((second) => plain.map((value, k) => (k === SECOND ? second : value)));
}

/** Seven digits, one an attribute; plans that mean the same have the same code. */
export const codeOf = (indices: PlanIndices): string => canonical(indices).join('');

/** @throws BeckonError BAD_INPUT for a text that is no code of a plan. */
export function indicesOfCode(code: string): number[] {
  const indices = [...code].map(Number);
  const fits = indices.length === PLAN_SIZES.length && indices.every((value, k) => value >= 0 && value < PLAN_SIZES[k]!);
  if (!fits) throw badInput('plan', `no code of a plan: "${code}"; a code has ${PLAN_SIZES.length} digits, one an attribute`);
  return indices;
}

/** Every plan once, as indices. */
export function* allPlans(): Generator<PlanIndices> {
  for (let number = 0; number < RAW_PLANS; number++) {
    let rest = number;
    const indices = PLAN_SIZES.map((size) => {
      const value = rest % size;
      rest = Math.floor(rest / size);
      return value;
    });
    if (indices[SECOND] !== indices[FIRST]! + 1) yield indices;
  }
}

/** What a reader sees at first sight: the attributes that make two plans different modes. */
const MODE_ATTRIBUTES = ['headline', 'first', 'tone', 'callToAction'] as const;
const MODE_PLACES = MODE_ATTRIBUTES.map((attribute) => PLAN_ATTRIBUTES.indexOf(attribute));
export const MODES = MODE_PLACES.reduce((product, place) => product * PLAN_SIZES[place]!, 1);

/** The mode of a plan, in [0, MODES): headline, first fact, tone, call to action. */
export const modeOf = (indices: PlanIndices): number => MODE_PLACES.reduce((mode, place) => mode * PLAN_SIZES[place]! + indices[place]!, 0);
