import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSnapshot } from '../../src/models/snapshot-codec';
import { RedisModelStore } from '../../src/training/model-store.redis';
import { Beckon, TENANT } from '../support/beckon';
import type { BeckonProcess } from '../support/beckon-process';
import { eventually } from '../support/eventually';
import { itemId, record, stockShop } from '../support/shop';

const ITEMS = 40;

interface Line {
  readonly msg: string;
  readonly level: number;
  readonly model?: string;
  readonly pid?: number;
  readonly version?: string;
  readonly err?: { readonly message: string };
}
interface ModelState {
  readonly name: string;
  readonly pinned: boolean;
  readonly live: {
    readonly version: string;
    readonly backend: string;
    readonly peakMemoryBytes: number;
    readonly cpuSeconds: number;
  } | null;
  readonly lastRun: { readonly at: string; readonly outcome: string; readonly message: string | null } | null;
}

let beckon: Beckon;
let tenantsFile: string;

beforeAll(async () => {
  tenantsFile = join(tmpdir(), `beckon-training-${process.pid}.json`);
  const only = ['popular', 'user-knn', 'session-knn', 'item-knn', 'transition', 'ease', 'ncf', 'attention', 'hybrid'];
  const models = {
    ...Object.fromEntries(only.map((name) => [name, { enabled: name === 'popular' }])),
    factor: { options: { epochs: 300 } },
  };
  await writeFile(tenantsFile, JSON.stringify({ tenants: { [TENANT]: { training: { everyMs: 0 }, models } } }));
  beckon = await Beckon.start({ workers: 1, env: { TENANTS_FILE: tenantsFile } });
  await stockShop(beckon.as('operator'), ITEMS);
  for (let user = 0; user < 30; user++) {
    const items = Array.from({ length: 6 }, (_, step) => ({ type: 'purchase', itemId: itemId((user * 7 + step * 4) % ITEMS) }));
    await record(beckon.as(`u-${user}`), items);
  }
  await beckon.untilFirstTrainingIsOver();
}, 120_000);
afterAll(() => beckon?.stop());

const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 90_000);

const linesOf = (worker: BeckonProcess): Line[] =>
  worker.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);

const factor = async (): Promise<ModelState> => {
  const { models } = await beckon
    .as('operator')
    .request<{ models: ModelState[] }>(
      '{ models { name pinned live { version backend peakMemoryBytes cpuSeconds } lastRun { at outcome message } } }',
    );
  return models.find(({ name }) => name === 'FACTOR')!;
};

/** Asks for a run, and gives the process id of the run that began; stopped where it stands (SIGSTOP), so that it can be met at work. */
async function trainAndMeet(worker = beckon.worker): Promise<number> {
  const before = begun(worker).length;
  await beckon.as('operator').request('mutation { trainModels(models: [FACTOR]) { jobs { id } } }');
  const pid = await eventually(() => begun(worker)[before] ?? Promise.reject(new Error('no run has begun')), {
    withinMs: 20_000,
    everyMs: 2,
  });
  process.kill(pid, 'SIGSTOP');
  return pid;
}
const goOn = (pid: number): boolean => process.kill(pid, 'SIGCONT');
const begun = (worker: BeckonProcess): number[] =>
  linesOf(worker).flatMap(({ msg, model, pid }) => (msg === 'training begins' && model === 'factor' ? [pid!] : []));

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
};
/** Priorities of all threads of a process, as the kernel has them. */
const nices = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });

const ended = (since: string | undefined, outcome: string): Promise<ModelState> =>
  eventually(
    async () => {
      const state = await factor();
      if (state.lastRun?.at === since || state.lastRun?.outcome !== outcome) throw new Error(`last run: ${JSON.stringify(state.lastRun)}`);
      return state;
    },
    { withinMs: 60_000, everyMs: 100 },
  );

