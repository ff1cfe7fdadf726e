import { Histogram, Registry } from 'prom-client';
import { StageTimes } from '../../src/platform/stage-times';

const options = { name: 'times_ms', help: 'Times', bucketsMs: [0.5, 1, 10], stages: ['a', 'b', 'c'] as const };

it('is exported to the letter as a histogram of prom-client is', async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const times = StageTimes.in(own, options);
  const histogram = new Histogram({ ...options, buckets: [...options.bucketsMs], labelNames: ['stage'], registers: [theirs] });
  for (const [stage, ms] of [
    ['a', 0],
    ['a', 0.5],
    ['a', 0.75],
    ['b', 10],
    ['b', 11],
    ['b', 1e6],
  ] as const) {
    times.observe(options.stages.indexOf(stage), ms);
    histogram.labels(stage).observe(ms);
  }
  const text = await own.metrics();
  expect(text).toContain('times_ms_bucket{le="+Inf",stage="b"} 3');
  expect(text).toBe(await theirs.metrics());
});

it('is one instrument for all who ask for it by name, and can be reset', async () => {
  const registry = new Registry();
  const times = StageTimes.in(registry, options);
  expect(StageTimes.in(registry, options)).toBe(times);
  times.observe(0, 1);
  registry.resetMetrics();
  expect(await registry.metrics()).not.toContain('times_ms_count');
});
