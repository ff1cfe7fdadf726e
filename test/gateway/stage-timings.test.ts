import { stageTimings } from '../../src/gateway/stage-timings';

describe('stageTimings', () => {
  it('times each stage from the end of the one before', () => {
    const timeline = { receivedAt: 100, recordedAt: 102, startedAt: 105, scoredAt: 106.5 };
    expect(stageTimings(timeline, { arrivedAt: 107, now: 107.25 })).toEqual({ ingest: 2, queue: 3, score: 1.5, replace: 0.5, push: 0.25 });
  });

  it('leaves out the stages of a behaviour when none caused the list', () => {
    expect(stageTimings({ startedAt: 5, scoredAt: 6 }, { arrivedAt: 8, now: 9 })).toEqual({
      ingest: undefined,
      queue: undefined,
      score: 1,
      replace: 2,
      push: 1,
    });
  });

  it('is never negative when clocks differ', () => {
    expect(stageTimings({ startedAt: 5, scoredAt: 6 }, { arrivedAt: 4, now: 4 })).toMatchObject({ replace: 0, push: 0 });
  });
});
