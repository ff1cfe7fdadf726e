import { openLoop } from '../../bench/support/open-loop';

describe('openLoop', () => {
  it('sends so many, each for its own moment, and does not wait for what it sent', async () => {
    const scheduled: number[] = [];
    const startedAt = performance.now();
    await openLoop({ ratePerSecond: 500, seconds: 0.1 }, (at) => {
      scheduled.push(at);
      void new Promise(() => undefined); // an answer that never comes
    });
    expect(scheduled).toHaveLength(50);
    expect(scheduled[0]).toBeGreaterThanOrEqual(startedAt);
    scheduled.slice(1).forEach((at, k) => expect(at - scheduled[k]!).toBeCloseTo(2, 6));
  });

  it('catches up with the schedule after a delay, and keeps the scheduled moments', async () => {
    const sent: { at: number; late: number }[] = [];
    await openLoop({ ratePerSecond: 1_000, seconds: 0.05 }, (at) => {
      sent.push({ at, late: performance.now() - at });
      if (sent.length === 10) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // holds up the whole process
    });
    expect(sent).toHaveLength(50);
    expect(sent[10]!.late).toBeGreaterThan(15); // counted as late, not moved
    sent.slice(1).forEach(({ at }, k) => expect(at - sent[k]!.at).toBeCloseTo(1, 6));
  });
});
