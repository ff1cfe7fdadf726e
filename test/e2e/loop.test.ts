import { Beckon } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemIdsOf, ListWatcher } from '../support/list-watcher';
import { categoryOf, itemId, listOf, record, stockShop, upsert } from '../support/shop';

const HOUR_MS = 3_600_000;
let beckon: Beckon;

beforeAll(async () => {
  beckon = await Beckon.start({ gateways: 2 });
  await beckon.untilFirstTrainingIsOver();
  await stockShop(beckon.as('operator'));
  // Somebody's history, so that some items go together.
  for (let user = 0; user < 8; user++) {
    const at = (n: number): string => new Date(Date.now() - HOUR_MS + n * 60_000).toISOString();
    await record(
      beckon.as('operator'),
      [0, 4, 8, 12, 16].map((n, k) => ({ userId: `early-${user}`, type: 'purchase', itemId: itemId(n + (user % 3) * 4), at: at(k) })),
    );
  }
}, 120_000);
afterAll(() => beckon?.stop());

/** A test with every process's complaints in its failure. */
const seen = (name: string, work: () => Promise<void>, withinMs = 40_000): void => it(name, () => beckon.explaining(work), withinMs);
/** A process for each model, which takes what the machine has left over. */
const TRAINED_WITHIN_MS = 150_000;

describe('a behaviour that is recorded', () => {
  seen('comes out as a new list on the screen that watches, which says what caused it, what changed and how long it took', async () => {
    const ann = beckon.as('annika');
    const screen = new ListWatcher('annika', ann);
    const first = await screen.until(({ list }) => list.items.length === 10);
    expect(first.change).toBeNull();
    const [top] = itemIdsOf(first);

    const { recorded, users } = await record(ann, [{ id: 'b-1', type: 'purchase', itemId: top! }]);
    expect(recorded).toEqual([{ index: 0, id: 'b-1', userId: 'annika', status: 'ACCEPTED', seq: 1 }]);
    expect(users).toEqual([{ userId: 'annika', seq: 1 }]);

    const next = await screen.covering(1);
    expect(next.appliedThrough).toBe(1);
    expect(next.cause).toEqual({ kind: 'BEHAVIOURS', itemIds: [], behaviours: [{ id: 'b-1', type: 'purchase', itemId: top, seq: 1 }] });
    expect(next.change!.removed).toContain(top);
    expect(next.position.epoch).toBe(first.position.epoch);
    expect(next.position.revision).toBeGreaterThan(first.position.revision);
    for (const stage of ['ingest', 'queue', 'score', 'replace', 'push'] as const) expect(next.timings[stage]).toBeGreaterThanOrEqual(0);

    const before = itemIdsOf(screen.updates.at(-2));
    expect(next.change!.added).toEqual(itemIdsOf(next).filter((id) => !before.includes(id)));
    expect(next.change!.removed).toEqual(before.filter((id) => !itemIdsOf(next).includes(id)));
    await screen.stop();
  });

  seen('reaches the screen through the other gateway, and a query there that demands it', async () => {
    const [here, there] = [beckon.as('bob'), beckon.as('bob', { gateway: beckon.gateways[1]! })];
    const screen = new ListWatcher('bob', there);
    await screen.until(() => true);
    const { users } = await record(here, [
      { type: 'like', itemId: itemId(5) },
      { type: 'like', itemId: itemId(9) },
    ]);
    const minSeq = users[0]!.seq;
    expect(minSeq).toBe(2);
    expect(await listOf(there, 'bob', { minSeq })).not.toContain(itemId(5));
    expect(itemIdsOf(await screen.covering(minSeq))).not.toContain(itemId(9));
    await screen.stop();
  });

  seen('is in the list that is read next, though nobody watches', async () => {
    const { users } = await record(beckon.as('cleo'), [{ type: 'purchase', itemId: itemId(2) }]);
    const list = await listOf(beckon.as('cleo', { gateway: beckon.gateways[1]! }), 'cleo', { minSeq: users[0]!.seq });
    expect(list).toHaveLength(10);
    expect(list).not.toContain(itemId(2));
  });

  seen('is demanded before it exists: a clear error to try again', async () => {
    await expect(listOf(beckon.as('dan'), 'dan', { minSeq: 7 })).rejects.toMatchObject({
      code: 'NOT_YET_APPLIED',
      retryable: true,
      field: 'minSeq',
    });
  });

  seen('once, however often it is sent', async () => {
    const client = beckon.as('eve');
    const same = { id: 'same', type: 'purchase', itemId: itemId(3) };
    const answers = await Promise.all([1, 2, 3, 4].map(() => record(client, [same])));
    const verdicts = answers.flatMap(({ recorded }) => recorded.map(({ status, seq }) => `${status} ${seq}`));
    expect(verdicts.sort()).toEqual(['ACCEPTED 1', 'DUPLICATE 1', 'DUPLICATE 1', 'DUPLICATE 1']);
  });

  seen('in a burst of 200 that no worker has seen yet: the last list has them all, for at most two recomputes', async () => {
    const client = beckon.as('burst');
    const screen = new ListWatcher('burst', client);
    await screen.until(() => true);
    const before = await listsMade();
    const at = Date.now() - HOUR_MS;
    beckon.worker.freeze(); // how many recomputes a burst costs must not depend on how fast this machine makes them
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        record(client, [{ id: `n-${n}`, type: 'click', itemId: itemId(n % 60), at: new Date(at + n * 1_000).toISOString() }]),
      ),
    );
    beckon.worker.thaw();
    const last = await screen.covering(200);
    expect(last.appliedThrough).toBe(200);
    expect((await listsMade()) - before).toBeLessThanOrEqual(2);
    expect(screen.failure).toBeUndefined();
    await screen.stop();
  });
});

