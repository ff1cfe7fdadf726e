import { bootstrapMean, type Estimate } from '../../evaluation/bootstrap';
import { fitClickValue, type JudgedPlan } from '../gan/click-value';
import { fitGan, GAN_DEFAULTS, type EarnedPlan, type GanOptions, type GanOutcome } from '../gan/fit-gan';
import type { ModeCoverage } from '../gan/mode-coverage';
import { PlanGenerator } from '../gan/plan-generator';
import { GENERATED_ARM, TRIAL_ARM, type GeneratorFit, type GeneratorStage } from './arms';
import type { LearntCreatives } from './creative-policy';
import { FIXED_ARMS } from './hand-written-plans';
import type { PlanIndices } from './plan';
import type { ArmCount } from './thompson';

/** One item that was shown with a creative, and what came of it. */
export interface CreativeFeedback {
  /** Number of the reader: what one reader does goes together. */
  readonly reader: number;
  readonly segment: string;
  readonly context: ArrayLike<number>;
  readonly arm: string;
  readonly indices: PlanIndices | undefined;
  readonly share: number;
  readonly propensity: number;
  readonly clicked: boolean;
}

/** What a training run decided, for operators. */
export interface CreativesDecision {
  readonly fit: GeneratorFit;
  readonly stage: GeneratorStage;
  /** In words. */
  readonly reason: string;
  readonly modes?: ModeCoverage;
  /** Click rate of generated plans on trial less that of the hand-written ones, with its interval. */
  readonly gain?: Estimate;
}

export interface LearnCreativesOptions {
  readonly generated: boolean;
  /** Whether the generator is fitted anew this time. @default true */
  readonly refit?: boolean;
  readonly seed: number;
  readonly gan?: Partial<GanOptions>;
  /** Generated plans that must have been shown before their gain is asked for. @default 500 */
  readonly fewestTried?: number;
}

/** Click rates by arm in each segment. */
export function countArms(feedback: readonly CreativeFeedback[]): Map<string, Map<string, ArmCount>> {
  const segments = new Map<string, Map<string, ArmCount>>();
  for (const { segment, arm, clicked } of feedback) {
    let arms = segments.get(segment);
    if (!arms) segments.set(segment, (arms = new Map<string, ArmCount>()));
    // What the generator earned while it was tried is its own when it is on.
    const counted = arm === TRIAL_ARM ? GENERATED_ARM : arm;
    const { shown, clicked: before } = arms.get(counted) ?? { shown: 0, clicked: 0 };
    arms.set(counted, { shown: shown + 1, clicked: before + (clicked ? 1 : 0) });
  }
  return segments;
}

/** Learns creatives anew from everything that was shown: counts by arm, a generator, and whether that has earned its place. Deterministic. */
export function learnCreatives(
  feedback: readonly CreativeFeedback[],
  before: Pick<LearntCreatives, 'stage' | 'generator'>,
  { generated, refit = true, seed, gan, fewestTried = 500 }: LearnCreativesOptions,
): { readonly learnt: LearntCreatives; readonly decision: CreativesDecision } {
  const segments = countArms(feedback);
  if (!generated)
    return {
      learnt: { segments, stage: 'none' },
      decision: { fit: 'not_asked', stage: 'none', reason: 'only hand-written plans are shown' },
    };
  const fit = refit ? fitGan(earnedPlans(feedback), { ...GAN_DEFAULTS, seed, ...gan }) : undefined;
  const generator =
    fit?.outcome === 'fitted' ? new PlanGenerator(fit.generator.net, fitClickValue(feedback.filter(isOfPlan), { seed })) : before.generator;
  const { stage, ...asked } = stageOf(feedback, { stage: before.stage, there: generator !== undefined, seed, fewestTried });
  const reason = [fit ? fitInWords(fit) : '', asked.reason].filter((words) => words !== '').join('; ');
  const decision = {
    ...asked,
    fit: fit?.outcome ?? 'not_asked',
    stage,
    reason,
    ...(fit && 'modes' in fit && { modes: fit.modes }),
  } as const;
  return { learnt: { segments, stage, ...(generator && { generator }) }, decision };
}

/** Plans that were clicked, weighted so that what was shown often does not count for that. */
function earnedPlans(feedback: readonly CreativeFeedback[]): EarnedPlan[] {
  return feedback
    .filter(isOfPlan)
    .filter(({ clicked, propensity }) => clicked && propensity > 0)
    .map(({ indices, propensity, context }) => ({ context, indices, weight: 1 / propensity }));
}

/** Whether a plan was shown: what the fixed templates say is none. */
const isOfPlan = (row: CreativeFeedback): row is CreativeFeedback & JudgedPlan => row.indices !== undefined;

function fitInWords(fit: GanOutcome): string {
  if (fit.outcome === 'fitted') return '';
  if (fit.outcome === 'too_little')
    return `the generator was not fitted: ${Math.floor(fit.earned)} plans (effective number) earned a click`;
  const { coverage, entropy } = fit.modes;
  return `the generator collapsed in epoch ${fit.epoch + 1}: ${percent(coverage)} of the useful modes kept, entropy ${entropy.toFixed(2)}`;
}

interface StageInput {
  readonly stage: GeneratorStage;
  /** Whether there is a generator. */
  readonly there: boolean;
  readonly seed: number;
  readonly fewestTried: number;
}

type Staged = Pick<CreativesDecision, 'stage' | 'reason' | 'gain'>;

/**
 * The gate: a generator is tried on its part of the exploration, the same part in every segment, until it earns more clicks a plan than the fixed arms as the bandit
 * shows them, with the whole interval above 0. From then on it is an arm like the others: where it earns less, Thompson sampling shows it less.
 */
function stageOf(feedback: readonly CreativeFeedback[], { stage, there, seed, fewestTried }: StageInput): Staged {
  if (!there) return { stage: 'none', reason: 'there is no generator' };
  if (stage === 'on') return { stage, reason: 'the generator has earned its place' };
  const tried = feedback.filter(({ arm }) => arm === TRIAL_ARM);
  if (tried.length < fewestTried) {
    return { stage: 'trial', reason: `${tried.length} generated plans were shown; ${fewestTried} are needed for a comparison` };
  }
  const gain = gainOver(
    tried,
    feedback.filter(({ arm }) => FIXED.has(arm)),
    seed,
  );
  const words = `${signed(gain.value)} clicks a plan against the hand-written ones (95 %: ${signed(gain.low)} to ${signed(gain.high)})`;
  return gain.low > 0 ? { stage: 'on', reason: words, gain } : { stage: 'trial', reason: `no proven gain: ${words}`, gain };
}

const FIXED: ReadonlySet<string> = new Set(FIXED_ARMS);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

/** The difference of two click rates, by a bootstrap over readers of each: the errors of the two add up, as those of independent samples. */
function gainOver(tried: readonly CreativeFeedback[], fixed: readonly CreativeFeedback[], seed: number): Estimate {
  const [ours, theirs] = [tried, fixed].map((rows) =>
    bootstrapMean(
      rows.map(({ clicked }) => (clicked ? 1 : 0)),
      rows.map(({ reader }) => reader),
      { seed, resamples: 300 },
    ),
  ) as [Estimate, Estimate];
  const half = Math.hypot(ours.high - ours.low, theirs.high - theirs.low) / 2;
  const value = ours.value - theirs.value;
  return { value, low: value - half, high: value + half };
}
