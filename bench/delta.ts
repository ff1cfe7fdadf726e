import { Command } from 'commander';
import { Redis } from 'ioredis';
import { wholeBetween } from '../src/cli/option-parsers';
import { systemClock } from '../src/platform/clock';
import { Keys } from '../src/platform/keys';
import type { RecommendationList } from '../src/push/recommendation-list';
import { simulateCatalogue, type DemoCatalogue } from '../src/simulator/catalogue';
import { liveSessions } from '../src/simulator/live-sessions';
import { announcedList } from './support/announced-list';
import { fillStore, startBenchRedis, startGateway, startWorker, TENANT, trainOnce } from './support/bench-system';
import { SELECTIONS, type Selection } from './support/delta-documents';
import { bytesRemembered, writingCosts, type WritingCosts } from './support/delta-replay';
import { DeltaWatcher, type SentBothWays } from './support/delta-watcher';
import { HttpRecorder, type BenchBehaviour } from './support/http-recorder';
import { quantile, round } from './support/quantiles';
import { runBench, type BenchScope } from './support/run-bench';

/*
 * What a behaviour costs on the wire, as whole list and as delta: real gateway, worker and Redis, the simulated shop, one behaviour at a
 * time, of users who do what their tastes make likely. Each watches by both, so that the same lists are compared; each delta is applied and the outcome compared with the list.
 */

interface Options {
  readonly watchers: number;
  readonly users: number;
  readonly behaviours: number;
  readonly items: number;
  readonly days: number;
  readonly rounds: number;
  readonly seed: number;
  readonly json?: true;
}

type Named = 'added' | 'changed' | 'moved' | 'removed';

/** Bytes of messages without the frame's own 2 to 4, uncompressed. */
interface SelectionFigures extends Readonly<Record<`${Named}Mean`, number>> {
  readonly lists: number;
  /** Share of the lists that went out whole, 0 to 1. */
  readonly wholeShare: number;
  readonly listP50Bytes: number;
  readonly listMeanBytes: number;
  readonly deltaP50Bytes: number;
  readonly deltaP90Bytes: number;
  readonly deltaMeanBytes: number;
  readonly meanRatio: number;
  readonly listCpuUs: number;
  readonly deltaCpuUs: number;
}

interface DeltaResult {
  readonly watchers: number;
  readonly behaviours: number;
  /** What a subscription to deltas holds beyond one to lists. */
  readonly rememberedBytes: number;
  readonly selections: Readonly<Record<Selection, SelectionFigures>>;
}

const SHARDS = 16;

async function measureDelta(scope: BenchScope, options: Options): Promise<DeltaResult> {
  const { watchers: watching, users, behaviours, items, days, seed, rounds } = options;
  const redis = await startBenchRedis(scope);
  await fillStore(scope, redis.url, { items, users, days, seed });
  const env = { SHARDS: String(SHARDS), PREPARED_SHAPES: '0' }; // lists are collected as they are announced: whole
  await startWorker(scope, { redis, env });
  const gateway = await startGateway(scope, { redis, env });
  await trainOnce(scope, gateway.url);

  const userIds = Array.from({ length: watching }, (_, k) => `user-${k + 1}`);
  const lists = new Map<string, RecommendationList[]>(userIds.map((userId) => [userId, []]));
  await collectLists(scope, redis.url, (list) => lists.get(list.userId)?.push(list));
  const watchers = new Map<string, DeltaWatcher>();
  for (const userId of userIds) {
    const watcher = await DeltaWatcher.open(gateway.url, userId);
    await scope.stopping(`the watcher of ${userId}`, () => watcher.close());
    await watcher.covered(0);
    watchers.set(userId, watcher);
  }
  scope.say(`${watching} watchers, ${behaviours} behaviours, one at a time`);
  const recorder = new HttpRecorder(gateway.url, { connections: 1 });
  const shop = simulateCatalogue(seed, items);
  const stream = shoppersBehaviours(shop, { seed, watchers: watching });
  for (let k = 0; k < behaviours; k++) {
    const [recorded] = await recorder.record([stream.next().value]);
    await watchers.get(recorded!.userId)!.covered(recorded!.seq);
  }
  recorder.close();
  const catalogue = new Map(
    shop.items.map(({ item }) => [item.id, { categories: [], tags: [], hidden: false, promoted: false, ...item, version: 1 }]),
  );
  const replay = { lists: [...lists.values()].filter(({ length }) => length > 0), items: catalogue, rounds };
  const costs = writingCosts(replay);
  const sent = [...watchers.values()].flatMap((watcher) => watcher.sent);
  const selections = SELECTIONS.map((selection) => [selection, figuresOf(selection, sent, costs)] as const);
  return {
    ...{ watchers: watching, behaviours, rememberedBytes: bytesRemembered(replay) },
    selections: Object.fromEntries(selections) as DeltaResult['selections'],
  };
}

const STARTED_AGO_MS = 3_600_000;

