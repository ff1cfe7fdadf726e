import type { Recommendation } from '../../src/push/recommendation-list';
import { emptyProfile } from '../../src/profile/empty-profile';
import { itemOf, listOf } from './support/fake-parts';
import { startTestGateway, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.close());

const ask = async (query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
  const { answer } = await gateway.post({ query, variables }, headers);
  expect(answer.errors).toBeUndefined();
  return answer.data!;
};
const SHOPPER = { 'x-beckon-user': 'ann', 'x-beckon-scopes': '' };

describe('query recommendations', () => {
  it('gives every part of an explained list', async () => {
    gateway.items.set('pot', itemOf('pot', { price: 3.5, currency: 'EUR', imageUrl: 'https://img.example/pot', categories: ['garden'] }));
    gateway.items.set('tin', itemOf('tin'));
    const explained: Recommendation = {
      itemId: 'pot',
      score: 0.75,
      sources: [
        { model: 'item-knn', share: 0.6 },
        { model: 'content-based', share: 0.4 },
      ],
      reason: { code: 'because_you', evidence: [{ itemId: 'tin', type: 'view', at: Date.UTC(2026, 0, 2), share: 1 }] },
      flags: ['promoted', 'explored'],
      content: { title: 'A pot', text: 'Goes with the tin', callToAction: 'Look' },
    };
    const interest: Recommendation = {
      ...explained,
      itemId: 'tin',
      reason: { code: 'interest', topic: 'c:garden', evidence: [] },
      flags: [],
    };
    gateway.push(
      listOf('ann', [], { items: [explained, interest], appliedThrough: 3, timeline: { startedAt: 1, scoredAt: Date.UTC(2026, 0, 3) } }),
    );
    const data = await ask(
      `{ recommendations(first: 2) {
        recommendationId userId surface stale appliedThrough computedAt position { epoch revision } fallback { level name }
        items { itemId rank score item { title price currency imageUrl } sources { model share }
          reason { code topic { id kind name } evidence { itemId type at share item { title } } }
          flags content { title text callToAction } } } }`,
      {},
      SHOPPER,
    );
    expect(data['recommendations']).toEqual({
      recommendationId: 'r-ann-0',
      userId: 'ann',
      surface: 'home',
      stale: false,
      appliedThrough: 3,
      computedAt: '2026-01-03T00:00:00.000Z',
      position: { epoch: 'e1', revision: 1 },
      fallback: { level: 0, name: 'hybrid' },
      items: [
        {
          itemId: 'pot',
          rank: 1,
          score: 0.75,
          item: { title: 'Title of pot', price: 3.5, currency: 'EUR', imageUrl: 'https://img.example/pot' },
          sources: [
            { model: 'ITEM_KNN', share: 0.6 },
            { model: 'CONTENT_BASED', share: 0.4 },
          ],
          reason: {
            code: 'BECAUSE_YOU',
            topic: null,
            evidence: [{ itemId: 'tin', type: 'view', at: '2026-01-02T00:00:00.000Z', share: 1, item: { title: 'Title of tin' } }],
          },
          flags: ['PROMOTED', 'EXPLORED'],
          content: { title: 'A pot', text: 'Goes with the tin', callToAction: 'Look' },
        },
        expect.objectContaining({
          rank: 2,
          reason: { code: 'INTEREST', topic: { id: 'c:garden', kind: 'CATEGORY', name: 'garden' }, evidence: [] },
        }),
      ],
    });
  });
});