describe('whoever asks', () => {
  seen('gets a list, labelled, with no history at all', async () => {
    const { recommendations } = await beckon
      .as('nobody')
      .request<{ recommendations: { fallback: { level: number; name: string }; items: { reason: { code: string } }[] } }>(
        '{ recommendations { fallback { level name } items { reason { code } sources { share } content { title text callToAction } } } }',
      );
    expect(recommendations.items).toHaveLength(10);
    expect(recommendations.fallback.level).toBeGreaterThan(0);
    expect(['popular', 'newest']).toContain(recommendations.fallback.name);
  });

  seen('finds an item that is a second old on a list', async () => {
    const client = beckon.as('gnomes');
    const gnome = (id: string): object => ({ id, title: `bearded gnome with a lantern, ${id}`, categories: ['gnomes'], tags: ['bearded'] });
    await upsert(beckon.as('operator'), [gnome('gnome-1')]);
    await record(client, [{ type: 'purchase', itemId: 'gnome-1' }]);
    await upsert(beckon.as('operator'), [gnome('gnome-2')]);
    await eventually(async () => {
      const { users } = await record(client, [{ type: 'impression', itemId: itemId(0) }]); // the list is made anew, by a worker that may just have heard
      expect(await listOf(client, 'gnomes', { minSeq: users[0]!.seq })).toContain('gnome-2');
    });
  });
});

describe('an item', () => {
  seen('that is hidden leaves every list that shows it, on every gateway', async () => {
    const screens = [0, 1].map((n) => new ListWatcher(`hide-${n}`, beckon.as(`hide-${n}`, { gateway: beckon.gateways[n]! })));
    await Promise.all(screens.map((screen) => screen.until(({ list }) => list.items.length === 10)));
    const gone = screens[0]!.itemIds.find((id) => screens[1]!.itemIds.includes(id))!;
    await beckon.as('operator').request('mutation Hide($ids: [ID!]!) { hideItems(ids: $ids) { items { id } } }', { ids: [gone] });
    for (const screen of screens) {
      // The list without it and the one that a worker makes next may come as one: the mailbox keeps the newest.
      const next = await screen.until((update) => update.cause.kind === 'RETRACTION' && !itemIdsOf(update).includes(gone), {
        what: 'the retraction',
      });
      expect(next.change!.removed).toContain(gone);
      expect(next.list.items).toHaveLength(10);
      await screen.stop();
    }
    await beckon.as('operator').request('mutation Show($ids: [ID!]!) { showItems(ids: $ids) { items { id } } }', { ids: [gone] });
  });

  seen('that is sold out leaves at once too', async () => {
    const screen = new ListWatcher('sold', beckon.as('sold'));
    const first = await screen.until(({ list }) => list.items.length === 10);
    const gone = itemIdsOf(first)[3]!;
    await beckon.as('operator').request('mutation Patch($patches: [ItemPatchInput!]!) { patchItems(patches: $patches) { items { id } } }', {
      patches: [{ id: gone, stock: 0 }],
    });
    const next = await screen.until((update) => !itemIdsOf(update).includes(gone), { what: 'a list without it' });
    expect(next.change!.removed).toContain(gone);
    await beckon.as('operator').request('mutation Patch($patches: [ItemPatchInput!]!) { patchItems(patches: $patches) { items { id } } }', {
      patches: [{ id: gone, stock: null }],
    });
    await screen.stop();
  });
});

