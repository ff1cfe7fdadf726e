import { seededRandom, type Random } from '../../platform/random';
import { CONTEXT_WIDTH } from '../creatives/taste';
import { MODES, modeOf, PLAN_OFFSETS, PLAN_SIZES, PLAN_WIDTH, type PlanIndices } from '../creatives/plan';
import { backward, drawNet, forward, gradientOfInputs, NetAdam, zeroNet, type DenseNet } from './dense-net';
import { gumbelNoise, gumbelSoftmax, gumbelSoftmaxGradient, oneHot, type GumbelDraw } from './gumbel-softmax';
import { modeCoverage, type ModeCoverage } from './mode-coverage';
import { CODES, drawPlan, GENERATOR_INPUTS, generatorInput, PlanGenerator, planProbabilities } from './plan-generator';

// Taken out of the global once: inside a test runner's sandbox each look-up of a global costs more than the arithmetic.
const { floor, log, max } = Math;

/** A plan that earned a click, and for whom and what. */
export interface EarnedPlan {
  readonly context: ArrayLike<number>;
  readonly indices: PlanIndices;
  /** How much it counts: 1 / the probability with which it was shown, so that what was shown often does not count for that. */
  readonly weight: number;
}

export const GAN_DEFAULTS = {
  epochs: 20,
  /** Steps of the generator in an epoch. */
  steps: 30,
  batch: 32,
  hidden: 16,
  criticHidden: 24,
  generatorRate: 0.003,
  criticRate: 0.01,
  decay: 0.001,
  /** Steps of the discriminator for one of the generator. */
  criticSteps: 4,
  /** Temperature of the relaxation at the first and at the last epoch. */
  temperature: 1,
  lastTemperature: 0.5,
  /** What the generator gains by keeping its choices open: × the entropy of its distributions, in nats. */
  entropyBonus: 0.02,
  /** With fewer plans that earned a click nothing is fitted: counted by their effective number, (Σ weight)² / Σ weight². */
  fewestEarned: 300,
  /** Below these, from a third of the epochs on, the generator has collapsed. */
  leastCoverage: 0.8,
  leastEntropy: 0.35,
  seed: 1,
};
export type GanOptions = typeof GAN_DEFAULTS;

/** How a fit ended. `collapsed`: it was stopped at that epoch, and there is no generator. */
export type GanOutcome =
  | { readonly outcome: 'fitted'; readonly generator: PlanGenerator; readonly modes: ModeCoverage }
  | { readonly outcome: 'collapsed'; readonly epoch: number; readonly modes: ModeCoverage }
  | { readonly outcome: 'too_little'; readonly earned: number };

/** (Σ weight)² / Σ weight²: of how many equally weighted plans these tell as much as (Kish 1965). None: 0. */
export function effectiveNumber(earned: readonly EarnedPlan[]): number {
  const sum = earned.reduce((total, { weight }) => total + weight, 0);
  const squares = earned.reduce((total, { weight }) => total + weight * weight, 0);
  return squares > 0 ? (sum * sum) / squares : 0;
}

/** Draws of the generator by which modes are counted after each epoch. */
const COUNTED_DRAWS = 4000;

/**
 * A conditional GAN over discrete plans (Goodfellow 2014; Mirza & Osindero 2014): the generator draws a plan for a context by straight-through
 * Gumbel-softmax, the discriminator tells it from plans that earned a click in that context, by the hinge loss (Lim & Ye 2017; Miyato et al., ICLR 2018).
 * Deviations: the latent code is one of CODES values; an entropy bonus; no spectral normalisation, weights decay instead. Deterministic in options and data.
 */
export function fitGan(earned: readonly EarnedPlan[], given: Partial<GanOptions> = {}): GanOutcome {
  const options: GanOptions = { ...GAN_DEFAULTS, ...given };
  const effective = effectiveNumber(earned);
  if (effective < options.fewestEarned) return { outcome: 'too_little', earned: effective };
  const random = seededRandom(options.seed);
  const training = new Training(earned, options, random);
  let modes = training.modes();
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    training.epoch(epoch / max(1, options.epochs - 1));
    if (epoch < options.epochs / 3 - 1) continue;
    modes = training.modes();
    if (modes.coverage < options.leastCoverage || modes.entropy < options.leastEntropy) return { outcome: 'collapsed', epoch, modes };
  }
  return { outcome: 'fitted', generator: new PlanGenerator(training.generator), modes };
}

class Training {
  readonly generator: DenseNet;
  private readonly critic: DenseNet;
  private readonly generatorAdam: NetAdam;
  private readonly criticAdam: NetAdam;
  private readonly generatorGradient: DenseNet;
  private readonly criticGradient: DenseNet;
  private readonly cumulated: Float64Array;

