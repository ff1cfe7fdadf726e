import { learnCreatives, type CreativeFeedback } from '../../../src/content/creatives/learn-creatives';
import { canonical, PLAN_SIZES, PLAN_WIDTH } from '../../../src/content/creatives/plan';
import { CONTEXT_WIDTH, contextOf, segmentOf, tasteOf } from '../../../src/content/creatives/taste';
import { drawNet } from '../../../src/content/gan/dense-net';
import { GENERATOR_INPUTS, PlanGenerator } from '../../../src/content/gan/plan-generator';
import { seededRandom } from '../../../src/platform/random';
import { anItem, NOW } from '../../ranking/fixtures';

const generator = new PlanGenerator(drawNet(seededRandom(5), { inputs: GENERATOR_INPUTS, hidden: 4, outputs: PLAN_WIDTH }));
const trial = { stage: 'trial', generator } as const;
const options = { generated: true, refit: false, seed: 1 };
/** `count` items shown by an arm, of which a share is clicked. */
function shown(arm: string, count: number, rate: number, segment = 't1'): CreativeFeedback[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, k) => ({
    reader: k % 200,
    segment,
    context: new Float32Array(CONTEXT_WIDTH),
    arm,
    indices: arm === 'template' ? undefined : canonical(PLAN_SIZES.map((size) => Math.floor(random() * size))),
    share: 0.1,
    propensity: 0.001,
    clicked: random() < rate,
  }));
}

describe('learnCreatives', () => {
  it('counts what each arm earned in each segment; a trial is the generator’s own', () => {
    const rows = [...shown('story', 10, 1), ...shown('story', 4, 0, 'new'), ...shown('trial', 3, 1)];
    const { learnt } = learnCreatives(rows, trial, options);
    expect(learnt.segments.get('t1')!.get('story')).toEqual({ shown: 10, clicked: 10 });
    expect(learnt.segments.get('t1')!.get('generated')).toEqual({ shown: 3, clicked: 3 });
    expect(learnt.segments.get('new')!.get('story')).toEqual({ shown: 4, clicked: 0 });
  });

  it('lets a generator on that earns more, with the whole interval above 0', () => {
    const rows = [...shown('story', 5000, 0.1), ...shown('template', 2000, 0.08), ...shown('trial', 2000, 0.2)];
    const { learnt, decision } = learnCreatives(rows, trial, options);
    expect(learnt.stage).toBe('on');
    expect(decision.gain!.low).toBeGreaterThan(0);
    expect(learnCreatives(rows, learnt, options).learnt.stage).toBe('on');
  });

  it.each([
    ['earns no more', [...shown('story', 5000, 0.1), ...shown('trial', 2000, 0.1)], /no proven gain/],
    ['was shown too little', [...shown('story', 5000, 0.1), ...shown('trial', 100, 0.9)], /500 are needed/],
  ])('keeps a generator on trial that %s', (_, rows, reason) => {
    const { learnt, decision } = learnCreatives(rows, trial, options);
    expect(learnt.stage).toBe('trial');
    expect(decision.reason).toMatch(reason);
  });

  it('keeps the generator before when a new one collapses, and says so', () => {
    const gan = { entropyBonus: -3, generatorRate: 0.05, epochs: 9, steps: 20 };
    const { learnt, decision } = learnCreatives(shown('explore', 1000, 0.9), trial, { ...options, refit: true, gan });
    expect(decision).toMatchObject({ fit: 'collapsed', stage: 'trial' });
    expect(decision.reason).toMatch(/collapsed in epoch \d/);
    expect(learnt.generator).toBe(generator);
  });

  it('fits nothing that is not asked for, or from too little', () => {
    expect(learnCreatives(shown('story', 900, 1), { stage: 'none' }, { ...options, generated: false }).learnt).toMatchObject({
      stage: 'none',
    });
    const few = learnCreatives(shown('explore', 50, 1), { stage: 'none' }, { ...options, refit: true });
    expect(few.decision).toMatchObject({ fit: 'too_little', stage: 'none' });
  });
});

describe('taste', () => {
  const interests = {
    short: [
      { topic: 'c:garden/pots', value: 3 },
      { topic: 't:wool', value: 9 },
    ],
    long: [{ topic: 'c:books', value: 4 }],
  };

  it('sums interests in categories by department, at length 1', () => {
    const taste = tasteOf(interests);
    expect(Math.hypot(...taste)).toBeCloseTo(1, 6);
    expect(
      [...taste]
        .filter((value) => value !== 0)
        .map((value) => Number(value.toFixed(3)))
        .sort(),
    ).toEqual([0.6, 0.8]);
    expect(tasteOf({ short: [{ topic: 'c:garden/tools', value: 1 }], long: [] })).toEqual(
      tasteOf({ short: [{ topic: 'c:garden', value: 5 }], long: [] }),
    );
  });

  it('names a segment by the strongest place, and one for whoever is new', () => {
    expect(segmentOf(tasteOf({ short: [], long: [] }))).toBe('new');
    expect(segmentOf([0.1, 0.9, 0, 0, 0, 0, 0, 0.9])).toBe('t1');
    expect(segmentOf(tasteOf(interests))).toBe(segmentOf(tasteOf({ short: [], long: [{ topic: 'c:books', value: 1 }] })));
  });

  it('has the facts of an item in the context, finite whatever they are', () => {
    const context = contextOf(tasteOf(interests), anItem('odd', { price: 1e9, currency: 'EUR', stock: 1, publishedAt: NOW + 1e9 }), NOW);
    expect(context).toHaveLength(CONTEXT_WIDTH);
    expect(context.every((value) => Number.isFinite(value) && Math.abs(value) <= 1)).toBe(true);
  });
});
