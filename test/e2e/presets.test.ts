import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemId, record, stockShop } from '../support/shop';

/** Models that are there from the start, weighed by hand. */
const BLEND = { weights: { 'content-based': 1, transition: 1 } };
const SURFACES = {
  home: { blend: BLEND, size: 10 },
  measured: { blend: BLEND, size: 5, cost: {} },
  bounded: { blend: BLEND, size: 5, cost: { budgetMs: 0.000_001, dropOrder: ['transition', 'content-based'] } },
};

let beckon: Beckon;

beforeAll(async () => {
  const tenantsFile = join(tmpdir(), `beckon-presets-${process.pid}.json`);
  const training = { everyMs: 0 };
  await writeFile(tenantsFile, JSON.stringify({ tenants: { [TENANT]: { training, surfaces: SURFACES } } }));
  beckon = await Beckon.start({ env: { TENANTS_FILE: tenantsFile } });
  await stockShop(beckon.as('operator'), 20);
}, 120_000);
afterAll(() => beckon?.stop());

const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 60_000);

interface CostedList {
  readonly fallback: { readonly name: string };
  readonly cost: {
    readonly models: readonly { readonly model: string; readonly cpuMicros: number }[];
    readonly dropped: readonly string[];
    readonly droppedFor: string | null;
  } | null;
}
const costOn = async (surface: string, userId: string): Promise<CostedList> => {
  const query = `query($surface: String!, $seq: Int) { recommendations(surface: $surface, minSeq: $seq) {
    fallback { name } cost { models { model cpuMicros } dropped droppedFor } } }`;
  const { seq } = (await record(beckon.as(userId), [{ type: 'view', itemId: itemId(1) }])).users[0]!;
  return (await beckon.as(userId).request<{ recommendations: CostedList }>(query, { surface, seq })).recommendations;
};
const workerMetrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();

describe('the cost of a list', () => {
  tested('is not measured where the surface does not ask for it', async () => {
    const list = await costOn('home', 'c-0');
    expect(list).toEqual({ fallback: { name: 'hybrid' }, cost: null });
    expect(await workerMetrics()).not.toMatch(/beckon_model_cpu_of_lists_seconds_total\{.*surface="home"/);
  });

  tested('is told by model where it does', async () => {
    const list = await costOn('measured', 'c-1');
    expect(list.fallback.name).toBe('hybrid');
    expect(list.cost!.models.map(({ model }) => model).sort()).toEqual(['CONTENT_BASED', 'TRANSITION']);
    expect(list.cost).toMatchObject({ dropped: [], droppedFor: null });
    expect(await workerMetrics()).toMatch(/beckon_model_cpu_of_lists_seconds_total\{.*surface="measured",model="content-based"\} \d/);
  });

  tested('over its budget leaves models out, and says so on the list and in the metrics', async () => {
    // The first list is made whole, for want of an estimate.
    const list = await eventually(async () => {
      const next = await costOn('bounded', `c-${randomUUID()}`);
      if (next.cost!.dropped.length === 0) throw new Error('nothing was left out yet');
      return next;
    });
    expect(list.fallback.name).toBe('partial');
    expect(list.cost).toMatchObject({ models: [{ model: 'CONTENT_BASED' }], dropped: ['TRANSITION'], droppedFor: 'BUDGET' });
    expect(await workerMetrics()).toMatch(/beckon_models_dropped_total\{.*surface="bounded",model="transition",cause="budget"\} \d/);
  });
});
