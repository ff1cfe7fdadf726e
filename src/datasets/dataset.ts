import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import { badInput } from '../platform/errors';
import type { BehaviourRow } from './behaviour-mapping';
import { requireText, textList } from './field-values';
import { readAtomic } from './read-atomic';
import type { ReadOptions } from './read-lines';
import { readBehaviours } from './read-table';
import { readNcfBehaviours, readNcfItems, readSasrecBehaviours, readSasrecItems } from './movielens-1m';
import { readRetailBehaviours, readRetailItems } from './online-retail';
import { readBanditBehaviours, readBanditItems } from './open-bandit';
import { mapRows, type Row } from './row';

/** Where data sets are looked for, relative to the working directory. */
export const DEFAULT_DATA_DIR = '../shared/data';

/** A data set in a folder, read in place. Streams are of constant memory, in the order of the files. */
export interface Dataset {
  readonly name: string;
  /** What happened, as an import takes it; without the parts that are kept for tests where the data set has such. */
  behaviours(options?: ReadOptions): AsyncIterable<Row<BehaviourRow>>;
  /** What it happened to; empty where the data set does not tell. */
  items(options?: ReadOptions): AsyncIterable<Row<NewItem>>;
}

/** Reader of one named data set, given its folder. */
type Adapter = (dir: string) => Omit<Dataset, 'name'>;

const ADAPTERS: Readonly<Record<string, Adapter>> = {
  'ml-100k': (dir) => ({
    behaviours: (options) => readBehaviours({ path: join(dir, 'ml-100k.inter.gz'), mapping: ATOMIC_BEHAVIOUR }, options),
    items: (options) => readMovieLensItems(join(dir, 'ml-100k.item.gz'), options),
  }),
  'serenade-toy': (dir) => ({
    behaviours: (options) => readSessions(dir, 'train', options),
    items: () => none(),
  }),
  'ncf-ml-1m': (dir) => ({
    behaviours: (options) => readNcfBehaviours(dir, options),
    items: (options) => readNcfItems(dir, options),
  }),
  'sasrec-ml-1m': (dir) => ({
    behaviours: (options) => readSasrecBehaviours(dir, options),
    items: (options) => readSasrecItems(join(dir, '..', 'ncf-ml-1m'), options),
  }),
  'online-retail': (dir) => ({
    behaviours: (options) => readRetailBehaviours(dir, options),
    items: (options) => readRetailItems(dir, options),
  }),
  'open-bandit-men': (dir) => ({
    behaviours: (options) => readBanditBehaviours(dir, options),
    items: (options) => readBanditItems(dir, options),
  }),
};

export const DATASET_NAMES: readonly string[] = Object.keys(ADAPTERS);

const ATOMIC_BEHAVIOUR = { userId: 'user_id', itemId: 'item_id', at: 'timestamp', value: 'rating' } as const;

/**
 * A data set by name, looked for in `dataDir`, or by the path of its folder. A folder of another name is read as RecBole
 * atomic files if it has one `.inter` file (and, if there, one `.item` file), plain or gzip.
 *
 * @throws BeckonError BAD_INPUT, field `dataset`, when there is no such folder or nothing in it to read.
 */
export async function openDataset(nameOrPath: string, dataDir: string = DEFAULT_DATA_DIR): Promise<Dataset> {
  const name = basename(nameOrPath);
  const dir = nameOrPath === name ? join(dataDir, name) : nameOrPath;
  const files = await readdir(dir).catch(() => {
    throw badInput(
      'dataset',
      `there is no folder "${name}"; give the path of one, or one of ${DATASET_NAMES.join(', ')} with the folder that holds it (--data)`,
    );
  });
  const adapter = Object.hasOwn(ADAPTERS, name) ? ADAPTERS[name] : undefined;
  return { name, ...(adapter === undefined ? openAtomicFolder(name, dir, files) : adapter(dir)) };
}

function openAtomicFolder(name: string, dir: string, files: readonly string[]): Omit<Dataset, 'name'> {
  const [inter, another] = files.filter((file) => /\.inter(\.gz)?$/.test(file));
  if (inter === undefined || another !== undefined)
    throw badInput('dataset', `"${name}" should hold one .inter file; it holds ${inter === undefined ? 'none' : 'several'}`);
  const item = files.find((file) => /\.item(\.gz)?$/.test(file));
  return {
    behaviours: (options) => readBehaviours({ path: join(dir, inter) }, options),
    items: (options) => (item === undefined ? none() : readMovieLensItems(join(dir, item), options)),
  };
}

/** Items of an atomic file with the columns item_id and, where present, movie_title or title, release_year, class or genres. */
function readMovieLensItems(path: string, options?: ReadOptions): AsyncIterable<Row<NewItem>> {
  return mapRows(readAtomic(path, options), (record) => ({
    id: requireText(record, 'item_id'),
    title: textList(record, 'movie_title' in record ? 'movie_title' : 'title', ' ').join(' ') || requireText(record, 'item_id'),
    categories: textList(record, 'class' in record ? 'class' : 'genres', ' '),
    tags: textList(record, 'release_year', ' '),
  }));
}

export const SESSION_PARTS = ['train', 'valid', 'test'] as const;

/** The events of one part of a folder of sessions (columns SessionId, ItemId, Time); a session is the user. */
export function readSessions(dir: string, part: (typeof SESSION_PARTS)[number], options?: ReadOptions): AsyncIterable<Row<BehaviourRow>> {
  const mapping = { userId: 'SessionId', itemId: 'ItemId', at: 'Time', defaultType: 'view' };
  return readBehaviours({ path: join(dir, `${part}.tsv.gz`), mapping }, options);
}

async function* none(): AsyncGenerator<never, void, undefined> {
  // The data set tells nothing of its items.
}
