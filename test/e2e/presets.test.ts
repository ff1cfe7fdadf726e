import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Beckon, TENANT } from '../support/beckon';
import { eventually } from '../support/eventually';
import { itemId, record, stockShop, upsert, type SentBehaviour } from '../support/shop';

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
  const off = (surface: string, rules: readonly string[]): object => ({
    [surface]: { rules: Object.fromEntries(rules.map((rule) => [rule, null])) },
  });
  const tenants = {
    [TENANT]: { training, surfaces: SURFACES },
    shop: { training, preset: 'shop' },
    news: { training, preset: 'news' },
    social: { training, preset: 'social' },
    'shop-off': { training, preset: 'shop', surfaces: off('cart', ['bundles', 'maxPriceRatio']) },
    'news-off': {
      training,
      preset: 'news',
      surfaces: off('home', ['maxAgeMs', 'freshnessHalfLifeMs', 'maxPerThread', 'maxPerSeller', 'maxPerTopic', 'breaking']),
    },
    'social-off': {
      training,
      preset: 'social',
      surfaces: off('feed', ['maxPerSeller', 'maxPerThread', 'followed', 'freshnessHalfLifeMs']),
    },
  };
  await writeFile(tenantsFile, JSON.stringify({ tenants }));
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

interface Shown {
  readonly itemId: string;
  readonly flags: readonly string[];
  readonly reason: { readonly code: string; readonly evidence: readonly { readonly itemId: string }[] };
  readonly item: {
    readonly sellerId: string | null;
    readonly threadId: string | null;
    readonly categories: readonly string[];
    readonly parts: readonly string[];
  };
}
/** Puts items into a tenant's catalogue and resolves with the list of a user who did this, when all that may be on it can be. */
async function listAfter(
  tenant: string,
  surface: string,
  { items, did, shows }: { items: readonly object[]; did: readonly SentBehaviour[]; shows: (list: readonly Shown[]) => boolean },
): Promise<readonly Shown[]> {
  await upsert(beckon.as('operator', { tenant }), items);
  const query = `query($surface: String!, $seq: Int) { recommendations(surface: $surface, first: 20, minSeq: $seq) {
    items { itemId flags reason { code evidence { itemId } } item { sellerId threadId categories parts } } } }`;
  return eventually(async () => {
    const user = beckon.as(`u-${randomUUID()}`, { tenant });
    const seq = did.length === 0 ? 0 : (await record(user, did)).users[0]!.seq;
    const { items: list } = (await user.request<{ recommendations: { items: Shown[] } }>(query, { surface, seq })).recommendations;
    if (!shows(list)) throw new Error(`not yet on the list of ${tenant}: ${JSON.stringify(list.map(({ itemId }) => itemId))}`);
    return list;
  });
}
const idsOf = (list: readonly Shown[]): string[] => list.map((shown) => shown.itemId);
const most = (list: readonly Shown[], keyOf: (item: Shown['item']) => string | null | undefined): number => {
  const counts = new Map<string, number>();
  for (const { item } of list) if (keyOf(item)) counts.set(keyOf(item)!, (counts.get(keyOf(item)!) ?? 0) + 1);
  return Math.max(0, ...counts.values());
};
const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

describe('a shop', () => {
  const items = [
    { id: 'kettle', title: 'Kettle', price: 40, currency: 'EUR', categories: ['kitchen'] },
    { id: 'cups', title: 'Cups', price: 20, currency: 'EUR', categories: ['kitchen'] },
    { id: 'set', title: 'Kettle and cups', price: 55, currency: 'EUR', categories: ['kitchen'], parts: ['kettle', 'cups'] },
    { id: 'oven', title: 'Oven', price: 121, currency: 'EUR', categories: ['kitchen'] },
    { id: 'whisk', title: 'Whisk', price: 9, currency: 'EUR', categories: ['kitchen'], stock: 0 },
  ];
  const did = [{ type: 'add_to_cart', itemId: 'kettle' }];

  tested('offers the rest of a bundle to the cart, not the bundle beside its part, nothing far dearer, nothing sold out', async () => {
    const list = await listAfter('shop', 'cart', { items, did, shows: (shown) => shown.length === 1 });
    expect(idsOf(list)).toEqual(['cups']);
    expect(list[0]!.reason).toMatchObject({ code: 'BECAUSE_YOU', evidence: [{ itemId: 'kettle' }] });
    // without the rules all that can be had is there
    expect(idsOf(await listAfter('shop-off', 'cart', { items, did, shows: (shown) => shown.length === 3 })).sort()).toEqual([
      'cups',
      'oven',
      'set',
    ]);
  });
});

