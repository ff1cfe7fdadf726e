import { Command, Option } from 'commander';
import { setTimeout as after } from 'node:timers/promises';
import { parseBehaviourMapping } from '../datasets/behaviour-mapping';
import { TABLE_FORMATS, type TableFormat } from '../datasets/read-table';
import type { GoodRow } from '../datasets/row';
import { systemClock } from '../platform/clock';
import { badInput } from '../platform/errors';
import { seededRandom } from '../platform/random';
import type { ApiClient } from './api-client';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { RECORD_BEHAVIOURS } from './documents';
import { withLongNames } from './import-command';
import { behaviourFileSource, datasetSource, type ImportSource } from './import-source';
import { fraction, numberBetween, wholeBetween } from './option-parsers';
import { createProgress } from './progress';
import { replayHistory, type RecordPayload, type ReplayCounts, type ReplayDeps } from './replay-history';
import { retrying } from './retry';
import { sortByTime } from './sort-by-time';
import type { Terminal } from './terminal';

interface ReplayCommandOptions extends ApiOptions {
  readonly dataset?: string;
  readonly map?: string;
  readonly format?: TableFormat;
  readonly fromFraction: number;
  readonly untilFraction: number;
  readonly rate?: number;
  readonly speed?: number;
  readonly concurrency: number;
  readonly batch: number;
  readonly patience: number;
  readonly keepTimes?: true;
}

/** Printed in full; the rest is only counted. */
const MOST_REASONS = 10;

export function replayCommand({ terminal, fail }: { readonly terminal: Terminal; readonly fail: (code: number) => void }): Command {
  const command = new Command('replay')
    .description('send a data set’s later behaviours through the public API, in their order')
    .argument('[file]', 'file of behaviours; or a folder with --dataset')
    .option('--dataset <dir>', 'a whole data set: the behaviours of a folder')
    .option('--map <mapping>', 'from which column each field comes (see import --help)')
    .addOption(new Option('--format <format>', 'format of the file (default: told by its name)').choices([...TABLE_FORMATS]))
    .option('--from-fraction <share>', 'leave out the first part in time order, e.g. 0.8', numberBetween(0, 1), 0)
    .option('--until-fraction <share>', 'leave out what comes after this part', fraction, 1)
    .option('--rate <n>', 'behaviours a second', numberBetween(0.01, 1e6))
    .addOption(new Option('--speed <x>', 'so many times as fast as it happened').argParser(numberBetween(0.001, 1e9)).conflicts('rate'))
    .option('--concurrency <n>', 'requests under way at a time', wholeBetween(1, 256), 8)
    .option('--batch <n>', 'most behaviours of one request', wholeBetween(1, 1_000), 50)
    .option('--patience <seconds>', 'how long to try again while the gateway is away', numberBetween(0, 86_400), 120)
    .option('--keep-times', 'send the times as they are; default: a behaviour happens when it is sent');
  return addApiOptions(command)
    .addHelpText('after', '\nWithout --rate and --speed as fast as the gateway takes them. Exit code 1 when something was lost.')
    .action(async (file: string | undefined, options: ReplayCommandOptions) => {
      const counts = await runReplay(await sourceOf(file, options), options, terminal);
      if (counts.lost > 0) fail(1);
    });
}

async function sourceOf(file: string | undefined, { dataset, map, format }: ReplayCommandOptions): Promise<ImportSource> {
  if ((file === undefined) === (dataset === undefined)) throw badInput('file', 'name either a file or a folder with --dataset');
  if (dataset !== undefined) return datasetSource(dataset);
  return behaviourFileSource({ path: file!, format }, map === undefined ? undefined : parseBehaviourMapping(withLongNames(map)));
}

async function runReplay(source: ImportSource, options: ReplayCommandOptions, terminal: Terminal): Promise<ReplayCounts> {
  const { fromFraction, untilFraction, rate, speed, concurrency, batch, keepTimes } = options;
  const progress = createProgress(terminal);
  const client = apiClientOf(options);
  let unreadable = 0;
  const sorted = await sortByTime(source.behaviours(), {
    onBad: async () => void unreadable++,
    onRead: (rows) => progress.update('reading', rows),
  });
  const [from, until] = [Math.floor(sorted.total * fromFraction), Math.floor(sorted.total * untilFraction)];
  const reasons = new Map<string, number>();
  const startedAt = systemClock.now();
  try {
    const counts = await replayHistory(
      { ...senderOf(client, options), now: () => systemClock.now(), sleep: after },
      between(sorted.rows(), from, until),
      {
        fingerprint: source.fingerprint,
        concurrency,
        batch,
        times: keepTimes ? 'keep' : 'now',
        ...(rate !== undefined && { rate }),
        ...(speed !== undefined && { speed }),
        onProgress: ({ accepted, duplicates, repeats, rejected, lost }) =>
          progress.update('replaying', accepted + duplicates + repeats + rejected + lost, until - from),
        onReject: (_line, reason) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1),
      },
    );
    progress.stop();
    const seconds = (systemClock.now() - startedAt) / 1000;
    terminal.out(
      options.json
        ? `${JSON.stringify({ ...counts, unreadable, seconds, perSecond: counts.sent / seconds })}\n`
        : inWords(counts, { unreadable, seconds, reasons }),
    );
    return counts;
  } finally {
    progress.stop();
    await sorted.dispose();
    await client.close();
  }
}

/** Sends one batch, and again while errors are retryable and patience lasts. */
function senderOf(client: ApiClient, { patience }: ReplayCommandOptions): Pick<ReplayDeps, 'send'> {
  const retry = { random: seededRandom(1), sleep: after, patienceMs: patience * 1000 };
  return {
    send: async (behaviours) =>
      (await retrying(() => client.request<{ recordBehaviours: RecordPayload }>(RECORD_BEHAVIOURS, { behaviours }), retry))
        .recordBehaviours,
  };
}

async function* between<T>(rows: AsyncIterable<GoodRow<T>>, from: number, until: number): AsyncGenerator<GoodRow<T>> {
  let position = 0;
  for await (const row of rows) {
    if (position >= until) return;
    if (position++ >= from) yield row;
  }
}

interface Details {
  readonly unreadable: number;
  readonly seconds: number;
  readonly reasons: ReadonlyMap<string, number>;
}

function inWords({ sent, accepted, duplicates, repeats, rejected, lost }: ReplayCounts, { unreadable, seconds, reasons }: Details): string {
  const worst = [...reasons].sort(([, a], [, b]) => b - a).slice(0, MOST_REASONS);
  return [
    `sent ${sent} in ${seconds.toFixed(1)} s (${(sent / Math.max(seconds, 1e-3)).toFixed(0)} a second)`,
    `accepted ${accepted}, duplicates ${duplicates}, repeats dropped ${repeats}, rejected ${rejected}, lost ${lost}`,
    ...(unreadable > 0 ? [`${unreadable} lines of the file could not be read`] : []),
    ...worst.map(([reason, times]) => `  ${times} × ${reason}`),
    '',
  ].join('\n');
}
