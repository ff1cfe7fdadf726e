import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Beckon, TENANT } from '../support/beckon';
import { completeErasure } from '../support/complete-erasure';
import { eventually } from '../support/eventually';
import { ListWatcher } from '../support/list-watcher';
import { itemId, record, stockShop } from '../support/shop';
import { findTexts } from '../support/store-search';

const MODELS = ['user-knn', 'session-knn', 'item-knn', 'transition', 'factor', 'ease', 'ncf', 'attention', 'hybrid'];
const tenant = {
  training: { everyMs: 0 },
  models: Object.fromEntries(MODELS.map((name) => [name, { enabled: false }])),
  privacy: { erasure: { retrainAfterMs: 0 } },
};
let beckon: Beckon;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beckon-privacy-'));
  const tenantsFile = join(folder, 'tenants.json');
  await writeFile(tenantsFile, JSON.stringify({ tenants: { [TENANT]: tenant } }));
  beckon = await Beckon.start({ gateways: 2, workers: 2, env: { TENANTS_FILE: tenantsFile } });
  await stockShop(beckon.as('operator'), 20);
  for (let user = 0; user < 3; user++) await record(beckon.as(`other-${user}`), [{ type: 'purchase', itemId: itemId(user) }]);
}, 60_000);
afterAll(async () => {
  await beckon?.stop();
  await rm(folder, { recursive: true, force: true });
});

const seen = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 60_000);

/** Trains the one model that is used, and waits until its version serves. */
async function train(): Promise<string> {
  const versions = async (): Promise<string[]> => {
    const { modelVersions } = await beckon
      .as('operator')
      .request<{ modelVersions: { version: string }[] }>('{ modelVersions(model: POPULAR) { version } }');
    return modelVersions.map(({ version }) => version);
  };
  const before = await versions();
  await beckon.as('operator').request('mutation { trainModels(models: [POPULAR]) { jobs { id } } }');
  return eventually(
    async () => {
      const [newest] = await versions();
      if (newest === undefined || before.includes(newest)) throw new Error('no new version yet');
      return newest;
    },
    { withinMs: 30_000, everyMs: 100 },
  );
}

describe('consent to personalisation', () => {
  seen('that is withdrawn makes the list that is watched nobody’s; that is granted again, the user’s', async () => {
    const client = beckon.as('ivy');
    const screen = new ListWatcher('ivy', client);
    await record(client, [{ type: 'purchase', itemId: itemId(3) }]);
    const personal = (update: { list: { items: readonly { reason: { code: string } }[] } }): boolean =>
      update.list.items.some(({ reason }) => !['POPULAR', 'NEW'].includes(reason.code));
    const first = await screen.covering(1);
    expect(personal(first)).toBe(true);
    const say = (granted: boolean): Promise<unknown> =>
      client.request(
        `mutation { setConsent(input: { purpose: "personalisation", granted: ${granted}, source: "test" }) { consent { permitted } } }`,
      );
    await say(false);
    expect(personal(await screen.covering(2))).toBe(false);
    await say(true);
    expect(personal(await screen.covering(3))).toBe(true);
    await screen.stop();
  });
});

describe('an erasure', () => {
  seen('ends the watches of the person, makes models anew, and leaves no byte of their id when its receipt is complete', async () => {
    const [id, anonymous] = ['gus-4e1f7', 'anon-gus-90c2'];
    const client = beckon.as(id, { gateway: beckon.gateways[1]! });
    await record(beckon.as(anonymous), [{ id: 'a-1', type: 'view', itemId: itemId(4) }]);
    await client.request(`mutation { mergeProfile(anonymousId: "${anonymous}") { profile { seq } } }`);
    const screen = new ListWatcher(id, client);
    await record(client, [{ type: 'purchase', itemId: itemId(5) }]);
    await screen.covering(2);
    const known = await train();

    const receipt = await completeErasure(client);
    expect(receipt.ids).toBe(2);
    expect(screen.completed).toBe(true); // its watch has ended: it would have kept the user's id in the store
    const { modelVersions } = await beckon
      .as('operator')
      .request<{ modelVersions: { version: string; live: boolean }[] }>('{ modelVersions(model: POPULAR) { version live } }');
    expect(modelVersions[0]!.live).toBe(true);
    expect(modelVersions.map(({ version }) => version)).not.toContain(known);
    await beckon.redis.config('SET', 'rdbcompression', 'no');
    expect(await findTexts(beckon.redis, [id, anonymous], [beckon.server.dir])).toEqual([]);
    const { erasures } = await beckon.as('operator').request<{ erasures: object[] }>('{ erasures(first: 1) { id by } }');
    expect(erasures).toEqual([{ id: receipt.id, by: 'USER' }]);
  });
});
