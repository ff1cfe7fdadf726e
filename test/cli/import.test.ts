import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import type { BehaviourDraft } from '../../src/behaviour/outcome';
import { inspectBacklog, openStore, type Store } from '../../src/cli/compose';
import { importCommand, withLongNames } from '../../src/cli/import-command';
import { importHistory } from '../../src/cli/import-history';
import type { ImportOptions } from '../../src/cli/import-ports';
import { behaviourFileSource, datasetSource } from '../../src/cli/import-source';
import { Keys } from '../../src/platform/keys';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { countLog, fakeTerminal, makeScratch, type Scratch } from './import-support';

const ML_100K = resolve(__dirname, '../../../shared/data/ml-100k');
const keys = new Keys(16);

let server: TestRedis;
let redis: Redis;
let store: Store;
let scratch: Scratch;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  await redis.quit();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
  scratch = await makeScratch();
  store = await openStore({ redisUrl: server.url, tenant: 'default', env: {} });
});
afterEach(async () => {
  await store.close();
  await scratch.remove();
});

const options = (over: Partial<ImportOptions> = {}): ImportOptions => ({
  tenant: 'default',
  checkpointFile: join(scratch.dir, 'state', 'a.checkpoint.json'),
  rejectsFile: join(scratch.dir, 'state', 'a.rejects.jsonl'),
  times: 'keep',
  ...over,
});

/** Runs `beckon import …` against this test's store; the text that it printed. */
async function beckonImport(...args: string[]): Promise<string> {
  const terminal = fakeTerminal();
  const command = importCommand({ terminal, openStore: (wanted) => openStore({ ...wanted, redisUrl: server.url, env: {} }) });
  await command.exitOverride().parseAsync([...args, '--state', join(scratch.dir, 'state')], { from: 'user' });
  return terminal.text.out;
}

