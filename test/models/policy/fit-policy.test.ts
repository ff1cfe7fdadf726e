import type { JudgedDecision } from '../../../src/models/policy/decision';
import { addListGradient, fitPolicy } from '../../../src/models/policy/fit-policy';
import { initialWeights, PolicyPass } from '../../../src/models/policy/network';
import { PolicyScorer, type PolicySnapshot } from '../../../src/models/policy/policy';
import { POLICY_DEFAULTS } from '../../../src/models/policy/policy-options';
import { ValueBaseline } from '../../../src/models/policy/value-baseline';
import { decodeSnapshot, encodeSnapshot } from '../../../src/models/snapshot-codec';
import { seededRandom } from '../../../src/platform/random';
import { aSituation, loggedList } from './decisions';

/** The blend prefers the first; what earns is the one that the third feature marks, here the third candidate. */
const situation = aSituation([
  [255, 255, 0],
  [230, 160, 0],
  [200, 130, 255],
  [180, 110, 0],
]);
const earn = (candidate: number): number => (candidate === 2 ? 1 : 0);
const logged = (count: number, seed: number): JudgedDecision[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, user) => loggedList(situation, { size: 1, user, random, earn }));
};
const first = (snapshot: PolicySnapshot): number => {
  const list = new PolicyScorer(snapshot).begin(situation);
  return [0, 1, 2, 3].reduce((best, c) => (list.logit(c) > list.logit(best) ? c : best), 0);
};

describe('fitPolicy', () => {
  const options = { ...POLICY_DEFAULTS, epochs: 10 };

  it('finds out what earns, although the log seldom shows it', () => {
    expect(first(fitPolicy([], options))).toBe(0); // the blend's order
    const snapshot = fitPolicy(logged(600, 4), options);
    expect(first(snapshot)).toBe(2);
    expect(snapshot.decisions).toBe(600);
  });

  it('is the same for the same seed, and survives the codec', () => {
    const lists = logged(100, 5);
    const snapshot = fitPolicy(lists, options);
    expect(fitPolicy(lists, options)).toEqual(snapshot);
    const bytes = encodeSnapshot({ model: 'policy', version: 'v', trainedAt: 1 }, snapshot);
    expect(decodeSnapshot(bytes, { model: 'policy' }).snapshot).toEqual(snapshot);
    expect(() => new PolicyScorer({ ...snapshot, parameters: new Float64Array(3) })).toThrow(
      'snapshot refused: 3 parameters do not make 12',
    );
  });

  it('learns nothing from places without a propensity', () => {
    const certain = logged(100, 6).map((list) => ({ ...list, places: list.places.map((place) => ({ ...place, propensity: null })) }));
    expect(fitPolicy(certain, options)).toMatchObject({ decisions: 0, parameters: fitPolicy([], options).parameters });
  });

  it('wants less of what the list has already, where repeats earn nothing', () => {
    const alike = aSituation(
      [
        [255, 255],
        [250, 200],
        [150, 160],
        [140, 150],
      ],
      [0, 0, 1, 1],
    );
    const random = seededRandom(8);
    const lists = Array.from({ length: 800 }, (_, user) => {
      const list = loggedList(alike, { size: 2, user, random, earn: () => 0 });
      const [a, b] = list.places.map(({ candidate }) => alike.kinds[candidate]!);
      return { ...list, rewards: Float64Array.of(1, a === b ? 0 : 1) };
    });
    const filled = new PolicyScorer(fitPolicy(lists, options)).begin(alike);
    filled.place(0);
    expect(filled.logit(0)).toBe(-Infinity);
    expect(filled.logit(2)).toBeGreaterThan(filled.logit(1));
  });
});

describe('the value baseline', () => {
  /** What a place earns depends on the moment and the place, not on who gets it. */
  const worth = (moment: number, place: number): number => 3 * (moment / 255) + 1 / (place + 1);
  const random = seededRandom(9);
  const lists = Array.from({ length: 400 }, (_, user) => {
    const moment = Math.floor(256 * random());
    const list = loggedList({ ...situation, state: Uint8Array.of(moment, 0, 0, 0, 0, 0, 0) }, { size: 2, user, random, earn });
    return { ...list, rewards: Float64Array.of(worth(moment, 0), worth(moment, 1)) };
  });
  const baseline = ValueBaseline.fit(lists, 1e-6);

  it('knows what a place is worth in a moment', () => {
    for (const moment of [0, 60, 255])
      for (const place of [0, 1])
        expect(baseline.valueOf(Uint8Array.of(moment, 0, 0, 0, 0, 0, 0), place)).toBeCloseTo(worth(moment, place), 2);
  });

  it('takes nearly all variance from the gradient and leaves its mean where it was', () => {
    const noisy = lists.map((list) => ({
      ...list,
      rewards: list.rewards.map((reward, place) => reward + earn(list.places[place]!.candidate)),
    }));
    const fitted = ValueBaseline.fit(noisy);
    const spread = (value: (state: Uint8Array, place: number) => number): number => {
      const gradients = noisy.map((list) => {
        const pass = new PolicyPass(initialWeights(2, 6, 1));
        const gradient = new Float64Array(pass.weights.parameters.length);
        addListGradient(pass, list, { valueOf: value }, { topK: 1, cap: Infinity }, gradient);
        return gradient;
      });
      const mean = gradients[0]!.map((_, p) => gradients.reduce((sum, gradient) => sum + gradient[p]!, 0) / gradients.length);
      return gradients.reduce((sum, gradient) => sum + gradient.reduce((own, slope, p) => own + (slope - mean[p]!) ** 2, 0), 0);
    };
    expect(spread((state, place) => fitted.valueOf(state, place))).toBeLessThan(0.5 * spread(() => 0));
  });

  it('is 0 where nothing was seen', () => expect(ValueBaseline.fit([]).valueOf(new Uint8Array(7), 0)).toBe(0));
});
