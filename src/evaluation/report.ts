import type { EvaluationResult } from './evaluate-split';

export interface EvaluationReport {
  readonly dataset: string;
  readonly seed: number;
  readonly results: readonly EvaluationResult[];
}

/** A Markdown table for each protocol, one row a model in the order of the results, each figure with its interval. */
export function toMarkdown({ dataset, seed, results }: EvaluationReport): string {
  const protocols = [...new Set(results.map(({ protocol }) => protocol))];
  const tables = protocols.map((protocol) =>
    protocolTable(
      protocol,
      results.filter((result) => result.protocol === protocol),
    ),
  );
  return [`# ${dataset}`, ...tables, `Intervals: 95 % percentile bootstrap over users, seed ${seed}. Ties count half.`].join('\n\n') + '\n';
}

function protocolTable(protocol: string, results: readonly EvaluationResult[]): string {
  const metrics = [...new Set(results.map(({ metric }) => metric))];
  const models = [...new Set(results.map(({ model }) => model))];
  const rows = models.map((model) => {
    const ofModel = results.filter((result) => result.model === model);
    const cells = metrics.map((metric) => cell(ofModel.find((result) => result.metric === metric)));
    return [model, ...cells, ofModel[0]!.fitSeconds.toFixed(2)];
  });
  const header = ['model', ...metrics, 'fit, s'];
  const rule = header.map((_, k) => (k === 0 ? '---' : '---:'));
  return [`## ${protocol}`, '', ...[header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

function cell(result: EvaluationResult | undefined): string {
  if (result === undefined) return '';
  const { value, low, high } = result;
  return low === value && high === value ? short(value) : `${short(value)} (${short(low)}–${short(high)})`;
}

/** Four places, without the leading zero. */
const short = (value: number): string => value.toFixed(4).replace(/^(-?)0\./, '$1.');