const rejectsOf = (): { line: number; reason: string }[] => {
  const file = readdirSync(join(scratch.dir, 'state')).find((name) => name.endsWith('.rejects.jsonl'));
  if (file === undefined) return [];
  const lines = readFileSync(join(scratch.dir, 'state', file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as { line: number; reason: string });
};

/** 300 views of 30 users in shuffled time order. */
const manyEvents = (): string =>
  Array.from({ length: 300 }, (_, k) =>
    JSON.stringify({ userId: `u${k % 30}`, itemId: `i${k % 17}`, type: 'view', at: 1_700_000_000_000 + ((k * 7_919) % 300) * 60_000 }),
  ).join('\n');

describe('beckon import', () => {
  it('takes CSV through a column mapping with a fixed type, plain or gzip', async () => {
    const csv =
      'CustomerID,StockCode,InvoiceDate,UnitPrice,Quantity\n17850,85123A,2010-12-01 08:26:00,2.55,6\n17850,"71053",2010-12-01 08:28:00,3.39,1\n';
    const file = await scratch.writeGzip('sales.csv.gz', csv);
    await beckonImport(file, '--map', 'user=CustomerID,item=StockCode,at=InvoiceDate,type:=purchase,price=UnitPrice,quantity=Quantity');
    expect(await countLog(redis)).toBe(2);
    expect(await redis.hget(keys.profile({ tenant: 'default', userId: '17850' }), 'n:purchase')).toBe('2');
    expect(await redis.zrange(keys.history({ tenant: 'default', userId: '17850' }), 0, -1)).toEqual(['85123A', '71053']);
  });

  it('reads the type out of a column, and understands common column names without a mapping', async () => {
    const file = await scratch.write(
      'events.tsv',
      'user_id\titem_id\ttimestamp\tevent\nada\tlamp\t1700000000\tview\nada\tlamp\t1700000100\tlike\n',
    );
    await beckonImport(file);
    expect(await redis.hgetall(keys.profile({ tenant: 'default', userId: 'ada' }))).toMatchObject({
      seq: '2',
      'n:view': '1',
      'n:like': '1',
    });
  });

  it('takes items from JSON Lines in our own words, and from CSV with a mapping', async () => {
    const own = await scratch.write(
      'items.jsonl',
      '{"id":"a","title":"Lamp","categories":["home"],"price":12.5}\n{"id":"b","title":"Pot","price":-1}\n',
    );
    expect(await beckonImport(own, '--items')).toContain('1 items');
    expect(rejectsOf()).toEqual([{ file: 'items.jsonl', kind: 'item', line: 2, reason: 'price: must be at least 0' }]);
    const csv = await scratch.write('items.csv', 'sku,name,department\nc,Rake,garden|garden/tools\n');
    await beckonImport(csv, '--items', '--map', 'id=sku,title=name,categories=department');
    const stored = await redis.hget(keys.items('default'), 'c');
    expect(stored).toContain('"categories":["garden","garden/tools"]');
  });

  it('counts bad lines and writes each with its number and reason; the others are kept', async () => {
    const file = await scratch.write(
      'events.csv',
      [
        'user,item,at,type,value',
        'ada,lamp,2023-01-01,rate,NaN',
        'ada,lamp,2023-01-02,view,',
        'ada,lamp,1900-01-01,view,',
        'ada,lamp,2300-01-01,view,',
        'ada,lamp',
        'ada,lamp,2023-01-03,rate,99',
        'ada,lamp,2023-01-04,sneeze,',
        '',
      ].join('\n'),
    );
    const report = JSON.parse(await beckonImport(file, '--json')) as { accepted: number; rejected: number };
    expect(report).toMatchObject({ accepted: 1, rejected: 6 });
    expect(rejectsOf().map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8]);
    expect(rejectsOf().map(({ reason }) => reason)).toEqual([
      'value: "NaN" is not a finite number',
      expect.stringContaining('1970'),
      expect.stringContaining('2200'),
      'has 2 columns, the header has 5',
      'value: must be from 1 to 5',
      expect.stringContaining('not a known behaviour type'),
    ]);
    expect(await countLog(redis)).toBe(1);
  });

  it('leaves no rejects file when every line is right', async () => {
    await beckonImport(await scratch.write('events.jsonl', manyEvents()));
    expect(rejectsOf()).toEqual([]);
  });

  it.each([
    [
      'a wrong column',
      'user=CustomerIDD,item=item,at=at',
      'none of the first 1 lines can be used; line 2: CustomerIDD: is missing. Is the mapping (--map) right?',
    ],
    ['an unknown field', 'person=user,item=item,at=at', 'there is no field "person"'],
    ['no user', 'item=item,at=at', 'needs userId, itemId and at'],
  ])('refuses a mapping with %s, and sends nothing', async (_, map, message) => {
    const file = await scratch.write('events.csv', 'user,item,at\nada,lamp,2023-01-01\n');
    await expect(beckonImport(file, '--map', map)).rejects.toThrow(message);
    expect(await countLog(redis)).toBe(0);
  });

  it('refuses gzip that ends too early, and sends nothing of it', async () => {
    const whole = gzipSync(
      `user,item,at\n${Array.from({ length: 5_000 }, (_, k) => `u${k},i${(k * 31) % 977},${1_700_000_000 + k}`).join('\n')}\n`,
    );
    const file = await scratch.write('events.csv.gz', whole.subarray(0, whole.length / 2));
    await expect(beckonImport(file)).rejects.toThrow(
      /events\.csv\.gz: the gzip data ends too early \(a broken download\?\) after line \d+/,
    );
    expect(await countLog(redis)).toBe(0);
  });

  it.each([
    [['missing.csv'], 'missing.csv: there is no such file'],
    [[], 'name either a file or a folder with --dataset'],
    [['--dataset', 'no-such-set'], 'there is no folder "no-such-set"'],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(beckonImport(...args)).rejects.toThrow(message);
  });

  it('expands the short names of a mapping only where they are fields', () => {
    expect(withLongNames('user=user,item = item id,at=user=x')).toBe('userId=user,itemId = item id,at=user=x');
  });
});

