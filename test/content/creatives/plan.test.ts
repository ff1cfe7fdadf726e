import { HAND_WRITTEN_PLANS } from '../../../src/content/creatives/hand-written-plans';
import {
  allPlans,
  canonical,
  codeOf,
  drawsOf,
  indicesOf,
  indicesOfCode,
  MODES,
  modeOf,
  planOf,
  RAW_PLANS,
} from '../../../src/content/creatives/plan';

describe('plan space', () => {
  it('holds every plan once: of 6,480 draws 1,080 repeat the first fact', () => {
    const codes = new Set(Array.from(allPlans(), codeOf));
    expect(RAW_PLANS).toBe(6480);
    expect(codes.size).toBe(6480 - 1080);
    expect(Array.from(allPlans()).length).toBe(codes.size);
    expect(new Set(Array.from(allPlans(), modeOf)).size).toBe(MODES);
  });

  it('reads a plan back from its indices and from its code', () => {
    for (const plan of Object.values(HAND_WRITTEN_PLANS)) {
      expect(planOf(indicesOf(plan))).toEqual(plan);
      expect(planOf(indicesOfCode(codeOf(indicesOf(plan))))).toEqual(plan);
    }
  });

  it('takes a second fact that repeats the first for none', () => {
    const repeated = [0, 1, 2, 0, 0, 0, 0]; // price, then price again
    expect(canonical(repeated)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(codeOf(repeated)).toBe('0100000');
    expect(drawsOf(repeated)).toEqual([[0, 1, 0, 0, 0, 0, 0], repeated]);
    expect(drawsOf([0, 1, 3, 0, 0, 0, 0])).toEqual([[0, 1, 3, 0, 0, 0, 0]]);
  });

  it.each(['', '010000', '0900000', 'x100000', '01000000'])('refuses the code "%s"', (code) => {
    expect(() => indicesOfCode(code)).toThrow(/no code of a plan/);
  });
});
