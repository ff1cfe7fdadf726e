import { onFrontier } from '../../src/evaluation/experiments/frontier';

describe('onFrontier', () => {
  it('keeps what no other beats, equals among them', () => {
    const offers = [
      { cost: 1, gain: 1 },
      { cost: 2, gain: 3 },
      { cost: 3, gain: 2 }, // dearer and worse than the second
      { cost: 2, gain: 2.5 },
      { cost: 2, gain: 3 },
      { cost: 9, gain: 4 },
    ];
    expect(onFrontier(offers)).toEqual([true, true, false, false, true, true]);
  });
  it('keeps the only one', () => expect(onFrontier([{ cost: 5, gain: 0 }])).toEqual([true]));
});