describe('importHistory', () => {
  it('records in time order, whatever the order of the file', async () => {
    const source = await behaviourFileSource({ path: await scratch.write('events.jsonl', manyEvents()), format: undefined }, undefined);
    const times: number[] = [];
    const record = (tenant: string, drafts: readonly BehaviourDraft[]): ReturnType<Store['record']> => {
      times.push(...drafts.map(({ at }) => at as number));
      return store.record(tenant, drafts);
    };
    await importHistory({ ...store, record }, source, options({ batch: 37 }));
    expect(times).toHaveLength(300);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('shifts times so that the newest of the imported part happens now', async () => {
    const source = await behaviourFileSource({ path: await scratch.write('events.jsonl', manyEvents()), format: undefined }, undefined);
    const times: number[] = [];
    const record = (tenant: string, drafts: readonly BehaviourDraft[]): ReturnType<Store['record']> => {
      times.push(...drafts.map(({ at }) => at as number));
      return store.record(tenant, drafts);
    };
    const now = store.clock.now();
    const report = await importHistory(
      { ...store, record, clock: { now: () => now } },
      source,
      options({ times: 'shift', untilFraction: 0.8 }),
    );
    expect(report.accepted).toBe(240);
    expect(Math.max(...times)).toBe(Math.floor(now - (1_700_000_000_000 + 239 * 60_000)) + 1_700_000_000_000 + 239 * 60_000);
    expect(Math.max(...times) - Math.min(...times)).toBe(239 * 60_000);
  });

  it.each([1, 3, 8])('goes on after a failure in batch %i and counts every line once', async (failAt) => {
    const lines = manyEvents().split('\n');
    lines.splice(100, 0, 'not json', '{"userId":"u1","itemId":"i1","type":"sneeze","at":1700000000000}');
    const source = await behaviourFileSource({ path: await scratch.write('events.jsonl', lines.join('\n')), format: undefined }, undefined);
    let batches = 0;
    // Dies after the store took the batch and before the checkpoint: the worst moment.
    const record: Store['record'] = async (tenant, drafts) => {
      const outcome = await store.record(tenant, drafts);
      if (++batches === failAt) throw new Error('killed');
      return outcome;
    };
    await expect(importHistory({ ...store, record }, source, options({ batch: 37 }))).rejects.toThrow('killed');
    const report = await importHistory(store, source, options({ batch: 37 }));
    expect(await countLog(redis)).toBe(300);
    expect(report).toMatchObject({ rejected: 2, resumedAt: (failAt - 1) * 37 });
    expect(report.accepted + report.duplicates).toBe(300);
    expect(
      rejectsOf()
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    ).toEqual([101, 102]);
  });

  it('has nothing to do when it is started again after its end, and counts twice nothing with a new checkpoint', async () => {
    const source = await behaviourFileSource({ path: await scratch.write('events.jsonl', manyEvents()), format: undefined }, undefined);
    await importHistory(store, source, options());
    expect(await importHistory(store, source, options())).toMatchObject({ accepted: 300, duplicates: 0, resumedAt: 300 });
    expect(await importHistory(store, source, options({ restart: true }))).toMatchObject({ accepted: 0, duplicates: 300 });
    expect(await countLog(redis)).toBe(300);
  });

  it('refuses to go on when the file, the options or the store are not the same', async () => {
    const path = await scratch.write('events.jsonl', manyEvents());
    await importHistory(store, await behaviourFileSource({ path, format: undefined }, undefined), options());
    await expect(
      importHistory(store, await behaviourFileSource({ path, format: undefined }, undefined), options({ untilFraction: 0.5 })),
    ).rejects.toThrow('begun with other options');
    await scratch.write('events.jsonl', `${manyEvents()}\n{}`);
    await expect(importHistory(store, await behaviourFileSource({ path, format: undefined }, undefined), options())).rejects.toThrow(
      'events.jsonl has changed',
    );
    await scratch.write('events.jsonl', manyEvents());
    await redis.flushall();
    await expect(importHistory(store, await behaviourFileSource({ path, format: undefined }, undefined), options())).rejects.toThrow(
      'the store does not know',
    );
  });

  it('does not move the checkpoint past what the store could not take', async () => {
    const source = await behaviourFileSource({ path: await scratch.write('events.jsonl', manyEvents()), format: undefined }, undefined);
    const record: Store['record'] = async (tenant, drafts) => {
      const outcome = await store.record(tenant, drafts.slice(1));
      return { ...outcome, rejected: [{ index: 0, code: 'UNAVAILABLE', field: 'userId', message: 'away' }] };
    };
    await expect(importHistory({ ...store, record }, source, options())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await importHistory(store, source, options());
    expect(await countLog(redis)).toBe(300);
  });
});

describe('ml-100k', () => {
  it('imports films, people and the first 80 % of the ratings, all of them once', async () => {
    if (!existsSync(ML_100K)) {
      process.stderr.write('not checked: ml-100k is not in ../shared/data\n');
      return;
    }
    const report = await importHistory(store, await datasetSource(ML_100K), options({ times: 'shift', untilFraction: 0.8 }));
    expect(report).toMatchObject({ items: 1_682, users: 943, accepted: 80_000, duplicates: 0, repeats: 0, rejected: 0 });
    expect(await countLog(redis)).toBe(80_000);
    expect(await redis.hlen(keys.items('default'))).toBe(1_682);
  });
});

describe('inspectBacklog', () => {
  it('counts what is logged and what waits', async () => {
    await beckonImport(await scratch.write('events.jsonl', manyEvents()));
    await redis.zadd(keys.pending('default', 3), 1, 'ada\nhome');
    const backlog = await inspectBacklog({ redisUrl: server.url, tenant: 'default', env: {} });
    expect(backlog).toMatchObject({ logged: 300, listsBehind: 1 });
    expect(backlog.queues.map(({ name }) => name)).toEqual(['recompute-0', 'questions', 'training', 'maintenance']);
  });
});