describe('mutation recordBehaviours', () => {
  it('hands on what was sent, for the caller unless it names somebody, with times as epoch milliseconds', async () => {
    await ask(
      `mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { users { userId seq } } }`,
      {
        b: [
          {
            id: 'b1',
            type: 'ADD_TO_CART',
            itemId: 'pot',
            quantity: 2,
            at: '2026-01-01T00:00:00Z',
            surface: 'home',
            recommendationId: 'r1',
          },
          { id: 'b2', type: 'wishlist', itemId: 'pot', userId: 'bob', value: 0.5 },
        ],
      },
      { 'x-beckon-user': 'ann', 'x-beckon-scopes': 'record:any' },
    );
    expect(gateway.recorded).toEqual([
      {
        userId: 'ann',
        id: 'b1',
        type: 'add_to_cart',
        itemId: 'pot',
        quantity: 2,
        at: Date.UTC(2026, 0, 1),
        surface: 'home',
        recommendationId: 'r1',
      },
      { userId: 'bob', id: 'b2', type: 'wishlist', itemId: 'pot', value: 0.5 },
    ]);
  });

  it('undoNotInterested records a behaviour', async () => {
    expect(await ask('mutation { undoNotInterested(itemId: "pot") { itemId seq } }', {}, SHOPPER)).toEqual({
      undoNotInterested: { itemId: 'pot', seq: 1 },
    });
    expect(gateway.recorded).toEqual([{ userId: 'ann', id: 'id-1', type: 'undo_not_interested', itemId: 'pot' }]);
  });
});

describe('the catalogue', () => {
  const UPSERT =
    'mutation ($i: [ItemInput!]!) { upsertItems(items: $i) { items { id vectors { modality values } hidden stock } rejections { index } } }';

  it('takes items and changes, and hides and shows them', async () => {
    const item = { id: 'pot', title: 'Pot', stock: 3, vectors: [{ modality: 'text', values: [1, 0.5] }] };
    const upserted = { id: 'pot', vectors: [{ modality: 'text', values: [1, 0.5] }], hidden: false, stock: 3 };
    expect(await ask(UPSERT, { i: [item] })).toEqual({ upsertItems: { items: [upserted], rejections: [] } });
    const patch =
      'mutation { patchItems(patches: [{ id: "pot", stock: null, title: "Big pot" }]) { items { title stock vectors { modality } } } }';
    expect(await ask(patch)).toEqual({ patchItems: { items: [{ title: 'Big pot', stock: null, vectors: [{ modality: 'text' }] }] } });
    expect(await ask('mutation { hideItems(ids: ["pot"]) { items { hidden } } }')).toEqual({ hideItems: { items: [{ hidden: true }] } });
    expect(await ask('mutation { showItems(ids: ["pot"]) { items { hidden } } }')).toEqual({ showItems: { items: [{ hidden: false }] } });
  });

  it('shows hidden items to those who write the catalogue only', async () => {
    gateway.items.set('a', itemOf('a', { hidden: true }));
    gateway.items.set('b', itemOf('b'));
    const query = '{ item(id: "a") { id } items(ids: ["b", "a", "nowhere"]) { nodes { id } } all: items { nodes { id } } }';
    expect(await ask(query, {}, SHOPPER)).toEqual({ item: null, items: { nodes: [{ id: 'b' }] }, all: { nodes: [{ id: 'b' }] } });
    expect(await ask(query)).toEqual({
      item: { id: 'a' },
      items: { nodes: [{ id: 'b' }, { id: 'a' }] },
      all: { nodes: [{ id: 'a' }, { id: 'b' }] },
    });
  });

  it('shows hidden items nowhere else either', async () => {
    gateway.items.set('a', itemOf('a', { hidden: true }));
    gateway.items.set('b', itemOf('b'));
    const item = (itemId: string): Recommendation => ({
      itemId,
      score: 1,
      sources: [],
      reason: { code: 'because_you', evidence: [{ itemId: 'a', type: 'view', at: 0, share: 1 }] },
      flags: [],
      content: { title: '', text: '', callToAction: '' },
    });
    gateway.push(listOf('ann', [], { items: [item('a'), item('b')] }));
    const query = '{ recommendations { items { item { id } reason { evidence { item { id } } } } } }';
    const shown = (a: unknown) => [
      { item: a, reason: { evidence: [{ item: a }] } },
      { item: { id: 'b' }, reason: { evidence: [{ item: a }] } },
    ];
    expect(await ask(query, {}, SHOPPER)).toEqual({ recommendations: { items: shown(null) } });
    expect(await ask(query, {}, { ...SHOPPER, 'x-beckon-scopes': 'catalogue:write' })).toEqual({
      recommendations: { items: shown({ id: 'a' }) },
    });
  });

  it('is paged by cursor, and filtered by category', async () => {
    for (const id of ['c', 'a', 'd', 'b']) gateway.items.set(id, itemOf(id, { categories: id === 'd' ? [] : ['garden'] }));
    const PAGE =
      'query ($after: String) { items(first: 2, category: "garden", after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }';
    interface Page {
      items: { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }
    const { items: first } = (await ask(PAGE)) as unknown as Page;
    expect(first.edges.map(({ node }) => node.id)).toEqual(['a', 'b']);
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[1]!.cursor });
    const { items: last } = (await ask(PAGE, { after: first.pageInfo.endCursor })) as unknown as Page;
    expect(last.edges.map(({ node }) => node.id)).toEqual(['c']);
    expect(last.pageInfo.hasNextPage).toBe(false);
  });

  it('ranks related and popular items', async () => {
    gateway.items.set('a', itemOf('a'));
    gateway.items.set('b', itemOf('b'));
    expect(
      await ask(
        '{ relatedItems(item: "a", first: 1) { itemId rank score sources { model } } popularItems(window: HOUR) { itemId rank item { title } } }',
      ),
    ).toEqual({
      relatedItems: [{ itemId: 'a', rank: 1, score: 1, sources: [{ model: 'ITEM_KNN' }] }],
      popularItems: [
        { itemId: 'a', rank: 1, item: { title: 'Title of a' } },
        { itemId: 'b', rank: 2, item: { title: 'Title of b' } },
      ],
    });
  });

  it('leaves hidden items out of what is related and popular', async () => {
    gateway.items.set('a', itemOf('a', { hidden: true }));
    gateway.items.set('b', itemOf('b'));
    const query = '{ relatedItems(item: "b") { itemId } popularItems { itemId rank item { id } } }';
    expect(await ask(query, {}, SHOPPER)).toEqual({
      relatedItems: [{ itemId: 'b' }],
      popularItems: [{ itemId: 'b', rank: 1, item: { id: 'b' } }],
    });
  });
});

