import { join } from 'node:path';
import { readSessions, type SESSION_PARTS } from '../datasets/dataset';
import { readAll } from '../datasets/read-table';
import { ItemIndex } from '../models/item-index';
import { trainableModels, TRAINABLE_MODELS } from '../models/model-catalogue';
import type { SessionKnnOptions } from '../models/session-knn/session-knn';
import { seededRandom } from '../platform/random';
import { coordinateAscent, drawPoint, type Found } from './coordinate-ascent';
import { rankCases, summarise, type EvaluationResult, type MetricSpec } from './evaluate-split';
import type { EvaluationContext } from './evaluation-context';
import { toEventTable, type EventTable } from './event-table';
import { reciprocalRankAt } from './metrics';
import { withProgress } from './progress';
import { sessionPrefixes, type Split } from './protocols';
import { fitScorer, modelRanker, type Ranker } from './rankers';

/** In these data a user *is* a session, so no pause ends one. */
const WHOLE_SESSIONS = { sessionGapMs: Infinity, longest: 0.995 } as const;

/** Serenade's example settings (serenade-example.toml of its repository). */
export const SERENADE_OPTIONS: SessionKnnOptions = { m: 500, k: 50, maxItems: 2, idfWeighting: 1, ...WHOLE_SESSIONS };

/** Found on valid.tsv alone by `npm run evaluate -- --dataset serenade-toy --tune`. */
export const SERENADE_TUNED: SessionKnnOptions = { m: 2500, k: 75, maxItems: 5, idfWeighting: 3, ...WHOLE_SESSIONS };

const METRICS: readonly MetricSpec[] = [
  { name: 'hr', k: 20 },
  { name: 'ndcg', k: 20 },
  { name: 'mrr', k: 20 },
  { name: 'recall', k: 20 },
  { name: 'coverage', k: 20 },
];
const LIST_SIZE = 20;

type Parts = Readonly<Record<(typeof SESSION_PARTS)[number], EventTable>>;

/** The parts over one index, `train` first: its items have the lower rows. */
async function readParts(dataDir: string, name: string): Promise<Parts> {
  const index = new ItemIndex();
  const read = async (part: (typeof SESSION_PARTS)[number]): Promise<EventTable> =>
    toEventTable((await readAll(readSessions(join(dataDir, name), part))).records, index);
  const train = await read('train');
  return { train, valid: await read('valid'), test: await read('test') };
}

async function sessionRanker(split: Split, options: SessionKnnOptions, { clock }: EvaluationContext): Promise<Ranker> {
  const model = trainableModels({ 'session-knn': options })['session-knn'];
  return modelRanker(await fitScorer(model, { events: split.fit, index: split.index, clock }), split.candidates);
}

const BASELINES = ['popular', 'transition', 'item-knn'] as const;

/** Next items of the test sessions, by the models that need no more than a session; `session-prefixes-tuned`: with the tuned parameters. */
export async function evaluateSessions(name: string, context: EvaluationContext): Promise<EvaluationResult[]> {
  const { train, test } = await readParts(context.dataDir, name);
  const published = sessionPrefixes(train, test);
  const tuned = sessionPrefixes(train, test, 'session-prefixes-tuned');
  const from = { events: train, index: train.index, clock: context.clock };
  const baselines = await Promise.all(
    BASELINES.map(async (model) => modelRanker(await fitScorer(TRAINABLE_MODELS[model], from), published.candidates)),
  );
  return [
    ...(await evaluate(published, [...baselines, await sessionRanker(published, SERENADE_OPTIONS, context)], context)),
    ...(await evaluate(tuned, [await sessionRanker(tuned, SERENADE_TUNED, context)], context)),
  ];
}

async function evaluate(split: Split, rankers: readonly Ranker[], { progress, seed }: EvaluationContext): Promise<EvaluationResult[]> {
  const run = await withProgress(progress, split.protocol, split.caseCount, (update) => rankCases(split, rankers, LIST_SIZE, update));
  return summarise(split, run, METRICS, seed);
}

type Tunable = Pick<SessionKnnOptions, 'm' | 'k' | 'maxItems' | 'idfWeighting'>;

/** The ranges of Serenade's own search, in steps. */
const SPACE = {
  m: [100, 250, 500, 750, 1000, 1500, 2000, 2500],
  k: [50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500],
  maxItems: [1, 2, 3, 4, 5, 6, 8, 10, 15, 20],
  idfWeighting: [0, 0.5, 1, 1.5, 2, 3, 4, 5],
} as const;

const STARTS = 10;

/**
 * The parameters with the best MRR@20 on the validation sessions, by coordinate ascent from Serenade's example settings and from points drawn with
 * the seed; the test sessions are not asked.
 */
export async function tuneSessions(name: string, context: EvaluationContext): Promise<Found<Tunable>> {
  const { train, valid } = await readParts(context.dataDir, name);
  const split = sessionPrefixes(train, valid);
  const meanReciprocalRank = async (point: Tunable): Promise<number> => {
    const { ranks } = rankCases(split, [await sessionRanker(split, { ...SERENADE_OPTIONS, ...point }, context)], LIST_SIZE).rankers[0]!;
    return ranks.reduce((sum, rank) => sum + reciprocalRankAt(rank, 20), 0) / ranks.length;
  };
  const { m, k, maxItems, idfWeighting } = SERENADE_OPTIONS;
  const random = seededRandom(context.seed);
  const starts = [{ m, k, maxItems, idfWeighting }, ...Array.from({ length: STARTS - 1 }, () => drawPoint<Tunable>(SPACE, random))];
  return withProgress(context.progress, 'starting points', starts.length, async (update) => {
    const found: Found<Tunable>[] = [];
    for (const start of starts) {
      update(found.length);
      found.push(await coordinateAscent<Tunable>(SPACE, start, meanReciprocalRank));
    }
    return found.reduce((best, next) => (next.value > best.value ? next : best));
  });
}