describe('a newspaper', () => {
  const items = [
    ...range(30).map((k) => ({
      id: `n-${k}`,
      title: `Article ${k}`,
      categories: [k < 20 ? 'world' : 'sport'],
      sellerId: k < 15 ? 'agency' : `paper-${k}`,
      publishedAt: ago(3 + k / 10),
      ...(k % 10 === 9 && { threadId: 'election' }),
    })),
    ...range(3).map((k) => ({ id: `old-${k}`, title: `Yesteryear ${k}`, categories: ['culture'], publishedAt: ago(80) })),
    { id: 'quake', title: 'Earthquake', categories: ['world'], tags: ['breaking'], sellerId: 'agency', publishedAt: ago(1) },
    { id: 'over', title: 'Expired', publishedAt: ago(1), expiresAt: ago(0.5) },
  ];

  tested('keeps its lists fresh and balanced over topics, sources and stories, with what breaks at the top', async () => {
    const list = await listAfter('news', 'home', { items, did: [], shows: (shown) => shown.length === 12 });
    expect(list[0]).toMatchObject({ itemId: 'quake', flags: expect.arrayContaining(['BREAKING']) as unknown });
    expect(most(list, ({ categories }) => categories[0])).toBe(6);
    expect(most(list, ({ sellerId }) => sellerId)).toBeLessThanOrEqual(4);
    expect(most(list, ({ threadId }) => threadId)).toBeLessThanOrEqual(1);
    expect(idsOf(list).filter((id) => id.startsWith('old') || id === 'over')).toEqual([]);
  });

  tested('does not where its operator has taken the rules away', async () => {
    const list = await listAfter('news-off', 'home', { items, did: [], shows: (shown) => shown.length === 20 });
    expect(most(list, ({ categories }) => categories[0])).toBeGreaterThan(6);
    expect(list.flatMap(({ flags }) => flags)).not.toContain('BREAKING');
    expect(idsOf(list)).not.toContain('over');
  });
});

describe('a social network', () => {
  const items = [
    ...range(12).map((k) => ({ id: `p-${k}`, title: `Post ${k}`, sellerId: 'loud', publishedAt: ago(1 + k / 10) })),
    ...range(4).map((k) => ({ id: `t-${k}`, title: `Reply ${k}`, sellerId: `r-${k}`, threadId: 'thread', publishedAt: ago(2) })),
    ...range(5).map((k) => ({ id: `f-${k}`, title: `Friend ${k}`, sellerId: 'friend', publishedAt: ago(30 + k) })),
    { id: 'seen', title: 'Seen', sellerId: 'x', publishedAt: ago(3) },
  ];
  const did = [
    { type: 'follow', target: 'friend' },
    { type: 'comment', itemId: 'seen' },
  ];

  tested('shows posts of those whom the reader follows, few of one author and one of a conversation', async () => {
    const list = await listAfter('social', 'feed', { items, did, shows: (shown) => shown.length === 7 });
    expect(most(list, ({ sellerId }) => sellerId)).toBe(3);
    expect(most(list, ({ threadId }) => threadId)).toBe(1);
    const byFriend = list.filter(({ item }) => item.sellerId === 'friend');
    expect(byFriend.map(({ itemId }) => itemId)).toEqual(['f-0', 'f-1', 'f-2']);
    expect(byFriend.map(({ reason }) => reason.code)).toEqual(['FOLLOWED', 'FOLLOWED', 'FOLLOWED']);
  });

  tested('does not where its operator has taken the rules away', async () => {
    const list = await listAfter('social-off', 'feed', { items, did, shows: (shown) => shown.length === 20 });
    expect(most(list, ({ sellerId }) => sellerId)).toBe(12);
    expect(most(list, ({ threadId }) => threadId)).toBe(4);
    expect(list.map(({ reason }) => reason.code)).not.toContain('FOLLOWED');
  });
});
