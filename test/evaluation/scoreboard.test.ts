import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationReport } from '../../src/evaluation/evaluate-study';
import { readExperiments } from '../../src/evaluation/experiments/stored-experiments';
import { STUDY_NAMES } from '../../src/evaluation/open-study';
import { PUBLISHED_FIGURES } from '../../src/evaluation/published-figures';
import { scoreboardJson, type Scoreboard } from '../../src/evaluation/scoreboard';
import { scoreboardMarkdown } from '../../src/evaluation/scoreboard-markdown';
import type { ModelName } from '../../src/push/recommendation-list';

const row = (model: ModelName, hr: number, ndcg: number): EvaluationReport['rows'][number] => ({
  protocol: 'given-negatives',
  model,
  figures: [
    { metric: 'hr@10', value: hr, low: hr - 0.01, high: hr + 0.01 },
    { metric: 'ndcg@10', value: ndcg, low: ndcg - 0.01, high: ndcg + 0.01 },
  ],
  fitSeconds: 1,
});
const figures = { gain: 0.02, low: 0.01, high: 0.03, margin: 0.0005, ndcgWith: 0.46, ndcgWithout: 0.44, cases: 100 };
const board: Scoreboard = {
  seed: 1,
  backend: 'auto',
  cores: 2,
  node: '20',
  jobs: 1,
  reports: [
    {
      dataset: 'ncf-ml-1m',
      part: 'test',
      seed: 1,
      rows: [row('popular', 0.4538, 0.2543), row('ease', 0.73, 0.4512), row('ncf', 0.69, 0.42), row('hybrid', 0.734, 0.459)],
      differences: [
        { protocol: 'given-negatives', model: 'hybrid', against: 'ease', metric: 'ndcg@10', value: 0.0078, low: 0.002, high: 0.013 },
      ],
      gates: [
        {
          protocol: 'given-negatives',
          decisions: [
            { model: 'ease', override: 'auto', joined: true, ...figures },
            { model: 'ncf', override: 'auto', joined: false, ...figures, gain: -0.001, low: -0.002, high: 0.001 },
          ],
          refinements: [],
          ndcg: 0.46,
          single: { model: 'ease', ndcg: 0.44 },
        },
      ],
      staleness: [],
      failed: [{ protocol: 'given-negatives', model: 'attention', message: 'a number was not finite' }],
    },
  ],
  offPolicy: [],
  absent: ['online-retail'],
};

describe('the page of a scoreboard', () => {
  const page = scoreboardMarkdown(board);

  it.each([
    [
      'a win',
      '| EASE | measured here in numpy, choices made on the validation part | hr@10 .7182<br>ndcg@10 .4511 | ease | .7300<br>.4512 | **won**<br>**won**, within noise |',
    ],
    ['a loss', '| ncf | .6900<br>.4200 | **lost**<br>**lost** |'],
    ['a draw', '| popular | .4538<br>.2543 | level<br>level |'],
    ['what we have not', '| none | –<br>– | –<br>– |'],
    ['the hybrid against the best', '| ncf-ml-1m, given-negatives | ndcg@10 | .4512 (ease) | .4590 | +.0078 (+.0020 to +.0130) | better |'],
    ['who joined', '| ease | joins | +.0200 (+.0100 to +.0300) | .4600 | 100 |'],
    ['who stayed out', '| ncf | stays out | −.0010 (−.0020 to +.0010) | .4600 | 100 |'],
    ['what failed', 'attention is missing: a number was not finite'],
    ['what was not there', 'because the data were not there: online-retail.'],
  ])('tells %s', (_, line) => expect(page).toContain(line));

  it('follows from the stored JSON alone', () => {
    expect(scoreboardMarkdown(JSON.parse(scoreboardJson(board)) as Scoreboard)).toBe(page);
  });

  it('has a section for each experiment, its command first', () => {
    const result = {
      name: 'coin',
      title: 'A coin',
      seed: 7,
      tables: [{ text: 'Thrown once.', columns: ['side', 'share'], rows: [['head', '1']] }],
    };
    expect(scoreboardMarkdown(board, [result])).toContain(
      '## A coin\n\n`npm run experiment -- --name coin`, seed 7.\n\nThrown once.\n\n| side | share |\n| --- | ---: |\n| head | 1 |',
    );
  });

  it('keeps what JSON cannot say as text, and numbers short', () => {
    expect(scoreboardJson({ ...board, reports: [], cores: Infinity, seed: 1 / 3 })).toContain('"seed": 0.333333');
    expect(scoreboardJson({ ...board, reports: [], cores: Infinity })).toContain('"cores": "Infinity"');
  });
});

describe('published figures', () => {
  it.each(PUBLISHED_FIGURES.map((figure) => [`${figure.dataset}, ${figure.name}, ${figure.source}`, figure] as const))(
    '%s',
    (_, figure) => {
      expect(STUDY_NAMES).toContain(figure.dataset);
      expect(figure.source).not.toBe('');
      expect(Object.keys(figure.figures).length).toBeGreaterThan(0);
      for (const value of Object.values(figure.figures)) expect(value > 0 && value < 1).toBe(true);
    },
  );

  it.each(['popular', 'user-knn', 'item-knn', 'factor', 'ease', 'ncf', 'hybrid'])('has %s on ncf-ml-1m', (model) => {
    expect(PUBLISHED_FIGURES.some(({ dataset, counterpart }) => dataset === 'ncf-ml-1m' && counterpart === model)).toBe(true);
  });
});

it('docs/scoreboard.md is what docs/scoreboard.json gives', () => {
  const docs = join(__dirname, '..', '..', 'docs');
  const stored = join(docs, 'scoreboard.json');
  if (!existsSync(stored)) {
    process.stderr.write('left out: the scoreboard’s page, because none was computed yet\n');
    return;
  }
  expect(readFileSync(join(docs, 'scoreboard.md'), 'utf8')).toBe(
    scoreboardMarkdown(JSON.parse(readFileSync(stored, 'utf8')) as Scoreboard, readExperiments(join(docs, 'experiments'))),
  );
});
