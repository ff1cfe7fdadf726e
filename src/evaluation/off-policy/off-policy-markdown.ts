import type { OffPolicyResult } from './evaluate-policy';

/** A Markdown table of the results, a row each, in their order. */
export function offPolicyMarkdown(results: readonly OffPolicyResult[]): string {
  const rows = results.map((result) =>
    [
      result.target,
      result.logged,
      result.estimator,
      `${short(result.estimate)} (${short(result.low)}–${short(result.high)})`,
      result.effectiveSampleSize.toFixed(0),
      result.largestWeight.toFixed(1),
      result.meanWeight.toFixed(2),
    ].join(' | '),
  );
  return [
    '| policy | from the log of | estimator | click rate | effective sample | largest weight | mean weight |',
    '| --- | --- | --- | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** Four places, without the leading zero. */
const short = (value: number): string => value.toFixed(4).replace(/^(-?)0\./, '$1.');