describe('the profile', () => {
  seen('with a muted topic: a new list without it is pushed', async () => {
    const client = beckon.as('muter');
    const screen = new ListWatcher('muter', client);
    const first = await screen.until(({ list }) => list.items.length === 10);
    const category = categoryOf(itemIdsOf(first)[0]!);
    await client.request('mutation Mute($topic: ID!) { muteTopic(topic: $topic) { profile { seq } } }', { topic: `c:${category}` });
    const next = await screen.until(({ cause }) => cause.kind === 'PROFILE', { what: 'the list after the edit' });
    expect(itemIdsOf(next).map(categoryOf)).not.toContain(category);
    expect(next.list.items).toHaveLength(10);
    await screen.stop();
  });

  seen('of somebody who signs in takes over what was done before', async () => {
    await record(beckon.as('anon-42'), [
      { id: 'a-1', type: 'purchase', itemId: itemId(7) },
      { id: 'a-2', type: 'like', itemId: itemId(11) },
    ]);
    const client = beckon.as('fay');
    const screen = new ListWatcher('fay', client);
    await screen.until(() => true);
    const merge = (): Promise<{ mergeProfile: { profile: { seq: number; history: { itemId: string }[] } } }> =>
      client.request('mutation { mergeProfile(anonymousId: "anon-42") { profile { seq history { itemId } } } }');
    const { mergeProfile } = await merge();
    expect(mergeProfile.profile.history.map((entry) => entry.itemId).sort()).toEqual([itemId(7), itemId(11)]);
    const next = await screen.covering(mergeProfile.profile.seq);
    expect(itemIdsOf(next)).not.toContain(itemId(7));
    expect((await merge()).mergeProfile.profile.seq).toBe(mergeProfile.profile.seq); // idempotent
    const { profile } = await client.request<{ profile: { seq: number; recent: object[] } }>(
      '{ profile(userId: "anon-42") { seq recent { id } } }',
    );
    expect(profile).toEqual({ seq: 0, recent: [] });
    await screen.stop();
  });

  seen('that is erased is empty, and the list that is watched is nobody’s any more', async () => {
    const client = beckon.as('gus');
    const screen = new ListWatcher('gus', client);
    await screen.until(() => true);
    await record(
      client,
      [1, 5, 9].map((n) => ({ type: 'purchase', itemId: itemId(n) })),
    );
    const personal = await screen.covering(3);
    await client.request('mutation { eraseProfile { userId } }');
    const after = await screen.until(({ position }) => position.epoch !== personal.position.epoch, { what: 'a list of the new epoch' });
    expect(after.appliedThrough).toBe(0);
    expect(after.cause.kind).toBe('PROFILE');
    expect(after.list.items.every(({ reason }) => ['POPULAR', 'NEW'].includes(reason.code))).toBe(true);
    const { profileExport } = await client.request<{ profileExport: { profile: { seq: number }; behaviours: object[] } }>(
      '{ profileExport { profile { seq } behaviours { id } } }',
    );
    expect(profileExport).toEqual({ profile: { seq: 0 }, behaviours: [] });
    await screen.stop();
  });
});

