import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemIdsOf, ListWatcher } from '../support/list-watcher';
import { categoryOf, itemId, record, stockShop } from '../support/shop';

const plain = { diversity: { lambda: 1 }, size: 10 };
/** One surface for each way of each switch. */
const SURFACES = {
  home: plain,
  impersonal: { ...plain, personalisation: 'never' },
  fixed: { ...plain, personalisation: 'always' },
  calibrated: { ...plain, calibration: { weight: 0.8 } },
  fair: { ...plain, exposure: { weight: 1, target: 'equal' } },
};

let beckon: Beckon;

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'beckon-trust-')), 'tenants.json');
  writeFileSync(
    file,
    JSON.stringify({
      tenants: { [TENANT]: { training: { everyMs: 0 }, surfaces: SURFACES }, private: { transparency: { publishParameters: false } } },
    }),
  );
  beckon = await Beckon.start({ env: { TENANTS_FILE: file } });
  await stockShop(beckon.as('operator'));
  // Who has one thing of a category has others of it, so that items of a category go together.
  const behaviours = Array.from({ length: 12 }, (_, user) =>
    Array.from({ length: 8 }, (__, n) => ({ userId: `early-${user}`, type: 'purchase', itemId: itemId((user % 4) + 4 * n) })),
  );
  for (const batch of behaviours) await record(beckon.as('operator'), batch);
  await beckon.untilFirstTrainingIsOver(); // it asks every profile, which is not the loop's doing
}, 120_000);
afterAll(() => beckon?.stop());

const seen = (name: string, work: () => Promise<void>): void => it(name, () => beckon.explaining(work), 40_000);

interface List {
  readonly userId: string;
  readonly personalised: boolean;
  readonly recommendationId: string;
  readonly fallback: { readonly name: string };
  readonly items: readonly { readonly itemId: string }[];
}
const listOn = async (userId: string, surface: string, minSeq?: number): Promise<List> =>
  (
    await beckon.as(userId).request<{ recommendations: List }>(
      `query List($surface: String!, $minSeq: Int) {
        recommendations(surface: $surface, minSeq: $minSeq) { userId personalised recommendationId fallback { name } items { itemId } }
      }`,
      { surface, minSeq },
    )
  ).recommendations;
const switchTo = (userId: string, enabled: boolean): Promise<object> =>
  beckon
    .as(userId)
    .request(
      'mutation Switch($enabled: Boolean!) { setPersonalisation(enabled: $enabled, surface: "home") { surfaces { surface enabled } } }',
      {
        enabled,
      },
    );

describe('a user who is not to be profiled', () => {
  seen('is served and pushed lists without a command on the profile, asserted on the wire; once more profiled, with', async () => {
    await record(
      beckon.as('ines'),
      [1, 5, 9].map((n) => ({ type: 'purchase', itemId: itemId(n) })),
    );
    await switchTo('ines', false);
    const own = beckon.keys.profileParts({ tenant: TENANT, userId: 'ines' });
    const connection = new Redis(beckon.server.url);
    const monitor = await connection.monitor();
    const commands: string[] = [];
    monitor.on('monitor', (_time: string, args: string[]) => void commands.push(args.join(' ')));
    const ofProfile = (): string[] => commands.filter((command) => own.some((key) => command.includes(key)));

    const screen = new ListWatcher('ines', beckon.as('ines'));
    const first = await screen.until(({ list }) => list.items.length === 10);
    expect(first.list.fallback.name).toBe('popular');
    expect(await listOn('ines', 'home')).toMatchObject({ personalised: false, userId: 'not profiled' });
    // A push that a worker computes: something on the list is taken away for a moment.
    const gone = itemIdsOf(first)[0]!;
    await beckon.as('operator').request('mutation Hide($ids: [ID!]!) { hideItems(ids: $ids) { items { id } } }', { ids: [gone] });
    await screen.until((update) => !itemIdsOf(update).includes(gone) && update.list.items.length === 10, { what: 'a list without it' });
    await beckon.as('operator').request('mutation Show($ids: [ID!]!) { showItems(ids: $ids) { items { id } } }', { ids: [gone] });
    const shared = beckon.keys.list({ tenant: TENANT, userId: 'not profiled' }, 'home');
    expect(commands.some((command) => command.includes(shared))).toBe(true); // the monitor does see what is read and stored
    expect(ofProfile()).toEqual([]);

    await switchTo('ines', true);
    const personal = await screen.until(({ list }) => list.fallback.name !== 'popular', { what: 'the personal list, on the open screen' });
    expect(itemIdsOf(personal)).not.toContain(itemId(1));
    expect(ofProfile().length).toBeGreaterThan(0);
    monitor.disconnect();
    connection.disconnect();
    await screen.stop();
  });

  seen('is told by each surface what it does, and a surface that leaves no choice says so', async () => {
    await record(beckon.as('jo'), [{ type: 'purchase', itemId: itemId(2) }]);
    expect(await listOn('jo', 'impersonal')).toMatchObject({ personalised: false, fallback: { name: 'popular' } });
    expect(await listOn('jo', 'fixed')).toMatchObject({ personalised: true, userId: 'jo' });
    await expect(
      beckon.as('jo').request('mutation { setPersonalisation(enabled: false, surface: "fixed") { surfaces { surface } } }'),
    ).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'surface' });
  });
});