describe('a training run', () => {
  tested('has a process of its own, of the lowest priority; its record says what it took', async () => {
    const before = (await factor()).lastRun?.at;
    const pid = await trainAndMeet();
    goOn(pid);
    await eventually(() => expect(new Set(nices(pid))).toEqual(new Set([19])), { everyMs: 1 });
    expect(new Set(nices(beckon.worker.pid))).toEqual(new Set([getPriority()])); // as it was started
    const { live } = await ended(before, 'PUBLISHED');
    expect(live).toMatchObject({ backend: 'NONE' });
    expect(live!.peakMemoryBytes).toBeGreaterThan(1e7);
    expect(live!.cpuSeconds).toBeGreaterThan(0.1);
    await eventually(() => expect(runs(pid)).toBe(false));
    await eventually(async () => {
      const text = await (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();
      expect(text).toMatch(/beckon_training_runs_total\{tenant="default",model="factor",outcome="published"\} [1-9]/);
      expect(text).toMatch(/beckon_model_info\{tenant="default",model="factor",backend="none"\} 1/);
    });
  });

  tested('whose process is killed fails with a clear error, and is tried again', async () => {
    const { live: before, lastRun } = await factor();
    const pid = await trainAndMeet();
    process.kill(pid, 'SIGKILL');
    const { lastRun: failed, live } = await ended(lastRun?.at, 'FAILED');
    expect(failed!.message).toBe('the training process was ended (SIGKILL) before it was done');
    expect(live).toEqual(before);
    const { live: after } = await ended(failed!.at, 'PUBLISHED');
    expect(after!.version > before!.version).toBe(true);
  });

  tested('is lost with its worker alone: what is left of it ends, and the run begins again', async () => {
    const { live: before, lastRun } = await factor();
    const pid = await trainAndMeet();
    await beckon.worker.kill9();
    goOn(pid);
    await eventually(() => expect(runs(pid)).toBe(false));
    expect((await factor()).live).toEqual(before);
    await beckon.worker.restart();
    const { live: after } = await ended(lastRun?.at, 'PUBLISHED');
    expect(after!.version > before!.version).toBe(true);
  });

  tested('is given back by a worker that ends, and used up no attempt', async () => {
    const { lastRun } = await factor();
    const pid = await trainAndMeet();
    const began = begun(beckon.worker).length;
    expect(await beckon.worker.stop()).toBe('ended');
    expect(runs(pid)).toBe(false);
    expect((await factor()).lastRun).toEqual(lastRun); // no failure
    await beckon.worker.restart();
    await ended(lastRun?.at, 'PUBLISHED');
    expect(begun(beckon.worker).length).toBe(began + 1);
  });
});

describe('a live snapshot of another layout', () => {
  tested('is refused by name, trained again once, and serves again', async () => {
    const store = new RedisModelStore(beckon.redis, beckon.keys);
    const { live, lastRun } = await factor();
    const record = (await store.live(TENANT)).get('factor')!;
    const version = `${live!.version}-old`;
    const before = begun(beckon.worker).length;
    await store.publish(
      TENANT,
      { ...record, version },
      encodeSnapshot({ model: 'factor', version, trainedAt: 1, layout: 0 }, { items: [] }),
    );
    const refused = await eventually(
      () =>
        linesOf(beckon.worker).find((line) => line.version === version && line.level === 50) ?? Promise.reject(new Error('not refused')),
    );
    expect(refused.err!.message).toBe('snapshot refused: layout 0 of model factor, this version reads layout 1');
    const { live: after } = await ended(lastRun?.at, 'PUBLISHED');
    expect(after!.version > version).toBe(true);
    await eventually(() => {
      const inUse = linesOf(beckon.worker).filter(({ msg, model }) => msg === 'model in use' && model === 'factor');
      expect(inUse.at(-1)!.version).toBe(after!.version);
    });
    expect(begun(beckon.worker).length).toBe(before + 1);
  });
});

describe('a rollback', () => {
  tested('holds until a run of that model is asked for', async () => {
    const store = new RedisModelStore(beckon.redis, beckon.keys);
    const older = (await store.versions(TENANT, 'factor'))[2]!.version;
    const back =
      'mutation Back($version: String!) { rollbackModel(model: FACTOR, version: $version) { model { pinned live { version } } } }';
    const { rollbackModel } = await beckon.as('operator').request<{ rollbackModel: { model: unknown } }>(back, { version: older });
    expect(rollbackModel.model).toEqual({ pinned: true, live: { version: older } });
    const all = await beckon
      .as('operator')
      .request<{ trainModels: { jobs: { model: string }[] } }>('mutation { trainModels { jobs { model } } }');
    expect(all.trainModels.jobs.map(({ model }) => model)).toEqual(['POPULAR']);
    const { lastRun } = await factor();
    goOn(await trainAndMeet());
    const { pinned, live } = await ended(lastRun?.at, 'PUBLISHED');
    expect(pinned).toBe(false);
    expect(live!.version > older).toBe(true);
  });
});

describe('traits, where the tenant does not learn them', () => {
  tested('are neither computed nor stored, whatever a user consents to', async () => {
    const client = beckon.as('u-1');
    await client.request('mutation { setConsent(input: { purpose: "traits", granted: true, source: "test" }) { consent { permitted } } }');
    await expect(beckon.as('operator').request('mutation { trainModels(models: [TRAITS]) { jobs { id } } }')).rejects.toThrow(
      /not trained here/,
    );
    const shown = await client.request('{ profile { traits { value } traitConsents } models { name } }');
    expect(shown).toMatchObject({ profile: { traits: [], traitConsents: ['traits'] } });
    expect(JSON.stringify(shown)).not.toContain('TRAITS');
    expect(await beckon.redis.keys('*:models}:*traits*')).toEqual([]);
    const fields = await beckon.redis.hkeys(beckon.keys.profile({ tenant: TENANT, userId: 'u-1' }));
    expect(fields.filter((field) => field.startsWith('x:'))).toEqual([]);
  });
});
