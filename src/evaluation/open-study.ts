import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import { openDataset, readSessions, type Dataset, type SESSION_PARTS } from '../datasets/dataset';
import { readNcfQuestions } from '../datasets/ncf-questions';
import { readRetailBaskets, readRetailItems } from '../datasets/online-retail';
import { readAll } from '../datasets/read-table';
import { ItemIndex } from '../models/item-index';
import { badInput } from '../platform/errors';
import { ASKED_ITEMS, basketSplit, RETAIL_DATES } from './basket-split';
import { toEventTable, type EventTable } from './event-table';
import { givenNegatives } from './given-negatives';
import type { MetricName, MetricSpec } from './metric-table';
import { globalTime, lastOut, leaveLastOut, sessionPrefixes } from './protocols';
import { SERENADE_EXAMPLE } from './serenade-settings';
import { lackingEvents } from './staleness';
import { studyProtocol, type Study, type StudyProtocol } from './study';

/** Reads a data set and lays its protocols over it. `dir`: its folder. */
type ReadStudy = (dataset: string, dir: string) => Promise<Study>;

const at = (k: number, ...names: readonly MetricName[]): MetricSpec[] => names.map((name) => ({ name, k }));

/** What is told of lists besides whether they were right. */
const ofLists = (k: number): MetricSpec[] => [
  ...at(Infinity, 'auc'),
  ...at(k, 'coverage', 'gini', 'novelty', 'diversity', 'miscalibration'),
];

const NEXT_ITEM = {
  metrics: [...at(10, 'hr', 'ndcg'), ...at(20, 'mrr', 'recall'), ...ofLists(10)],
  listSize: 10,
  goal: { name: 'ndcg', k: 10 },
} as const;
const AMONG_GIVEN = {
  metrics: [...at(10, 'hr', 'ndcg', 'mrr'), ...at(Infinity, 'auc')],
  listSize: 10,
  goal: { name: 'ndcg', k: 10 },
} as const;
const SESSIONS = {
  metrics: [...at(20, 'mrr', 'hr', 'ndcg', 'recall', 'precision', 'map'), ...ofLists(20)],
  listSize: 20,
  goal: { name: 'mrr', k: 20 },
} as const;
const BASKETS = {
  metrics: [...at(10, 'recall', 'ndcg-all', 'precision', 'map'), ...ofLists(10)],
  listSize: 10,
  goal: { name: 'ndcg-all', k: 10 },
} as const;

/** A data set of behaviours with its catalogue, whose items have the lowest rows. */
async function readTable(dataset: Dataset): Promise<{ readonly table: EventTable; readonly catalogue: readonly NewItem[] }> {
  const { records: catalogue } = await readAll(dataset.items());
  const index = new ItemIndex();
  for (const { id } of catalogue) index.intern(id);
  return { table: toEventTable((await readAll(dataset.behaviours())).records, index), catalogue };
}

/** Protocols A and B: of ml-100k and of every import. */
const readTimed: ReadStudy = async (dataset, dir) => {
  const { table, catalogue } = await readTable(await openDataset(dir));
  const lacking = lackingEvents(table);
  return {
    dataset,
    catalogue,
    protocols: [
      studyProtocol({ protocol: 'global-time', lacking, ...NEXT_ITEM }, (part) => globalTime(table, part)),
      studyProtocol({ protocol: 'last-out', lacking, ...NEXT_ITEM }, (part) => lastOut(table, part)),
    ],
    variants: [],
  };
};

const readSequences: ReadStudy = async (dataset, dir) => {
  const { table, catalogue } = await readTable(await openDataset(dir));
  const protocols = [
    studyProtocol({ protocol: 'leave-last-out', lacking: lackingEvents(table), ...NEXT_ITEM }, (part) => leaveLastOut(table, part)),
  ];
  return { dataset, catalogue, protocols, variants: [] };
};

const readNcf: ReadStudy = async (dataset, dir) => {
  const { table, catalogue } = await readTable(await openDataset(dir));
  const questions = await readNcfQuestions(dir);
  const protocols = [studyProtocol({ protocol: 'given-negatives', ...AMONG_GIVEN }, (part) => givenNegatives(table, questions, part))];
  return { dataset, catalogue, protocols, variants: [] };
};

/** The parts over one index, the fit first: its items have the lower rows. */
const readSessionParts: ReadStudy = async (dataset, dir) => {
  const index = new ItemIndex();
  const read = async (part: (typeof SESSION_PARTS)[number]): Promise<EventTable> =>
    toEventTable((await readAll(readSessions(dir, part))).records, index);
  const train = await read('train');
  const asked = { valid: await read('valid'), test: await read('test') };
  const protocols: StudyProtocol[] = [
    studyProtocol({ protocol: 'session-prefixes', ...SESSIONS }, (part) => sessionPrefixes(train, asked[part])),
  ];
  return { dataset, catalogue: [], protocols, variants: [SERENADE_EXAMPLE] };
};

const readBaskets: ReadStudy = async (dataset, dir) => {
  const { records: catalogue } = await readAll(readRetailItems(dir));
  const { baskets } = await readRetailBaskets(dir);
  const protocols = ASKED_ITEMS.map((asked) =>
    studyProtocol({ protocol: `next-basket-${asked}`, ...BASKETS }, (part) => basketSplit(baskets, { part, asked, dates: RETAIL_DATES })),
  );
  return { dataset, catalogue, protocols, variants: [] };
};

const STUDIES: Readonly<Record<string, ReadStudy>> = {
  'ml-100k': readTimed,
  'ncf-ml-1m': readNcf,
  'sasrec-ml-1m': readSequences,
  'serenade-toy': readSessionParts,
  'online-retail': readBaskets,
};

/** Data sets with a protocol of their own. */
export const STUDY_NAMES: readonly string[] = Object.keys(STUDIES);

/**
 * A data set in memory with its protocols: one of `STUDY_NAMES`, looked for in `dataDir` or given as the path of its folder, or a folder of RecBole
 * atomic files, which gets protocols A and B.
 * @throws BeckonError BAD_INPUT, field `dataset` or `file`: no such folder, or its files are not right.
 */
export async function openStudy(nameOrPath: string, dataDir: string): Promise<Study> {
  const name = basename(nameOrPath);
  const dir = nameOrPath === name ? join(dataDir, name) : nameOrPath;
  const read = Object.hasOwn(STUDIES, name) ? STUDIES[name]! : readTimed;
  await readdir(dir).catch(() => {
    throw badInput(
      'dataset',
      `there is no folder "${name}"; give the path of one with RecBole atomic files, or one of ${STUDY_NAMES.join(', ')}`,
    );
  });
  return read(name, dir);
}
