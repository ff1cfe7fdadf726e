import type { EvaluationReport, EvaluationRow, Gate } from './evaluate-study';
import type { Refinement } from '../ranking/learnt-blend/gate-decision';
import type { Difference } from './compare-rows';
import type { Figure } from './evaluate-split';
import { stalenessMarkdown, type StalenessCurve } from './staleness';

/** Metrics of lists rather than of being right: they get a table of their own, which keeps both narrow enough to read. */
const OF_LISTS = /^(auc|coverage|gini|novelty|diversity|miscalibration)/;

/** The tables of each protocol, one row a model in the order of the results, each figure with its interval. */
export function toMarkdown(report: EvaluationReport): string {
  const { dataset, part, seed, rows, failed } = report;
  const protocols = [...new Set([...rows, ...failed].map(({ protocol }) => protocol))];
  const sections = protocols.flatMap((name) => [`## ${name}`, ...protocolSections(report, name)]);
  const heading = part === 'test' ? `# ${dataset}` : `# ${dataset}, validation part`;
  return [heading, ...sections, `Intervals: 95 % percentile bootstrap over users, seed ${seed}. Ties count half.`].join('\n\n') + '\n';
}

/** All that a report tells of one protocol, without a heading. */
export function protocolSections({ rows, differences, gates, staleness, failed }: EvaluationReport, name: string): string[] {
  const ofProtocol = <T extends { readonly protocol: string }>(all: readonly T[]): T[] => all.filter(({ protocol }) => protocol === name);
  const own = ofProtocol(rows);
  return [
    accuracyTable(own),
    listsTable(own),
    differenceLines(ofProtocol(differences)),
    ...ofProtocol(gates).map(gateTable),
    stalenessTable(ofProtocol(staleness)),
    ...ofProtocol(failed).map(({ model, message }) => `${model} is missing: ${message}`),
  ].filter((text) => text !== '');
}

const metricsOf = (rows: readonly EvaluationRow[]): string[] => [
  ...new Set(rows.flatMap(({ figures }) => figures.map(({ metric }) => metric))),
];

const figureCells = ({ figures }: EvaluationRow, metrics: readonly string[]): string[] =>
  metrics.map((name) => figureCell(figures.find(({ metric }) => metric === name)));

/** How right the lists were, and what that cost. */
export function accuracyTable(rows: readonly EvaluationRow[]): string {
  const metrics = metricsOf(rows).filter((name) => !OF_LISTS.test(name));
  return markdownTable(
    ['model', ...metrics, ...COST_COLUMNS],
    rows.map((row) => [rowName(row), ...figureCells(row, metrics), ...costCells(row)]),
  );
}

/** What else is told of the lists; empty where nothing is. */
export function listsTable(rows: readonly EvaluationRow[]): string {
  const metrics = metricsOf(rows).filter((name) => OF_LISTS.test(name));
  if (metrics.length === 0) return '';
  return markdownTable(
    ['model', ...metrics],
    rows.map((row) => [rowName(row), ...figureCells(row, metrics)]),
  );
}

/** Which models joined the hybrid, and what each adds to the validation part. */
export function gateTable({ decisions, refinements, ndcg, single }: Gate): string {
  const line = (name: string, { joined, gain, low, high, ndcgWith, cases }: Omit<Refinement, 'refinement'>): string[] => [
    name,
    joined ? 'joins' : 'stays out',
    `${signed(gain)} (${signed(low)} to ${signed(high)})`,
    short(ndcgWith),
    String(cases),
  ];
  const rows = [
    ...decisions.map((decision) => line(decision.model, decision)),
    ...refinements.map((decision) => line(decision.refinement, decision)),
  ];
  const table = markdownTable(['the gate, on the validation part', '', 'gain in NDCG@10', 'with it', 'cases'], rows);
  return `${table}\n\nOn the validation part, by weights learnt from other users: the hybrid ${short(ndcg)}, the best model alone (${single.model}) ${short(single.ndcg)}.`;
}

const stalenessTable = (curves: readonly StalenessCurve[]): string => (curves.length === 0 ? '' : stalenessMarkdown(curves));

/** What the hybrid adds to the best single model, and each model to popularity. */
export function differenceLines(differences: readonly Difference[]): string {
  return differences.map((difference) => `- ${difference.metric}: ${differenceText(difference)}`).join('\n');
}

/** `hybrid − ease +.0120 (.0031–.0209): better`; the verdict is whether the interval excludes 0. */
export function differenceText({ model, against, value, low, high }: Difference): string {
  const verdict = low > 0 ? 'better' : high < 0 ? '**worse**' : 'not told apart';
  return `${model} − ${against} ${signed(value)} (${signed(low)} to ${signed(high)}): ${verdict}`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`;

export const rowName = ({ model, variant }: Pick<EvaluationRow, 'model' | 'variant'>): string =>
  variant === undefined ? model : `${model} (${variant})`;

export const COST_COLUMNS = ['fit, s', 'CPU, s', 'peak memory, MB', 'of it before the fit', 'backend'] as const;

/** What a fit cost; empty where nothing was measured. */
export function costCells({ fitSeconds, fit }: Pick<EvaluationRow, 'fitSeconds' | 'fit'>): string[] {
  const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '' : (bytes / 1e6).toFixed(0));
  return [
    fitSeconds.toFixed(2),
    fit?.cpuSeconds.toFixed(2) ?? '',
    megabytes(fit?.peakMemoryBytes),
    megabytes(fit?.memoryBeforeBytes),
    fit?.backend ?? '',
  ];
}

/** A Markdown table, its first column to the left and the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, k) => (k === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `value (low–high)`, or the value alone where there is no interval. */
export function figureCell(figure: Omit<Figure, 'metric'> | undefined): string {
  if (figure === undefined) return '';
  const { value, low, high } = figure;
  return low === value && high === value ? short(value) : `${short(value)} (${short(low)}–${short(high)})`;
}

/** Four places, without the leading zero. */
export const short = (value: number): string => value.toFixed(4).replace(/^(-?)0\./, '$1.');