describe('training on demand', () => {
  interface State {
    readonly models: readonly {
      readonly name: string;
      readonly live: { readonly version: string } | null;
      readonly lastRun: { readonly at: string } | null;
    }[];
  }
  const runs = async (): Promise<Record<string, string | undefined>> => {
    const { models } = await beckon.as('operator').request<State>('{ models { name lastRun { at } } }');
    return Object.fromEntries(models.map(({ name, lastRun }) => [name, lastRun?.at]));
  };
  const liveVersions = async (): Promise<Record<string, string | undefined>> => {
    const { models } = await beckon.as('operator').request<State>('{ models { name live { version } } }');
    return Object.fromEntries(models.map(({ name, live }) => [name, live?.version]));
  };
  const train = async (models: readonly string[] | null): Promise<Record<string, string | undefined>> => {
    const before = await runs();
    const { trainModels } = await beckon
      .as('operator')
      .request<{ trainModels: { jobs: { model: string }[] } }>(
        'mutation Train($models: [ModelName!]) { trainModels(models: $models) { jobs { id model } } }',
        { models },
      );
    expect(trainModels.jobs.length).toBeGreaterThan(0);
    return eventually(
      async () => {
        const now = await runs();
        for (const { model } of trainModels.jobs) if (now[model] === before[model]) throw new Error(`no run of ${model} has ended yet`);
        return liveVersions();
      },
      { withinMs: TRAINED_WITHIN_MS, everyMs: 50 },
    );
  };

  seen(
    'puts a new version in use on the running worker, and watched lists are made anew with it',
    async () => {
      await record(beckon.as('hal'), [
        { type: 'purchase', itemId: itemId(0) },
        { type: 'like', itemId: itemId(4) },
      ]);
      const screen = new ListWatcher('hal', beckon.as('hal'));
      await screen.until(() => true);
      const versions = await train(null);
      expect(Object.keys(versions)).toEqual(expect.arrayContaining(['FACTOR', 'ITEM_KNN', 'SESSION_KNN']));
      await screen.until(({ cause, list }) => cause.kind === 'MODELS' && list.fallback.level === 0, {
        what: 'the whole hybrid, caused by models',
      });
      await screen.stop();
    },
    2 * TRAINED_WITHIN_MS,
  );

  seen('survives a restart of the worker: the same versions serve', async () => {
    await beckon.worker.stop(); // and with it a run that is still going
    const versions = await liveVersions();
    await beckon.worker.restart();
    const inUse = beckon.worker.lines
      .map((line) => JSON.parse(line) as { msg: string; model?: string; version?: string })
      .filter(({ msg }) => msg === 'model in use')
      .reverse();
    for (const [name, version] of Object.entries(versions)) {
      if (version === undefined) continue;
      expect(inUse.find(({ model }) => model === name.toLowerCase().replaceAll('_', '-'))?.version).toBe(version);
    }
    const screen = new ListWatcher('hal', beckon.as('hal'));
    const now = await screen.until(() => true);
    expect(now.list.fallback).toEqual({ level: 0, name: 'hybrid' });
    await screen.stop();
  });

  seen(
    'can be taken back to an older version, and forth again',
    async () => {
      const old = (await liveVersions())['ITEM_KNN']!;
      const newer = (await train(['ITEM_KNN']))['ITEM_KNN']!;
      const screen = new ListWatcher('hal', beckon.as('hal'));
      let { position } = await screen.until(() => true);
      for (const version of [old, newer]) {
        const { rollbackModel } = await beckon
          .as('operator')
          .request<{ rollbackModel: { model: { live: { version: string } } } }>(
            'mutation Back($version: String!) { rollbackModel(model: ITEM_KNN, version: $version) { model { live { version } } } }',
            { version },
          );
        expect(rollbackModel.model.live.version).toBe(version);
        const at = position;
        ({ position } = await screen.until((update) => update.cause.kind === 'MODELS' && update.position.revision > at.revision, {
          what: 'a list by the older version',
        }));
      }
      await expect(
        beckon.as('operator').request('mutation { rollbackModel(model: ITEM_KNN, version: "never") { model { name } } }'),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await screen.stop();
    },
    2 * TRAINED_WITHIN_MS,
  );
});

it('never logs what a user did', () => {
  const lines = [...beckon.gateways, ...beckon.workers].flatMap((part) => part.lines);
  const logged = lines.filter((line) => !line.includes('"audit":true')).join('\n'); // those say what operators did, by its ids
  expect(logged).not.toBe('');
  for (const secret of ['item-0', 'annika', '"b-1"', 'anon-42', 'purchase']) expect(logged.includes(secret) && secret).toBe(false);
});

/** Lists that workers have computed so far. */
async function listsMade(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();
  const counts = [...text.matchAll(/^beckon_lists_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
