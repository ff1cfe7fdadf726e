import type { EvaluationRow } from '../../src/evaluation/evaluate-study';
import { toMarkdown } from '../../src/evaluation/report';

const row: EvaluationRow = {
  protocol: 'p',
  model: 'popular',
  figures: [
    { metric: 'hr@10', value: 0.25, low: 0.125, high: 0.5 },
    { metric: 'coverage@10', value: 1, low: 1, high: 1 },
  ],
  fitSeconds: 1.234,
};
const fit = {
  dataset: 'toy',
  model: 'ncf',
  options: {},
  backend: 'wasm',
  events: 9,
  items: 3,
  fitSeconds: 2,
  cpuSeconds: 3.5,
  peakMemoryBytes: 250e6,
  memoryBeforeBytes: 100e6,
  sizeBytes: 10,
} as const;

it('writes the tables of each protocol, and what is better or worse', () => {
  const report = toMarkdown({
    dataset: 'toy',
    part: 'test',
    seed: 3,
    rows: [row, { protocol: 'q', model: 'ncf', variant: 'as published', figures: row.figures.slice(0, 1), fitSeconds: 2, fit }],
    differences: [
      { protocol: 'p', model: 'hybrid', against: 'ease', metric: 'hr@10', value: 0.012, low: 0.003, high: 0.021 },
      { protocol: 'p', model: 'ncf', against: 'popular', metric: 'hr@10', value: -0.012, low: -0.021, high: -0.003 },
      { protocol: 'p', model: 'ease', against: 'popular', metric: 'hr@10', value: 0.001, low: -0.002, high: 0.003 },
    ],
    gates: [],
    staleness: [],
    failed: [{ protocol: 'q', model: 'attention', message: 'a number was not finite' }],
  });
  expect(report).toBe(
    [
      '# toy',
      '',
      '## p',
      '',
      '| model | hr@10 | fit, s | CPU, s | peak memory, MB | of it before the fit | backend |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| popular | .2500 (.1250–.5000) | 1.23 |  |  |  |  |',
      '',
      '| model | coverage@10 |',
      '| --- | ---: |',
      '| popular | 1.0000 |',
      '',
      '- hr@10: hybrid − ease +.0120 (+.0030 to +.0210): better',
      '- hr@10: ncf − popular −.0120 (−.0210 to −.0030): **worse**',
      '- hr@10: ease − popular +.0010 (−.0020 to +.0030): not told apart',
      '',
      '## q',
      '',
      '| model | hr@10 | fit, s | CPU, s | peak memory, MB | of it before the fit | backend |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| ncf (as published) | .2500 (.1250–.5000) | 2.00 | 3.50 | 250 | 100 | wasm |',
      '',
      'attention is missing: a number was not finite',
      '',
      'Intervals: 95 % percentile bootstrap over users, seed 3. Ties count half.',
      '',
    ].join('\n'),
  );
});

it('says in the heading which part it is about when that is not the test', () => {
  expect(
    toMarkdown({ dataset: 'toy', part: 'valid', seed: 3, rows: [row], differences: [], gates: [], staleness: [], failed: [] }),
  ).toContain('# toy, validation part\n');
});
