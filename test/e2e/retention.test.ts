import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preloadFile } from '../../chaos/preload-file';
import { ShardArchive } from '../../src/behaviour/archive';
import { decodeLogEntry } from '../../src/behaviour/log-entry';
import type { ApiClient } from '../../src/cli/api-client';
import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemId, record, upsert } from '../support/shop';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OFF = ['popular', 'user-knn', 'session-knn', 'item-knn', 'transition', 'factor', 'ease', 'ncf', 'attention', 'hybrid'];
const SURFACES = Object.fromEntries(
  ['home', 'product', 'cart'].map((surface) => [surface, { blend: { weights: { 'content-based': 1 } } }]),
);
/** Off; each kind that can end beside the others; and the two that end what the others are about. */
const RETENTION = {
  keeping: {},
  brief: { logMs: MINUTE, impressionsMs: MINUTE, auditMs: MINUTE, consentMs: MINUTE, receiptsMs: MINUTE, listsMs: MINUTE },
  forgetting: { archiveMs: MINUTE },
  erasing: { profileMs: MINUTE },
};
type Tenant = keyof typeof RETENTION;
const ALL = Object.keys(RETENTION) as Tenant[];
const PATIENTLY = { withinMs: 60_000, everyMs: 100 };

let beckon: Beckon;
let folder: string;
const receipts = new Map<Tenant, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beckon-retention-'));
  const [tenantsFile, clockFile] = [join(folder, 'tenants.json'), join(folder, 'clock')];
  const models = Object.fromEntries(OFF.map((name) => [name, { enabled: false }]));
  const tenantOf = (retention: object): object => ({ training: { everyMs: 0 }, models, surfaces: SURFACES, privacy: { retention } });
  const tenants = Object.fromEntries(Object.entries(RETENTION).map(([name, retention]) => [name, tenantOf(retention)]));
  await writeFile(tenantsFile, JSON.stringify({ tenants }));
  await writeFile(clockFile, '0');
  const env = { TENANTS_FILE: tenantsFile, NODE_OPTIONS: `--require=${preloadFile('clock')}`, CHAOS_CLOCK_FILE: clockFile };
  beckon = await Beckon.start({ env });
  const workerAt = async (aheadMs: number): Promise<void> => {
    await writeFile(clockFile, String(aheadMs));
    await beckon.worker.restart();
  };
  await Promise.all(ALL.map(leaveTraces));
  await workerAt(11 * MINUTE); // entries of the log are archived after ten
  for (const tenant of ALL) await eventually(async () => expect(await archived(tenant)).toEqual(['view', 'impression']), PATIENTLY);
  await workerAt(7 * HOUR); // retention is enforced every six
  await eventually(async () => expect(await receiptIn('brief')).toBeNull(), PATIENTLY); // the last of the tenant’s kinds to end
}, 240_000);
afterAll(async () => {
  await beckon?.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = (tenant: Tenant, userId = 'ann'): ApiClient => beckon.as(userId, { tenant });
const ann = (tenant: Tenant) => ({ tenant, userId: 'ann' });
const tested = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 90_000);

/** Something of every kind, and, where receipts end or must not, an erasure that is complete. */
async function leaveTraces(tenant: Tenant): Promise<void> {
  const items = Array.from({ length: 5 }, (_, n) => ({ id: itemId(n), title: `thing ${n}`, categories: ['garden'] }));
  await upsert(as(tenant, 'operator'), items); // which the audit log has
  await record(
    as(tenant),
    ['view', 'impression'].map((type, n) => ({ type, itemId: itemId(n) })),
  );
  for (const granted of [false, true]) {
    const input = { purpose: 'experiments', granted, source: 'test' };
    await as(tenant).request('mutation Say($input: SetConsentInput!) { setConsent(input: $input) { consent { permitted } } }', { input });
  }
  await as(tenant).request('{ recommendations(surface: "home") { recommendationId } }');
  if (tenant !== 'keeping' && tenant !== 'brief') return;
  const erase = 'mutation { eraseProfile { receipt { id } } }';
  const { eraseProfile } = await as(tenant, 'gus').request<{ eraseProfile: { receipt: { id: string } } }>(erase);
  receipts.set(tenant, eraseProfile.receipt.id);
  await eventually(async () => expect(await receiptIn(tenant)).toMatchObject({ completeAt: expect.any(String) as string }), PATIENTLY);
}

/** Types of Ann’s behaviours in the archive, oldest first. */
async function archived(tenant: Tenant): Promise<string[]> {
  const archive = ShardArchive.of(join(beckon.server.dir, 'archive'), tenant, beckon.keys.shardOf(ann(tenant)));
  const types: string[] = [];
  for await (const [, fields] of archive.read()) types.push(decodeLogEntry(tenant, fields).type);
  return types;
}
const inLog = (tenant: Tenant): Promise<number> => beckon.redis.xlen(beckon.keys.log(tenant, beckon.keys.shardOf(ann(tenant))));
async function receiptIn(tenant: Tenant): Promise<object | null> {
  const query = 'query Receipt($id: ID!) { erasureReceipt(id: $id) { completeAt } }';
  return (await as(tenant).request<{ erasureReceipt: object | null }>(query, { id: receipts.get(tenant) })).erasureReceipt;
}
interface Exported {
  readonly behaviours: readonly { readonly type: string }[];
  readonly archive: string;
  readonly consents: readonly { readonly granted: boolean }[];
}
async function exported(tenant: Tenant): Promise<Exported> {
  const query = '{ profileExport { behaviours { type } archive consents { granted } } }';
  return (await as(tenant).request<{ profileExport: Exported }>(query)).profileExport;
}
const auditLengthOf = async (tenant: Tenant): Promise<number> =>
  (await as(tenant, 'operator').request<{ auditLog: object[] }>('{ auditLog { at } }')).auditLog.length;

describe('seven hours later', () => {
  tested('without a setting everything is there', async () => {
    expect(await archived('keeping')).toEqual(['view', 'impression']);
    expect(await inLog('keeping')).toBe(2);
    expect(await exported('keeping')).toEqual({
      behaviours: [{ type: 'view' }, { type: 'impression' }],
      archive: 'READ',
      consents: [{ granted: false }, { granted: true }],
    });
    expect(await auditLengthOf('keeping')).toBeGreaterThan(0);
    expect(await receiptIn('keeping')).not.toBeNull();
  });

  tested('log and impressions have ended; what was done is in the archive and in the export', async () => {
    await eventually(async () => expect(await inLog('brief')).toBe(0), PATIENTLY); // by the job that archives
    expect(await archived('brief')).toEqual(['view']);
    expect(await exported('brief')).toMatchObject({ behaviours: [{ type: 'view' }], archive: 'READ' });
  });

  tested('entries of the audit log and of the consent ledger have ended, but for what holds', async () => {
    expect(await auditLengthOf('brief')).toBe(0);
    expect((await exported('brief')).consents).toEqual([{ granted: true }]);
  });

  tested('the archive has ended, where it does, and nothing else has', async () => {
    await eventually(async () => expect(await archived('forgetting')).toEqual([]), PATIENTLY);
    expect(await inLog('forgetting')).toBe(2);
    expect((await exported('forgetting')).consents).toHaveLength(2);
  });

  tested('who has done nothing is erased, with a receipt that says by whom', async () => {
    await eventually(async () => {
      expect(await beckon.redis.exists(beckon.keys.profile(ann('erasing')))).toBe(0);
      expect(await archived('erasing')).toEqual([]);
      expect(await exported('erasing')).toMatchObject({ behaviours: [], consents: [] });
    }, PATIENTLY);
    const { erasures } = await as('erasing', 'operator').request<{ erasures: object[] }>('{ erasures(first: 5) { by } }');
    expect(erasures).toEqual([{ by: 'OPERATOR' }]);
    expect(await beckon.redis.exists(beckon.keys.profile(ann('keeping')))).toBe(1);
  });
});

describe('a list', () => {
  tested('ends a week after it was made, or when the setting says so', async () => {
    const lifeOf = async (tenant: Tenant): Promise<number> => {
      await as(tenant).request('{ recommendations(surface: "cart") { recommendationId } }');
      return beckon.redis.pttl(beckon.keys.list(ann(tenant), 'cart'));
    };
    const [keeping, brief] = [await lifeOf('keeping'), await lifeOf('brief')];
    expect(keeping).toBeGreaterThan(6 * DAY);
    expect(brief).toBeGreaterThan(0);
    expect(brief).toBeLessThanOrEqual(MINUTE);
  });
});
