import { openDataset } from '../../datasets/dataset';
import { readAll } from '../../datasets/read-table';
import { join } from 'node:path';
import type { NewItem } from '../../catalogue/catalogue';
import type { Item } from '../../catalogue/item';
import { ContentBasedScorer } from '../../models/content-based/content-based';
import { ItemIndex } from '../../models/item-index';
import type { Scorer } from '../../models/model';
import { trainableModels } from '../../models/model-catalogue';
import { DEFAULT_BLEND } from '../../ranking/default-blend';
import { bootstrapDifference, bootstrapMean, type Estimate } from '../bootstrap';
import { caseValues, rankCases, type RankingRun } from '../evaluate-split';
import type { EvaluationContext } from '../evaluation-context';
import { toEventTable, type EventTable } from '../event-table';
import { itemFacts } from '../metric-table';
import { newItems, ndcgByChance, popularSoFar, popularWith, type NewItemsSplit } from '../new-items';
import type { Part } from '../protocols';
import { hybridRanker, modelRanker, type FittedScorer, type Ranker } from '../rankers';
import type { Experiment, ExperimentTable } from './experiment';
import { simulatedMedia } from './simulated-media';

const K = 10;
const NDCG = { name: 'ndcg', k: K } as const;

/** A part of what an item is, and the item without it. */
interface Modality {
  readonly name: string;
  readonly drop: (item: Item) => Item;
}

const withoutVector =
  (name: string) =>
  (item: Item): Item => ({ ...item, vectors: Object.fromEntries(Object.entries(item.vectors ?? {}).filter(([other]) => other !== name)) });
const WORDS: Modality = { name: 'words', drop: ({ text: _, ...item }) => ({ ...item, title: '' }) };
const TOPICS: Modality = { name: 'topics', drop: (item) => ({ ...item, categories: [], tags: [] }) };
const IMAGE: Modality = { name: 'image', drop: withoutVector('image') };
const AUDIO: Modality = { name: 'audio', drop: withoutVector('audio') };

/** Items of a data set with what happened to them. */
export interface ModalStudy {
  readonly table: EventTable;
  readonly catalogue: readonly Item[];
  readonly modalities: readonly Modality[];
}

export const wholeItem = (item: NewItem): Item => ({
  categories: [],
  tags: [],
  hidden: false,
  promoted: false,
  version: 1,
  ...item,
});

async function movies(dataDir: string): Promise<ModalStudy> {
  const dataset = await openDataset(join(dataDir, 'ml-100k'));
  const { records } = await readAll(dataset.items());
  const index = new ItemIndex();
  for (const { id } of records) index.intern(id);
  const table = toEventTable((await readAll(dataset.behaviours())).records, index);
  return { table, catalogue: records.map(wholeItem), modalities: [WORDS, TOPICS] };
}

const unfitted = (scorer: Scorer): FittedScorer => ({ scorer, fitSeconds: 0 });

interface Row {
  readonly name: string;
  readonly ranker: Ranker;
}