  constructor(
    private readonly earned: readonly EarnedPlan[],
    private readonly options: GanOptions,
    private readonly random: Random,
  ) {
    const { hidden, criticHidden, generatorRate, criticRate, decay } = options;
    this.generator = drawNet(random, { inputs: GENERATOR_INPUTS, hidden, outputs: PLAN_WIDTH });
    this.generator.w2.forEach((weight, k) => (this.generator.w2[k] = weight * 0.1)); // begins with every plan about as likely
    this.critic = drawNet(random, { inputs: PLAN_WIDTH + CONTEXT_WIDTH, hidden: criticHidden, outputs: 1 });
    // A small first moment, as is usual for GANs: the two chase one another.
    this.generatorAdam = new NetAdam(this.generator, { rate: generatorRate, beta1: 0.5, beta2: 0.99, decay: 0 });
    this.criticAdam = new NetAdam(this.critic, { rate: criticRate, beta1: 0.5, beta2: 0.99, decay });
    this.generatorGradient = zeroNet(this.generator);
    this.criticGradient = zeroNet(this.critic);
    let sum = 0;
    this.cumulated = Float64Array.from(earned, ({ weight }) => (sum += weight));
  }

  epoch(progress: number): void {
    const { temperature, lastTemperature, steps, criticSteps } = this.options;
    const heat = temperature * (lastTemperature / temperature) ** progress;
    for (let step = 0; step < steps; step++) {
      for (let once = 0; once < criticSteps; once++) this.teachCritic(heat);
      this.teachGenerator(heat);
    }
  }

  /** One of the plans that earned a click, ∝ weight. */
  private pick(): EarnedPlan {
    const at = this.random() * this.cumulated[this.cumulated.length - 1]!;
    let [low, high] = [0, this.cumulated.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cumulated[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return this.earned[low]!;
  }

  private draw(context: ArrayLike<number>, heat: number) {
    const input = generatorInput(context, floor(this.random() * CODES));
    const pass = forward(this.generator, input);
    const drawn: GumbelDraw = gumbelSoftmax(pass.output, gumbelNoise(this.random), heat);
    return { input, pass, drawn };
  }

  /** max(0, 1 − D(earned)) + max(0, 1 + D(drawn)), one of each for the same contexts. */
  private teachCritic(heat: number): void {
    const { batch } = this.options;
    for (let k = 0; k < batch; k++) {
      const { context, indices } = this.pick();
      this.judge(indices, context, -1);
      this.judge(this.draw(context, heat).drawn.indices, context, 1);
    }
    this.criticAdam.step(this.criticGradient, batch);
  }

  private judge(indices: PlanIndices, context: ArrayLike<number>, side: 1 | -1): void {
    const input = criticInput(oneHot(indices), context);
    const pass = forward(this.critic, input);
    if (1 + side * pass.output[0]! > 0) backward(this.critic, input, pass, [side], this.criticGradient);
  }

  /** −D(drawn) − bonus · entropy, through the draw. */
  private teachGenerator(heat: number): void {
    const { batch, entropyBonus } = this.options;
    for (let k = 0; k < batch; k++) {
      const { context } = this.pick();
      const { input, pass, drawn } = this.draw(context, heat);
      const judged = criticInput(oneHot(drawn.indices), context);
      const ofHidden = backward(this.critic, judged, forward(this.critic, judged), [-1], this.criticGradient);
      const ofLogits = gumbelSoftmaxGradient(drawn.soft, gradientOfInputs(this.critic, ofHidden, PLAN_WIDTH), heat);
      addEntropyGradient(ofLogits, pass.output, -entropyBonus);
      backward(this.generator, input, pass, ofLogits, this.generatorGradient);
    }
    this.generatorAdam.step(this.generatorGradient, batch);
    clear(this.criticGradient);
  }

  modes(): ModeCoverage {
    const drawn = new Float64Array(MODES);
    const wanted = new Float64Array(MODES);
    const generator = new PlanGenerator(this.generator);
    for (let k = 0; k < COUNTED_DRAWS / CODES; k++) {
      const mixture = generator.fitted(this.pick().context);
      for (let draw = 0; draw < CODES; draw++) drawn[modeOf(drawPlan(mixture, this.random))]!++;
    }
    for (const { indices, weight } of this.earned) wanted[modeOf(indices)]! += weight;
    return modeCoverage(drawn, wanted);
  }
}

function criticInput(plan: Float64Array, context: ArrayLike<number>): Float64Array {
  const input = new Float64Array(PLAN_WIDTH + CONTEXT_WIDTH);
  input.set(plan);
  for (let k = 0; k < CONTEXT_WIDTH; k++) input[PLAN_WIDTH + k] = context[k]!;
  return input;
}

/** Adds scale × ∂H/∂logits, H = −Σ p ln p over all attributes: ∂H/∂logit_j = −p_j (ln p_j + H_attribute). */
export function addEntropyGradient(into: Float64Array, logits: Float64Array, scale: number): void {
  const shares = planProbabilities(logits);
  PLAN_SIZES.forEach((size, attribute) => {
    const from = PLAN_OFFSETS[attribute]!;
    const end = from + size;
    let entropy = 0;
    for (let k = from; k < end; k++) entropy -= shares[k]! * log(shares[k]! + 1e-300);
    for (let k = from; k < end; k++) into[k]! -= scale * shares[k]! * (log(shares[k]! + 1e-300) + entropy);
  });
}

function clear({ w1, b1, w2, b2 }: DenseNet): void {
  for (const part of [w1, b1, w2, b2]) part.fill(0);
}
