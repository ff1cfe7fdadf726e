import type { NewItem } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import { openDataset } from '../datasets/dataset';
import { readAll } from '../datasets/read-table';
import { ContentBasedScorer } from '../models/content-based/content-based';
import { ItemIndex } from '../models/item-index';
import { TRAINABLE_MODEL_NAMES, trainableModels } from '../models/model-catalogue';
import { DEFAULT_BLEND } from '../ranking/default-blend';
import { rankCases, summarise, type EvaluationResult, type MetricSpec } from './evaluate-split';
import type { EvaluationContext } from './evaluation-context';
import { toEventTable, type EventTable } from './event-table';
import { withProgress } from './progress';
import { globalTime, lastOut, type Part, type Split } from './protocols';
import { fitScorer, hybridRanker, modelRanker, type FittedScorer } from './rankers';

const METRICS: readonly MetricSpec[] = [
  { name: 'hr', k: 10 },
  { name: 'ndcg', k: 10 },
  { name: 'mrr', k: 20 },
  { name: 'recall', k: 20 },
  { name: 'coverage', k: 10 },
];
const LIST_SIZE = 10;

/** A data set of behaviours with its catalogue. Items of the catalogue have the lowest rows. */
export interface NextItemData {
  readonly table: EventTable;
  readonly catalogue: readonly NewItem[];
}

export async function readNextItemData(name: string, { dataDir }: EvaluationContext): Promise<NextItemData> {
  const dataset = await openDataset(name, dataDir);
  const { records: catalogue } = await readAll(dataset.items());
  const index = new ItemIndex();
  for (const { id } of catalogue) index.intern(id);
  return { table: toEventTable((await readAll(dataset.behaviours())).records, index), catalogue };
}

/** Both protocols: A (`global-time`) and B (`last-out`). */
export const nextItemSplits = (table: EventTable, part: Part): readonly Split[] => [globalTime(table, part), lastOut(table, part)];

/** Every model but the hybrid, fitted on the split with its defaults, in the order in which workers hold them. */
export async function fitModels(
  split: Split,
  catalogue: readonly NewItem[],
  { clock, seed, progress }: EvaluationContext,
): Promise<FittedScorer[]> {
  const models = trainableModels({ factor: { seed } });
  const label = `${split.protocol}: fit`;
  const trained = await withProgress(progress, label, TRAINABLE_MODEL_NAMES.length, async (update) => {
    const fitted: FittedScorer[] = [];
    for (const name of TRAINABLE_MODEL_NAMES) {
      update(fitted.length);
      fitted.push(await fitScorer(models[name], { events: split.fit, index: split.index, clock }));
    }
    return fitted;
  });
  return [...trained, fitContent(split, catalogue, clock)];
}

function fitContent({ index }: Split, catalogue: readonly NewItem[], clock: EvaluationContext['clock']): FittedScorer {
  const start = clock.now();
  const scorer = new ContentBasedScorer(index);
  for (const item of catalogue) scorer.put(withDefaults(item));
  return { scorer, fitSeconds: (clock.now() - start) / 1000 };
}

const withDefaults = (item: NewItem): Item => ({ categories: [], tags: [], hidden: false, promoted: false, version: 1, ...item });

/** The next item of each user, by every model and by the hybrid as it serves, on both protocols. */
export async function evaluateNextItem(name: string, context: EvaluationContext): Promise<EvaluationResult[]> {
  const { table, catalogue } = await readNextItemData(name, context);
  const results: EvaluationResult[] = [];
  for (const split of nextItemSplits(table, 'test')) {
    const fitted = await fitModels(split, catalogue, context);
    const rankers = [...fitted.map((model) => modelRanker(model, split.candidates)), hybridRanker(fitted, DEFAULT_BLEND)];
    const run = await withProgress(context.progress, `${split.protocol}: rank`, split.caseCount, (update) =>
      rankCases(split, rankers, LIST_SIZE, update),
    );
    results.push(...summarise(split, run, METRICS, context.seed));
  }
  return results;
}
