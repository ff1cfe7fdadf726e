import { badInput } from '../../platform/errors';
import { FIXED_ARMS } from './hand-written-plans';
import { thompsonShares, type ArmCount } from './thompson';

/** Draws any plan, all equally likely: what the generator learns from, and what makes every propensity above 0. */
export const EXPLORE_ARM = 'explore';
/** Draws from the generator while it is tried. */
export const TRIAL_ARM = 'trial';
/** Draws from the generator after it has shown that it earns more. */
export const GENERATED_ARM = 'generated';
export const ALL_ARMS: readonly string[] = [...FIXED_ARMS, EXPLORE_ARM, TRIAL_ARM, GENERATED_ARM];

/** `none`: there is no generator; `trial`: it has a part of the exploration; `on`: it is an arm like the others. */
export const GENERATOR_STAGES = ['none', 'trial', 'on'] as const;
export type GeneratorStage = (typeof GENERATOR_STAGES)[number];

/**
 * `fitted`, `collapsed`, `too_little`: how the fit of the generator ended; `not_asked`: the tenant shows no generated plans, or this time it was not its turn. A fit
 * that did not end well leaves the generator before in its place.
 */
export const GENERATOR_FITS = ['fitted', 'collapsed', 'too_little', 'not_asked'] as const;
export type GeneratorFit = (typeof GENERATOR_FITS)[number];

/** How much of what is shown is exploration; the generated mode alone explores. */
export interface ArmRules {
  readonly generated: boolean;
  /** Share in [0, 1). */
  readonly explore: number;
  readonly stage: GeneratorStage;
}

export interface ArmShare {
  readonly arm: string;
  readonly share: number;
}

const NOTHING: ArmCount = { shown: 0, clicked: 0 };

/**
 * With which probability each arm is shown in a segment: the exploration's part first, the rest by Thompson sampling among the fixed arms and, once it is
 * on, the generator. Shares are above 0 or left out, and sum to 1.
 * @throws BeckonError BAD_INPUT for a share of exploration that leaves nothing.
 */
export function armShares(counts: ReadonlyMap<string, ArmCount>, { generated, explore, stage }: ArmRules): ArmShare[] {
  if (!(explore >= 0 && explore < 1)) throw badInput('explore', 'must be a share of at least 0 and below 1');
  const chosen = generated && stage === 'on' ? [...FIXED_ARMS, GENERATED_ARM] : FIXED_ARMS;
  const given = generated ? explorationOf(explore, stage) : [];
  const rest = 1 - given.reduce((sum, { share }) => sum + share, 0);
  const shares = thompsonShares(chosen.map((arm) => counts.get(arm) ?? NOTHING));
  return [...given, ...chosen.map((arm, k) => ({ arm, share: rest * shares[k]! }))].filter(({ share }) => share > 0);
}

/** A generator that is tried takes half of the exploration. One that is on needs no trial: half of it goes back to what is known to work. */
function explorationOf(explore: number, stage: GeneratorStage): ArmShare[] {
  if (stage === 'none') return [{ arm: EXPLORE_ARM, share: explore }];
  const half = { arm: EXPLORE_ARM, share: explore / 2 };
  return stage === 'trial' ? [half, { arm: TRIAL_ARM, share: explore / 2 }] : [half];
}