/** What the shoppers who watch do next, by their tastes, each at its time in the last hour; without impressions and searches. */
function* shoppersBehaviours(
  shop: DemoCatalogue,
  { seed, watchers }: { readonly seed: number; readonly watchers: number },
): Generator<BenchBehaviour, never, undefined> {
  const live = liveSessions(shop, { seed, users: watchers, startAt: systemClock.now() - STARTED_AGO_MS });
  for (;;) {
    const { position: _position, at, itemId, ...behaviour } = live.next().value;
    if (itemId !== undefined && behaviour.type !== 'impression') yield { ...behaviour, itemId, at: new Date(at).toISOString() };
  }
}

/** Hears of every list from now on. */
async function collectLists({ stopping }: BenchScope, redisUrl: string, onList: (list: RecommendationList) => void): Promise<void> {
  const subscriber = new Redis(redisUrl);
  await stopping('the collector of lists', async () => subscriber.disconnect());
  subscriber.on('message', (_channel: string, message: string) => onList(announcedList(message)));
  const keys = new Keys(SHARDS);
  await subscriber.subscribe(...Array.from({ length: SHARDS }, (_, shard) => keys.feed(TENANT, shard)));
}

function figuresOf(selection: Selection, sent: readonly SentBothWays[], costs: WritingCosts): SelectionFigures {
  const own = sent.filter((it) => it.selection === selection);
  const mean = (values: readonly number[]): number => round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
  const at = (q: number, values: readonly number[]): number => quantile(Float64Array.from(values).sort(), q);
  const [list, delta] = [own.map(({ listBytes }) => listBytes), own.map(({ deltaBytes }) => deltaBytes)];
  const named = own.flatMap((it) => (it.named ? [it.named] : []));
  return {
    lists: own.length,
    wholeShare: round(1 - named.length / Math.max(1, own.length)),
    listP50Bytes: at(0.5, list),
    listMeanBytes: mean(list),
    deltaP50Bytes: at(0.5, delta),
    deltaP90Bytes: at(0.9, delta),
    deltaMeanBytes: mean(delta),
    meanRatio: round(mean(delta) / mean(list)),
    addedMean: mean(named.map(({ added }) => added)),
    changedMean: mean(named.map(({ changed }) => changed)),
    movedMean: mean(named.map(({ moved }) => moved)),
    removedMean: mean(named.map(({ removed }) => removed)),
    ...costs[selection],
  };
}

function table({ watchers, behaviours, rememberedBytes, selections }: DeltaResult): string {
  const { shown, scored } = selections;
  const line = (title: string, name: keyof SelectionFigures): string =>
    title.padEnd(36) + [shown[name], scored[name]].map((value) => String(value).padStart(16)).join('');
  return [
    `lists of ten, ${watchers} watchers, ${behaviours} behaviours one at a time; bytes of a message, not compressed`,
    '',
    `${''.padEnd(36)}${'what is shown'.padStart(16)}${'scores as well'.padStart(16)}`,
    line('lists pushed', 'lists'),
    line('whole list: bytes, median', 'listP50Bytes'),
    line('whole list: bytes, mean', 'listMeanBytes'),
    line('delta: bytes, median', 'deltaP50Bytes'),
    line('delta: bytes, 9 of 10 within', 'deltaP90Bytes'),
    line('delta: bytes, mean', 'deltaMeanBytes'),
    line('delta to list, means', 'meanRatio'),
    line('share sent whole all the same', 'wholeShare'),
    ...(['added', 'changed', 'moved', 'removed'] as const).map((name) => line(`items ${name} by a delta, mean`, `${name}Mean`)),
    line('CPU µs to write a list', 'listCpuUs'),
    line('CPU µs to write a delta', 'deltaCpuUs'),
    '',
    `a subscription to deltas holds ${rememberedBytes} bytes more than one to lists`,
  ].join('\n');
}

const program = new Command('bench:delta')
  .description('bytes of a behaviour on the wire, as whole list and as delta, in the simulated shop')
  .option('--watchers <n>', 'users who watch, both ways', wholeBetween(1, 1_000), 50)
  .option('--users <n>', 'users with a history, as many at least', wholeBetween(1, 20_000), 1_000)
  .option('--behaviours <n>', 'behaviours, one at a time', wholeBetween(1, 100_000), 500)
  .option('--items <n>', 'items of the simulated shop', wholeBetween(10, 100_000), 1_000)
  .option('--days <n>', 'days of simulated history', wholeBetween(1, 365), 60)
  .option('--rounds <n>', 'turns that each way of writing takes, for its CPU', wholeBetween(1, 1_000), 20)
  .option('--seed <n>', 'of the shop and the behaviours', wholeBetween(0, 2 ** 31), 1)
  .option('--json', 'print one JSON object instead of the table')
  .parse();
const options = program.opts<Options>();
void runBench({ run: (scope) => measureDelta(scope, options), table, json: options.json === true });
