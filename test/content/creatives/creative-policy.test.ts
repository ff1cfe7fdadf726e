import { armShares } from '../../../src/content/creatives/arms';
import { CreativePolicy, NOTHING_LEARNT, propensityOf, type LearntCreatives } from '../../../src/content/creatives/creative-policy';
import { decodeCreatives, encodeCreatives } from '../../../src/content/creatives/creatives-snapshot';
import { FIXED_ARMS, TEMPLATE_ARM } from '../../../src/content/creatives/hand-written-plans';
import { allPlans, codeOf, PLAN_WIDTH } from '../../../src/content/creatives/plan';
import { CONTEXT_WIDTH } from '../../../src/content/creatives/taste';
import { CLICK_WEIGHTS } from '../../../src/content/gan/click-value';
import { drawNet } from '../../../src/content/gan/dense-net';
import { GENERATOR_INPUTS, PlanGenerator } from '../../../src/content/gan/plan-generator';
import { seededRandom } from '../../../src/platform/random';

const net = drawNet(seededRandom(5), { inputs: GENERATOR_INPUTS, hidden: 6, outputs: PLAN_WIDTH });
const estimated = Float64Array.from({ length: CLICK_WEIGHTS }, (_, k) => ((k * 7) % 5) / 200);
const generator = new PlanGenerator(net, estimated);
const context = Float32Array.from({ length: CONTEXT_WIDTH }, (_, k) => (k % 3) / 3);
const segments = new Map([
  [
    't0',
    new Map([
      ['story', { shown: 60, clicked: 12 }],
      ['bargain', { shown: 60, clicked: 3 }],
    ]),
  ],
]);
const on: LearntCreatives = { segments, stage: 'on', generator };
const rules = { generated: true, explore: 0.2 };
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('armShares', () => {
  it('gives exploration its part, and a generator on trial half of that', () => {
    const sharesAt = (stage: LearntCreatives['stage'], generated = true) =>
      new Map(armShares(new Map(), { generated, explore: 0.2, stage }).map(({ arm, share }) => [arm, share]));
    expect(sharesAt('none').get('explore')).toBe(0.2);
    expect(sharesAt('trial')).toEqual(new Map([...sharesAt('none'), ['explore', 0.1], ['trial', 0.1]]));
    expect(sharesAt('on').get('explore')).toBe(0.1);
    expect(sharesAt('on').get('generated')).toBeCloseTo(0.9 / 9, 10);
    expect([...sharesAt('none', false).keys()]).toEqual(FIXED_ARMS);
  });

  it('refuses an exploration that leaves nothing', () => {
    expect(() => armShares(new Map(), { ...rules, explore: 1, stage: 'none' })).toThrow(/at least 0 and below 1/);
  });
});

describe('decide', () => {
  const policy = new CreativePolicy(on, rules);
  const shares = policy.sharesOf('t0');

  it('has propensities that sum to 1 over everything that it may show', () => {
    const mixture = generator.served(context);
    const ofPlans = sum(Array.from(allPlans(), (indices) => propensityOf(shares, indices, mixture)));
    expect(ofPlans + shares.find(({ arm }) => arm === TEMPLATE_ARM)!.share).toBeCloseTo(1, 9);
  });

  it('shows each arm and each plan as often as the propensity says', () => {
    const random = seededRandom(1);
    const [arms, plans] = [new Map<string, number>(), new Map<string, { count: number; propensity: number }>()];
    const draws = 8_000;
    for (let k = 0; k < draws; k++) {
      const { arm, indices, propensity, share } = policy.decide('t0', context, random);
      expect(share).toBe(shares.find((one) => one.arm === arm)!.share);
      arms.set(arm, (arms.get(arm) ?? 0) + 1);
      const code = indices ? codeOf(indices) : '';
      plans.set(code, { count: (plans.get(code)?.count ?? 0) + 1, propensity });
    }
    for (const { arm, share } of shares) expect((arms.get(arm) ?? 0) / draws).toBeCloseTo(share, 1);
    for (const { count, propensity } of plans.values()) {
      expect(Math.abs(count - draws * propensity)).toBeLessThan(5 * Math.sqrt(draws * propensity) + 4);
    }
  });

  it('shows only what is written by hand in bandit mode, whatever was learnt', () => {
    const bandit = new CreativePolicy(on, { generated: false, explore: 0.2 });
    const random = seededRandom(2);
    for (let k = 0; k < 500; k++) expect(FIXED_ARMS).toContain(bandit.decide('t0', context, random).arm);
  });

  it('decides the same again from the same draws', () => {
    expect(policy.decide('new', context, seededRandom(9))).toEqual(policy.decide('new', context, seededRandom(9)));
  });
});

describe('snapshot', () => {
  it('is read back as it was', () => {
    const read = decodeCreatives(encodeCreatives(on, 'v1', 1));
    expect(read).toEqual(on);
    expect(decodeCreatives(encodeCreatives(NOTHING_LEARNT, 'v1', 1))).toEqual(NOTHING_LEARNT);
    const unvalued: LearntCreatives = { ...on, generator: new PlanGenerator(net) };
    expect(decodeCreatives(encodeCreatives(unvalued, 'v1', 1))).toEqual(unvalued);
  });

  it('is refused with weights of another shape or that are not finite', () => {
    const broken = (part: object, value = estimated) =>
      encodeCreatives({ ...on, generator: new PlanGenerator({ ...net, ...part }, value) }, 'v1', 1);
    expect(() => decodeCreatives(broken({ b2: new Float64Array(3) }))).toThrow(/another shape/);
    expect(() => decodeCreatives(broken({ b2: new Float64Array(PLAN_WIDTH).fill(NaN) }))).toThrow(/not finite/);
    expect(() => decodeCreatives(broken({}, new Float64Array(7)))).toThrow(/another shape/);
  });
});