/** Scorers of new items: all that is known of them, each modality dropped from the new items only, and each alone. */
async function rowsOf(study: ModalStudy, split: NewItemsSplit, seed: number): Promise<Row[]> {
  const { catalogue, modalities, table } = study;
  const model = trainableModels({ factor: { fuse: true, seed } }).factor;
  const snapshot = await model.fit(split.fit, undefined, catalogue);
  const placed = (change: (item: Item) => Item): Scorer => {
    const scorer = model.scorer(snapshot, split.index)!;
    scorer.placeItems!(catalogue.map(change));
    return scorer;
  };
  const content = new ContentBasedScorer(split.index);
  for (const item of catalogue) content.put(item);
  const whole = placed((item) => item);
  const blend = { ...DEFAULT_BLEND, candidatesPerModel: split.candidates };
  const ranked = (scorer: Scorer): Ranker => modelRanker(unfitted(scorer), split.candidates);
  const withCounts = (scorer: Scorer): Ranker => popularWith(ranked(scorer), popularSoFar(table, split), split);
  const only = (kept: Modality) => (item: Item) =>
    modalities.filter((other) => other !== kept).reduce((rest, { drop }) => drop(rest), item);
  return [
    { name: 'popular so far, counting the withheld behaviours up to the question', ranker: popularSoFar(table, split) },
    { name: 'popular so far with factor, fused: ln(1 + count) + score / best score', ranker: withCounts(whole) },
    { name: 'content-based', ranker: ranked(content) },
    { name: '**factor, fused**', ranker: ranked(whole) },
    { name: 'both, weighed as the default blend weighs them', ranker: hybridRanker([unfitted(whole), unfitted(content)], blend) },
    ...modalities.map((one) => ({ name: `factor, fused, new items without ${one.name}`, ranker: ranked(placed(one.drop)) })),
    ...(modalities.length > 2
      ? modalities.map((one) => ({ name: `factor, fused, new items with ${one.name} only`, ranker: ranked(placed(only(one))) }))
      : []),
  ];
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`;
const short = (value: number): string => value.toFixed(4).replace(/^0/, '');
const told = ({ value, low, high }: Estimate): string => `${short(value)} (${short(low)}–${short(high)})`;

/** The figures of one part; for `valid` what options were chosen by. */
export async function tableOfNewItems(study: ModalStudy, part: Part, seed: number, text: string): Promise<ExperimentTable> {
  const split = newItems(study.table, part);
  const rows = await rowsOf(study, split, seed);
  const run = rankCases(
    split,
    rows.map(({ ranker }) => ranker),
    K,
  );
  const facts = itemFacts(split, study.catalogue);
  const first = split.hadBefore.map((had) => (had === 0 ? 1 : 0));
  const chance = run.asked.map(({ given }) => ndcgByChance(given!.length, K));
  const mean = (values: ArrayLike<number>, keep: Int32Array | undefined): Estimate => estimateOf(run, values, keep, seed);
  const base = mean(chance, undefined).value;
  const values = (r: number): Float64Array => caseValues(run, r, NDCG, facts).values;
  const [popular, together] = [values(0), values(1)];
  const { low, high } = bootstrapDifference(together, popular, Int32Array.from(run.users), { seed });
  const gain = meanOf(together) - meanOf(popular);
  const line = (name: string, values: ArrayLike<number>): string[] => {
    const all = mean(values, undefined);
    return [name, told(all), `${(all.value / base).toFixed(1)} ×`, told(mean(values, first))];
  };
  return {
    text: `${text} ${split.withheld.length} items withheld, ${split.fit.items.length} behaviours learnt from, ${split.caseCount} questions, ${first.reduce((a, b) => a + b)} of them about an item that nobody had had. Popular so far with *factor, fused* is ${signed(gain)} from popular so far alone (95 %: ${signed(low)} to ${signed(high)}).`,
    columns: ['', `NDCG@${K} among new items`, 'against popularity as trained', 'questions about an item that nobody had had'],
    rows: [
      line('popular as trained: no new item has a count, so order is chance', chance),
      ...rows.map(({ name }, r) => line(name, values(r))),
    ],
  };
}

function estimateOf({ users }: RankingRun, values: ArrayLike<number>, keep: Int32Array | undefined, seed: number): Estimate {
  const kept = Array.from(values, (_, k) => k).filter((k) => keep === undefined || keep[k] === 1);
  return bootstrapMean(
    kept.map((k) => values[k]!),
    kept.map((k) => users[k]!),
    { seed },
  );
}

const MOVIES = `ml-100k. The tenth of the films that appear last is withheld from training; each behaviour on one of them is a question, among those of them that the user has not had. What decides: *factor, fused* at 2 × popularity as trained, both without any behaviour on new items. Popularity *so far* is no such thing, it has seen behaviours on the withheld items; content alone does not reach it, nor is it meant to: live models count those behaviours too. What serves once a new item has been had is both; what the two are together, with weights that were chosen on the films before, stands beside them. Width and λ of the projections, whether they learn directions or vectors, and how missing modalities are filled in were chosen on the tenth of the films before and on five seeds of the shop there (about twenty settings); this part was asked before the last of them too, and had no say.`;
const SHOP = `The demo shop (seeded simulator, 600 articles, 1,500 shoppers, 60 days) with drawn pictures and sounds: an \`image\` vector that shows shelf and dearness, an \`audio\` vector that tells the brand, noise in both, and each on only four of five articles. By construction every modality says something; but tags name shelf and brand without noise, so pictures and sounds have little to add to them, and words as little. With modalities weighed by what they tell of items that were left out, none costs anything either; before, each was learnt from those items only that had all of them, and the whole stood below topics alone.`;

/** Both tables; of `valid` options were chosen, `test` is reported. */
async function tables(part: Part, dataDir: string, seed: number): Promise<readonly ExperimentTable[]> {
  const shop: ModalStudy = { ...simulatedMedia(seed), modalities: [WORDS, TOPICS, IMAGE, AUDIO] };
  return [await tableOfNewItems(await movies(dataDir), part, seed, MOVIES), await tableOfNewItems(shop, part, seed, SHOP)];
}

export const modalities: Experiment & { readonly tables: typeof tables } = {
  name: 'modalities',
  title: 'Several modalities: new items',
  datasets: ['ml-100k'],
  run: ({ dataDir, seed }: EvaluationContext) => tables('test', dataDir, seed),
  tables,
};