describe('a list', () => {
  seen('that is calibrated keeps to the history’s categories; one that is not need not', async () => {
    const history = [0, 4, 8, 12, 16, 1]; // five of the garden, one of the kitchen
    const { users } = await record(
      beckon.as('kim'),
      history.map((n) => ({ type: 'purchase', itemId: itemId(n) })),
    );
    const ofKitchen = async (surface: string): Promise<number> =>
      (await listOn('kim', surface, users[0]!.seq)).items.filter((item) => categoryOf(item.itemId) === 'kitchen').length;
    const [calibrated, plainly] = [await ofKitchen('calibrated'), await ofKitchen('home')];
    expect(Math.abs(calibrated - 10 / 6)).toBeLessThanOrEqual(Math.abs(plainly - 10 / 6));
    expect(calibrated).toBeGreaterThanOrEqual(1);
    expect(calibrated).toBeLessThanOrEqual(3);
  });

  seen('that is evened out is counted by seller on the worker; others are not', async () => {
    for (const userId of ['lea', 'mia', 'noa']) await listOn(userId, 'fair');
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${beckon.worker.port}/metrics`)).text();
      const lines = metrics.split('\n').filter((line) => line.startsWith('beckon_exposure_gini{'));
      expect(lines).toHaveLength(1); // of the surface that weighs it
      expect(lines[0]).toMatch(/surface="fair".* 0\.\d+/);
    });
  });

  seen('can be rated, which is kept beside it in the log and changes nothing else', async () => {
    const { recommendationId } = await listOn('olga', 'home');
    const rate = (): Promise<{ rateRecommendation: { seq: number } }> =>
      beckon.as('olga').request('mutation Rate($input: RateRecommendationInput!) { rateRecommendation(input: $input) { seq } }', {
        input: { recommendationId, rating: 2, id: 'once', surface: 'home' },
      });
    expect(await rate()).toEqual({ rateRecommendation: { seq: 1 } });
    expect(await rate()).toEqual({ rateRecommendation: { seq: 1 } });
    const { profileExport } = await beckon
      .as('olga')
      .request<{ profileExport: { behaviours: object[]; profile: object } }>(
        '{ profileExport { behaviours { type value recommendationId } profile { interests { short { value } } history { itemId } } } }',
      );
    expect(profileExport.behaviours).toEqual([{ type: 'rate_recommendation', value: 2, recommendationId }]);
    expect(profileExport.profile).toEqual({ interests: { short: [] }, history: [] });
  });
});

describe('an interest', () => {
  seen('that is locked stays through behaviour, and a reset keeps it or not, as asked', async () => {
    const client = beckon.as('pia');
    await record(client, [{ type: 'purchase', itemId: itemId(0) }]);
    await client.request('mutation { setInterest(input: { topic: "c:books", value: 3, locked: true }) { profile { seq } } }');
    await record(
      client,
      [3, 7].map((n) => ({ type: 'purchase', itemId: itemId(n) })),
    ); // books
    type Interests = { interests: { long: { topic: { id: string }; value: number; locked: boolean }[] } };
    const INTERESTS = 'interests { long { topic { id } value locked } }';
    const locked = { topic: { id: 'c:books' }, value: 3, locked: true };
    const { profile } = await client.request<{ profile: Interests }>(`{ profile { ${INTERESTS} } }`);
    expect(profile.interests.long).toContainEqual(locked);
    expect(profile.interests.long.find(({ topic }) => topic.id === 'c:garden')!.locked).toBe(false);
    const reset = async (keepEdits: boolean): Promise<Interests> =>
      (
        await client.request<{ resetProfile: { profile: Interests } }>(
          `mutation Reset($keepEdits: Boolean!) { resetProfile(keepEdits: $keepEdits) { profile { ${INTERESTS} } } }`,
          { keepEdits },
        )
      ).resetProfile.profile;
    expect((await reset(true)).interests.long).toEqual([locked]);
    expect((await reset(false)).interests.long).toEqual([]);
  });
});

describe('who asks why', () => {
  const WHY = `query Why($item: ID!, $surface: String!) {
    why(item: $item, surface: $surface) {
      personalised rank listSize leftOut score sources { share } reason { code } counterfactuals { itemId type rank item { title } }
    }
  }`;
  interface Why {
    readonly personalised: boolean;
    readonly rank: number | null;
    readonly leftOut: string | null;
    readonly reason: object | null;
    readonly counterfactuals: readonly { readonly itemId: string; readonly type: string; readonly rank: number | null }[];
  }
  const why = async (userId: string, item: string, surface = 'home'): Promise<Why> =>
    (await beckon.as(userId).request<{ why: Why }>(WHY, { item, surface })).why;

  seen('is told the place, and where the item would be without what was done, by making the list again', async () => {
    await record(beckon.as('rosa'), [{ type: 'purchase', itemId: itemId(0) }]);
    const { items } = await listOn('rosa', 'home', 1);
    const top = await why('rosa', items[0]!.itemId);
    expect(top).toMatchObject({ personalised: true, rank: 1, listSize: 10, leftOut: null });
    expect(top.counterfactuals).toMatchObject([{ itemId: itemId(0), type: 'purchase', item: { title: 'garden thing 0' } }]);
    // Without it nothing is known of her: the place is that on the list of a stranger.
    const stranger = await listOn('stranger', 'home');
    const place = stranger.items.findIndex((item) => item.itemId === items[0]!.itemId) + 1;
    expect(top.counterfactuals[0]!.rank).toBe(place === 0 ? null : place);
    expect(await why('rosa', itemId(0))).toMatchObject({ rank: null, leftOut: 'SEEN', reason: null });
    expect(await beckon.redis.keys('*questions*rosa*')).toEqual([]);
  });

  seen('and is not profiled is answered without the profile; an item that there is not is refused', async () => {
    await record(beckon.as('sam'), [{ type: 'purchase', itemId: itemId(0) }]);
    expect(await why('sam', itemId(0), 'impersonal')).toMatchObject({ personalised: false, counterfactuals: [] });
    await expect(why('sam', 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'item' });
  });
});

describe('the page of the main parameters', () => {
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${beckon.gateway.port}${path}`);

  seen('says what each surface is set to and what that means, to people and to machines, without an identity', async () => {
    const page = await get('/parameters');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const html = await page.text();
    for (const part of ['calibration.weight', '0.8', 'setPersonalisation', 'purchase']) expect(html).toContain(part);
    const { surfaces } = (await (await get('/parameters.json?tenant=default')).json()) as {
      surfaces: { name: string; parameters: { name: string; value: unknown; meaning: string }[] }[];
    };
    const fair = surfaces.find(({ name }) => name === 'fair')!.parameters;
    expect(fair.find(({ name }) => name === 'exposure.weight')).toMatchObject({ value: 1 });
    expect(fair.every(({ meaning }) => meaning.length > 10)).toBe(true);
  });

  seen('is not there for a tenant that does not publish it, nor for one that there is not', async () => {
    for (const tenant of ['private', 'nobody']) expect((await get(`/parameters?tenant=${tenant}`)).status).toBe(404);
  });
});
