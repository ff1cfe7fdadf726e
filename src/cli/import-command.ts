import { Command, Option } from 'commander';
import { join } from 'node:path';
import { parseBehaviourMapping } from '../datasets/behaviour-mapping';
import { parseItemMapping, type ItemMapping } from '../datasets/item-mapping';
import { TABLE_FORMATS, type TableFormat } from '../datasets/read-table';
import { badInput } from '../platform/errors';
import type { Store, StoreOptions } from './compose';
import { importHistory } from './import-history';
import type { ImportReport } from './import-ports';
import { behaviourFileSource, datasetSource, itemFileSource, type ImportSource } from './import-source';
import { fraction } from './option-parsers';
import { createProgress } from './progress';
import { REDIS_OPTION } from './redis-option';
import type { Terminal } from './terminal';

interface ImportCommandOptions {
  readonly dataset?: string;
  readonly items?: true;
  readonly map?: string;
  readonly format?: TableFormat;
  readonly separator: string;
  readonly shiftToNow?: true;
  readonly keepTimes?: true;
  readonly untilFraction?: number;
  readonly restart?: true;
  readonly state: string;
  readonly redis?: string;
  readonly tenant: string;
  readonly json?: true;
}

export interface ImportCommandDeps {
  readonly terminal: Terminal;
  readonly openStore: (options: StoreOptions) => Promise<Store>;
}

/** Our own field names: JSON Lines that were written for Beckon need no mapping. */
const OWN_ITEM_FIELDS = [
  'title',
  'categories',
  'tags',
  'text',
  'price',
  'currency',
  'stock',
  'sellerId',
  'threadId',
  'imageUrl',
  'url',
  'publishedAt',
  'expiresAt',
];
const OWN_ITEM_MAPPING: ItemMapping = { id: 'id', ...Object.fromEntries(OWN_ITEM_FIELDS.map((field) => [field, field])) };

const EXAMPLES = `
Examples:
  $ beckon import --dataset ../shared/data/ml-100k --until-fraction 0.8
  $ beckon import events.csv.gz --map 'user=CustomerID,item=StockCode,at=InvoiceDate,type:=purchase,price=UnitPrice'
  $ beckon import products.jsonl --items --map 'id=sku,title=name,categories=department'

The mapping is field=column with commas between; fields are user, item, at, type, value, quantity, price, and type:=name
gives every line one type. Without a mapping common column names are understood. A broken-off import goes on where it
stopped when it is started again. Lines that cannot be used are written to a .rejects.jsonl file with number and reason.`;

export function importCommand({ terminal, openStore }: ImportCommandDeps): Command {
  return new Command('import')
    .description('bring behaviours and items from files straight into the store')
    .argument('[file]', 'RecBole atomic file, CSV, TSV or JSON Lines, plain or gzip')
    .option('--dataset <dir>', 'a whole data set: items, users and behaviours of a folder')
    .option('--items', 'the file holds items, not behaviours')
    .option('--map <mapping>', 'from which column each field comes')
    .addOption(new Option('--format <format>', 'format of the file (default: told by its name)').choices([...TABLE_FORMATS]))
    .option('--separator <text>', 'what separates the categories and tags of an item', '|')
    .addOption(
      new Option('--shift-to-now', 'shift times so that the newest behaviour happens now (default for data sets)').conflicts('keepTimes'),
    )
    .option('--keep-times', 'take times as they are (default for files)')
    .option('--until-fraction <share>', 'only the first part of the behaviours in time order, e.g. 0.8', fraction)
    .option('--restart', 'forget how far an earlier run had come')
    .option('--state <dir>', 'folder of checkpoints and rejects', join('data', 'imports'))
    .option('--redis <url>', REDIS_OPTION)
    .option('--tenant <name>', 'tenant', 'default')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: ImportCommandOptions) => {
      const source = await sourceOf(file, options);
      const store = await openStore({ redisUrl: options.redis, tenant: options.tenant });
      try {
        await runImport(store, source, options, terminal);
      } finally {
        await store.close();
      }
    });
}

async function sourceOf(file: string | undefined, { dataset, items, map, format, separator }: ImportCommandOptions): Promise<ImportSource> {
  if ((file === undefined) === (dataset === undefined)) throw badInput('file', 'name either a file or a folder with --dataset');
  if (dataset !== undefined) {
    if (map !== undefined || items) throw badInput('map', '--map and --items are for single files; a data set is read as it is');
    return datasetSource(dataset);
  }
  const path = file!;
  if (items) return itemFileSource({ path, format }, map === undefined ? OWN_ITEM_MAPPING : parseItemMapping(map), separator);
  return behaviourFileSource({ path, format }, map === undefined ? undefined : parseBehaviourMapping(withLongNames(map)));
}

/** `user=` and `item=` are short for `userId=` and `itemId=`. */
export const withLongNames = (mapping: string): string => mapping.replace(/(^|,)(\s*)(user|item)(\s*:?=)/g, '$1$2$3Id$4');

async function runImport(store: Store, source: ImportSource, options: ImportCommandOptions, terminal: Terminal): Promise<void> {
  const stem = join(options.state, `${source.name}-${source.fingerprint}-${options.tenant}`);
  const rejectsFile = `${stem}.rejects.jsonl`;
  const shift = options.shiftToNow ?? (options.dataset !== undefined && !options.keepTimes);
  const progress = createProgress(terminal);
  const startedAt = performance.now();
  let report: ImportReport;
  try {
    report = await importHistory(store, source, {
      tenant: options.tenant,
      checkpointFile: `${stem}.checkpoint.json`,
      rejectsFile,
      times: shift ? 'shift' : 'keep',
      choice: JSON.stringify([options.map ?? '', options.format ?? '', options.items === true]),
      ...(options.untilFraction !== undefined && { untilFraction: options.untilFraction }),
      ...(options.restart && { restart: true }),
      onProgress: (phase, done, total) => progress.update(phase, done, total),
    });
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  terminal.out(
    options.json
      ? `${JSON.stringify({ ...report, seconds, ...(report.rejected > 0 && { rejectsFile }) })}\n`
      : inWords(source.name, report, seconds, rejectsFile),
  );
}

function inWords(name: string, report: ImportReport, seconds: number, rejectsFile: string): string {
  const { items, users, accepted, duplicates, repeats, rejected, resumedAt } = report;
  const parts = [
    items > 0 && `${items} items`,
    users > 0 && `${users} users described`,
    `${accepted} behaviours`,
    duplicates > 0 && `${duplicates} known already`,
    repeats > 0 && `${repeats} repeats dropped`,
  ].filter((part) => part !== false);
  const resumed = resumedAt > 0 ? ` (went on after ${resumedAt})` : '';
  const rejects = rejected > 0 ? `${rejected} lines could not be used: see ${rejectsFile}\n` : '';
  return `${name}: ${parts.join(', ')} in ${seconds.toFixed(1)} s${resumed}\n${rejects}`;
}
