import type { EvaluationRow } from './evaluate-study';
import type { Figure } from './evaluate-split';
import type { ExperimentResult } from './experiments/experiment';
import { experimentMarkdown } from './experiments/experiment-markdown';
import { offPolicyMarkdown } from './off-policy/off-policy-markdown';
import { PUBLISHED_FIGURES, type PublishedFigure } from './published-figures';
import { markdownTable, protocolSections, short } from './report';
import type { Scoreboard } from './scoreboard';

const PROTOCOLS: Readonly<Record<string, string>> = {
  'global-time':
    'The first 80 % of events are the fit, the next 10 % validation, the last 10 % the test; each test event is predicted from all of that user’s earlier events. All items not yet had are ranked.',
  'last-out': 'Each user’s last event from all before it; fitted on everything before. All items not yet had are ranked.',
  'given-negatives':
    'Each user’s held-out item among itself and the 99 negatives of the published split (98 in the 156 rows that repeat it). Choices on one event a user drawn from the fit, with 99 drawn negatives.',
  'leave-last-out':
    'Each user’s last item; choices on the last but one. Models are fitted without the last two, for both parts; at the test the last but one is in the history. All items not yet had are ranked.',
  'session-prefixes': 'Every next item of each test session from those before it; fitted on the training sessions alone.',
  'next-basket-all': 'Each test basket from the customer’s earlier ones; every item of the basket is right; all items are ranked.',
  'next-basket-new': 'The same, but only items new to the customer are right and ranked.',
};

/** The page of a scoreboard: a function of it, of the experiments and of the published figures, nothing else. */
export function scoreboardMarkdown(board: Scoreboard, experiments: readonly ExperimentResult[] = []): string {
  const sections = board.reports.flatMap((report) => {
    const protocols = [...new Set([...report.rows, ...report.failed].map(({ protocol }) => protocol))];
    return [`## ${report.dataset}`, ...protocols.flatMap((protocol) => protocolPart(board, report.dataset, protocol))];
  });
  const offPolicy = board.offPolicy.length === 0 ? [] : ['## open-bandit-men', OFF_POLICY, offPolicyMarkdown(board.offPolicy)];
  const absent = board.absent.length === 0 ? [] : [`Not evaluated, because the data were not there: ${board.absent.join(', ')}.`];
  return (
    [...introduction(board), ...summary(board), ...sections, ...offPolicy, ...experiments.map(experimentMarkdown), ...absent].join('\n\n') +
    '\n'
  );
}

function introduction({ seed, backend, cores, node, jobs }: Scoreboard): string[] {
  return [
    '# Scoreboard',
    `Written by \`npm run scoreboard\` from [scoreboard.json](scoreboard.json), never by hand. Every figure comes from the scorers that serve, asked with what serving sees: the newest 200 items of a history, and of up to 2,000 that they were had. Seed ${seed}; the same seed on the same backend gives the same figures, bit for bit. Machine: ${cores} cores, Node ${node}; tensors: \`${backend}\` asked for, what was used stands in each row.`,
    `Intervals: 95 % percentile bootstrap over users, paired where two models are compared. Ties count half. Parameters and blends were chosen on validation parts only. Each fit ran in a process of its own${jobs > 1 ? `, **${jobs} side by side, so times are too long**` : ', one at a time, on a machine that may have been busy with other work'}; its peak memory holds Node, the code and the events, which is what “of it before the fit” says.`,
    'Against a published figure: **won** where ours is higher, **lost** where it is lower, with “within noise” where the published figure lies inside our interval. Figures of others have no interval, and their programs may break ties in their own favour.',
  ];
}

const OFF_POLICY =
  'Logged impressions with propensities: what one policy’s log says of another, beside the click rate logged under it. With so few clicks an estimator that is right has an interval about ±50 % wide.';

/** The best row of each protocol and the hybrid, in one table. */
function summary({ reports }: Scoreboard): string[] {
  const rows = reports.flatMap(({ dataset, rows: all, differences }) =>
    differences.flatMap((difference) => {
      if (difference.model !== 'hybrid' || difference.against === 'popular') return [];
      const value = (model: string): string => {
        const row = all.find((one) => one.protocol === difference.protocol && one.model === model && one.variant === undefined);
        return short(row?.figures.find(({ metric }) => metric === difference.metric)?.value ?? 0);
      };
      const sign = (part: number): string => `${part < 0 ? '−' : '+'}${short(Math.abs(part))}`;
      return [
        [
          `${dataset}, ${difference.protocol}`,
          difference.metric,
          `${value(difference.against)} (${difference.against})`,
          value('hybrid'),
          `${sign(difference.value)} (${sign(difference.low)} to ${sign(difference.high)})`,
          difference.low > 0 ? 'better' : difference.high < 0 ? '**worse**' : 'not told apart',
        ],
      ];
    }),
  );
  return rows.length === 0
    ? []
    : ['## The hybrid against the best single model', markdownTable(['', 'by', 'best single', 'hybrid', 'difference', ''], rows)];
}

function protocolPart({ reports }: Scoreboard, dataset: string, protocol: string): string[] {
  const report = reports.find((one) => one.dataset === dataset)!;
  const described = PROTOCOLS[protocol];
  const rows = report.rows.filter((row) => row.protocol === protocol);
  const published = PUBLISHED_FIGURES.filter((figure) => figure.dataset === dataset && figure.protocol === protocol);
  return [
    `### ${dataset}, ${protocol}`,
    ...(described === undefined ? [] : [described]),
    ...protocolSections(report, protocol),
    published.length === 0 ? 'No figure with this protocol is published.' : publishedTable(published, rows),
  ];
}

/** Published figures beside ours, the losses as plain as the wins. */
function publishedTable(published: readonly PublishedFigure[], rows: readonly EvaluationRow[]): string {
  const lines = published.map(({ name, counterpart, figures, source }) => {
    const ours = rows.find(({ model, variant }) => model === counterpart && variant === undefined);
    const metrics = Object.keys(figures);
    const ourFigures = metrics.map((metric) => ours?.figures.find((figure) => figure.metric === metric));
    return [
      name,
      source,
      metrics.map((metric) => `${metric} ${short(figures[metric]!)}`).join('<br>'),
      counterpart === undefined ? 'none' : counterpart,
      ourFigures.map((figure) => (figure === undefined ? '–' : short(figure.value))).join('<br>'),
      ourFigures.map((figure, k) => verdict(figure, figures[metrics[k]!]!)).join('<br>'),
    ];
  });
  return markdownTable(['published or measured elsewhere', 'source', 'figure', 'ours', 'figure', ''], lines);
}

function verdict(ours: Figure | undefined, theirs: number): string {
  if (ours === undefined) return '–';
  const noise = ours.low <= theirs && theirs <= ours.high ? ', within noise' : '';
  const value = Number(ours.value.toFixed(4));
  if (value === theirs) return 'level';
  return `**${value > theirs ? 'won' : 'lost'}**${noise}`;
}