describe('the profile', () => {
  const at = Date.UTC(2026, 0, 1);

  it('shows everything that is known', async () => {
    gateway.items.set('pot', itemOf('pot'));
    gateway.profiles.set('default/ann/home', {
      ...emptyProfile({ tenant: 'default', userId: 'ann' }),
      seq: 2,
      recent: [{ seq: 2, id: 'b2', type: 'view', itemId: 'pot', weight: 0.1, at, receivedAt: at, recordedAt: at }],
      history: new Map([
        ['pot', at],
        ['gone', at - 1],
      ]),
      interests: { short: [{ topic: 'c:garden', value: 0.5 }], long: [{ topic: 't:clay', value: -0.25 }] },
      counters: { view: 2 },
      declaredInterests: ['t:clay'],
      attributes: { age: '30-39' },
      follows: ['seller-1'],
      mutedTopics: ['c:toys'],
      notInterested: new Map([['gone', at]]),
      locale: 'de',
    });
    const data = await ask(
      `{ profile { userId seq locale follows counters { type count } attributes { name value }
        recent(first: 5) { seq id type itemId weight at item { id } } history(first: 1) { itemId at item { title } }
        interests { short { topic { id kind } value } long { topic { name kind } value } }
        declaredInterests { id } mutedTopics { id name } notInterested { itemId item { id } at } } }`,
      {},
      SHOPPER,
    );
    expect(data['profile']).toEqual({
      userId: 'ann',
      seq: 2,
      locale: 'de',
      follows: ['seller-1'],
      counters: [{ type: 'view', count: 2 }],
      attributes: [{ name: 'age', value: '30-39' }],
      recent: [{ seq: 2, id: 'b2', type: 'view', itemId: 'pot', weight: 0.1, at: '2026-01-01T00:00:00.000Z', item: { id: 'pot' } }],
      history: [{ itemId: 'pot', at: '2026-01-01T00:00:00.000Z', item: { title: 'Title of pot' } }],
      interests: {
        short: [{ topic: { id: 'c:garden', kind: 'CATEGORY' }, value: 0.5 }],
        long: [{ topic: { name: 'clay', kind: 'TAG' }, value: -0.25 }],
      },
      declaredInterests: [{ id: 't:clay' }],
      mutedTopics: [{ id: 'c:toys', name: 'toys' }],
      notInterested: [{ itemId: 'gone', item: null, at: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it('can be edited, muted and unmuted; doing so twice changes nothing', async () => {
    const edit =
      'mutation ($i: UpdateProfileInput!) { updateProfile(input: $i) { profile { seq locale attributes { name value } declaredInterests { id } } } }';
    const input = { locale: 'de-AT', attributes: [{ name: 'age', value: '30-39' }], declaredInterests: ['c:garden'] };
    expect(await ask(edit, { i: input }, SHOPPER)).toEqual({
      updateProfile: {
        profile: { seq: 1, locale: 'de-AT', attributes: [{ name: 'age', value: '30-39' }], declaredInterests: [{ id: 'c:garden' }] },
      },
    });
    const mute = 'mutation { muteTopic(topic: "c:toys") { profile { seq mutedTopics { id } } } }';
    const muted = { muteTopic: { profile: { seq: 2, mutedTopics: [{ id: 'c:toys' }] } } };
    expect(await ask(mute, {}, SHOPPER)).toEqual(muted);
    expect(await ask(mute, {}, SHOPPER)).toEqual(muted);
    const unmute = 'mutation { unmuteTopic(topic: "c:toys") { profile { seq mutedTopics { id } } } }';
    expect(await ask(unmute, {}, SHOPPER)).toEqual({ unmuteTopic: { profile: { seq: 3, mutedTopics: [] } } });
  });

  it('shows what was inferred, with what says why, and takes what is said against it', async () => {
    const trait = {
      attribute: 'segment',
      value: 'fan',
      probability: 0.8,
      model: 'tree' as const,
      path: ['viewed 12 × Horror in 30 days'],
      at: 0,
    };
    const learning = { traits: [trait], consents: ['traits'], rejected: ['age'] };
    const asked = '{ profile { traits { attribute value probability model path at } traitConsents rejectedTraits } }';
    expect(await ask(asked, {}, SHOPPER)).toEqual({ profile: { traits: [], traitConsents: [], rejectedTraits: [] } });
    gateway.profiles.set('default/ann/home', { ...emptyProfile({ tenant: 'default', userId: 'ann' }), learning });
    expect(await ask(asked, {}, SHOPPER)).toEqual({
      profile: {
        traits: [{ ...trait, model: 'TREE', at: '1970-01-01T00:00:00.000Z' }],
        traitConsents: ['traits'],
        rejectedTraits: ['age'],
      },
    });
    const edits = ['deleteTrait(attribute: "segment")', 'rejectTrait(attribute: "segment")', 'resetTrait(attribute: "segment")'];
    for (const edit of edits) {
      const answer = await ask(`mutation { ${edit} { profile { userId } } }`, {}, SHOPPER);
      expect(Object.values(answer)).toEqual([{ profile: { userId: 'ann' } }]);
    }
  });

  it('can be merged, exported and erased', async () => {
    expect(await ask('mutation { mergeProfile(anonymousId: "anon-7") { profile { userId } } }', {}, SHOPPER)).toEqual({
      mergeProfile: { profile: { userId: 'ann' } },
    });
    expect(await ask('{ profileExport { profile { userId } behaviours { id } archive consents { purpose } } }', {}, SHOPPER)).toEqual({
      profileExport: { profile: { userId: 'ann' }, behaviours: [], archive: 'NONE', consents: [] },
    });
    const receipt = '{ id by ids completeAt reached { place removed doneAt } }';
    const { eraseProfile } = (await ask(`mutation { eraseProfile { userId receipt ${receipt} } }`, {}, SHOPPER)) as {
      eraseProfile: { receipt: { reached: object[] } };
    };
    expect(eraseProfile).toMatchObject({ userId: 'ann', receipt: { id: 'receipt-1', by: 'USER', ids: 1, completeAt: null } });
    expect(eraseProfile.receipt.reached).toContainEqual({ place: 'ARCHIVE', removed: 0, doneAt: null });
    expect(await ask(`{ erasureReceipt(id: "receipt-1") ${receipt} }`, {}, SHOPPER)).toEqual({ erasureReceipt: eraseProfile.receipt });
    expect(await ask(`{ erasureReceipt(id: "receipt-9") ${receipt} }`, {}, SHOPPER)).toEqual({ erasureReceipt: null });
    expect(await ask(`{ erasures(first: 2) ${receipt} }`)).toEqual({ erasures: [eraseProfile.receipt] });
    const { auditLog } = (await ask('{ auditLog(first: 1) { userId mutation arguments { name value } } }')) as { auditLog: object[] };
    const arguments_ = [{ name: 'userId', value: 'erased:receipt-1' }];
    expect(auditLog).toEqual([{ userId: 'erased:receipt-1', mutation: 'eraseProfile', arguments: arguments_ }]);
  });
});

describe('consent', () => {
  it('is noted with where and on what text it was given, and says where the user stands', async () => {
    const set =
      'mutation ($i: SetConsentInput!) { setConsent(input: $i) { consent { purpose required permitted entry { granted source textVersion by } } } }';
    const input = { purpose: 'traits', granted: true, source: 'settings-page', textVersion: 'v3' };
    const entry = { granted: true, source: 'settings-page', textVersion: 'v3', by: 'USER' };
    expect(await ask(set, { i: input }, SHOPPER)).toEqual({
      setConsent: { consent: { purpose: 'traits', required: true, permitted: true, entry } },
    });
    expect(await ask('{ consents { purpose required permitted entry { granted } } }', {}, SHOPPER)).toEqual({
      consents: [
        { purpose: 'personalisation', required: false, permitted: true, entry: null },
        { purpose: 'training', required: true, permitted: false, entry: null },
        { purpose: 'experiments', required: false, permitted: true, entry: null },
        { purpose: 'traits', required: true, permitted: true, entry: { granted: true } },
        { purpose: 'trait:gender', required: true, permitted: false, entry: null },
      ],
    });
  });
});

describe('operations', () => {
  it('shows models, metrics and health, and trains and rolls back', async () => {
    const data = await ask(
      `{ models { name live { version } } modelVersions(model: ITEM_KNN) { version } health { status checks { name status message } }
        metrics(prefix: "beckon_gateway_sockets") { name type help samples { name value labels { name } } } }`,
    );
    expect(data).toEqual({
      models: [{ name: 'ITEM_KNN', live: null }],
      modelVersions: [],
      health: { status: 'OK', checks: [{ name: 'store', status: 'OK', message: null }] },
      metrics: [
        {
          name: 'beckon_gateway_sockets',
          type: 'gauge',
          help: 'Open WebSockets',
          samples: [{ name: 'beckon_gateway_sockets', value: 0, labels: [] }],
        },
      ],
    });
    expect(await ask('mutation { trainModels(models: [FACTOR]) { jobs { id model } } }')).toEqual({
      trainModels: { jobs: [{ id: 'train-factor', model: 'FACTOR' }] },
    });
    expect(await ask('mutation { rollbackModel(model: FACTOR, version: "v1") { model { name live { version live } } } }')).toEqual({
      rollbackModel: { model: { name: 'FACTOR', live: { version: 'v1', live: true } } },
    });
  });
});
