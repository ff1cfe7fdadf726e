import { systemClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import type { Choices } from '../../src/profile/choices';
import { NOBODY } from '../../src/profile/nobody';
import { RedisChoices } from '../../src/profile/choices.redis';
import { readChosen, watchChosen, type ChosenDeps } from '../../src/push/chosen-lists';
import { RedisFeed } from '../../src/push/feed.redis';
import { RedisLists } from '../../src/push/lists.redis';
import type { RecommendationList } from '../../src/push/recommendation-list';
import { RedisWatchLeases } from '../../src/push/watch-leases.redis';
import { WatchedLists } from '../../src/push/watched-lists';
import type { Personalisation } from '../../src/ranking/trust-settings';
import { eventually } from '../support/eventually';
import { bodyOf } from '../support/lists';
import { openTestStore, TENANT, type TestStore } from '../support/store';

let store: TestStore;
let lists: RedisLists;
let feed: RedisFeed;
let choices: RedisChoices;
let watched: WatchedLists;
let deps: ChosenDeps;
let mode: Personalisation = 'choice';
const key = (userId: string) => ({ tenant: TENANT, userId, surface: 'home' });
const next = async (mailbox: AsyncIterator<RecommendationList>) => (await mailbox.next()).value as RecommendationList;

beforeAll(async () => {
  store = await openTestStore();
  let made = 0;
  lists = new RedisLists(store.redis, store.keys, () => `epoch-${++made}`);
  const channels = store.listen('feed');
  feed = new RedisFeed({ channels, keys: store.keys, tenants: [TENANT], lists, log: store.log });
  await feed.open();
  choices = new RedisChoices({ redis: store.redis, channels, keys: store.keys, tenants: [TENANT] });
  await choices.open();
  watched = new WatchedLists(new RedisWatchLeases(store.redis, store.keys, 'g1', 60_000), store.log, 20_000);
  deps = {
    ...{ feed, lists, watched, choices, recompute: store.recordDeps.recompute, clock: systemClock, log: store.log },
    personalisationOf: () => mode,
    catalogueOf: () => ({
      get: (id) => ({ id, title: id, categories: [], tags: [], hidden: false, promoted: false, version: 1 }),
      size: 1,
      values: () => [].values(),
    }),
    digestOf: () => 'd',
    fallback: ({ userId }) => Promise.resolve({ ...bodyOf(userId, ['z']), epoch: 'fallback', revision: 0 }),
    onWholeNeeded: () => undefined,
    firstListDeadlineMs: 60_000,
    readDeadlineMs: 2000,
  };
  await lists.replace(bodyOf(NOBODY, ['p'], { appliedThrough: 0 }));
});
afterAll(async () => {
  watched.close();
  choices.close();
  await feed.close();
  await store.close();
});
beforeEach(() => (mode = 'choice'));

describe('a watch', () => {
  it('goes over to the list of nobody when its user switches off, and back when on', async () => {
    await lists.replace(bodyOf('ann', ['a']));
    const mailbox = await watchChosen(deps, key('ann'));
    expect(await next(mailbox)).toMatchObject({ userId: 'ann', items: [{ itemId: 'a' }] });
    await choices.switch(key('ann'), ['home'], false);
    expect(await next(mailbox)).toMatchObject({ userId: NOBODY, items: [{ itemId: 'p' }] });

    // Only the shared list comes now, and it comes live.
    await lists.replace(bodyOf('ann', ['b']));
    await lists.replace(bodyOf(NOBODY, ['q'], { appliedThrough: 0 }));
    expect(await next(mailbox)).toMatchObject({ userId: NOBODY, items: [{ itemId: 'q' }] });

    await choices.switch(key('ann'), ['home'], true);
    expect(await next(mailbox)).toMatchObject({ userId: 'ann', items: [{ itemId: 'b' }] });
    await mailbox.return();
    expect(feed.listenerCount).toBe(0);
    expect(watched.size).toBe(0);
  });

  it('outlives a store that is away when it is told of a switch', async () => {
    await lists.replace(bodyOf('gus', ['a']));
    let asked = 0;
    const away: Choices = {
      isOff: async (of) => {
        if (++asked > 1 && asked < 4) throw new BeckonError('UNAVAILABLE', 'the store does not answer', { retryAfterMs: 1 });
        return choices.isOff(of);
      },
      surfacesOff: (user) => choices.surfacesOff(user),
      switch: (user, surfaces, enabled) => choices.switch(user, surfaces, enabled),
      onSwitch: (of, listener) => choices.onSwitch(of, listener),
    };
    const mailbox = await watchChosen({ ...deps, choices: away }, key('gus'));
    expect((await next(mailbox)).userId).toBe('gus');
    await choices.switch(key('gus'), ['home'], false);
    expect((await next(mailbox)).userId).toBe(NOBODY);
    expect(asked).toBe(4);
    await mailbox.return();
  });

  it('that could not go over is on the right list when its user has switched back meanwhile', async () => {
    await lists.replace(bodyOf('hal', ['a']));
    let fails = false;
    const sometimes = Object.create(lists) as RedisLists;
    sometimes.read = (of) => {
      if (!fails) return lists.read(of);
      fails = false;
      void choices.switch(key('hal'), ['home'], true);
      return Promise.reject(new BeckonError('UNAVAILABLE', 'the store does not answer', { retryAfterMs: 1 }));
    };
    const mailbox = await watchChosen({ ...deps, lists: sometimes }, key('hal'));
    expect((await next(mailbox)).userId).toBe('hal');
    fails = true;
    await choices.switch(key('hal'), ['home'], false);
    await eventually(() => expect(fails).toBe(false));
    await eventually(async () => expect(await choices.isOff(key('hal'))).toBe(false));
    await lists.replace(bodyOf('hal', ['b']));
    let shown = await next(mailbox);
    while (shown.items[0]?.itemId !== 'b') shown = await next(mailbox);
    expect(shown.userId).toBe('hal');
    await mailbox.return();
  });

  it('begins with the list of nobody where the choice is made already, or the surface profiles nobody', async () => {
    await choices.switch(key('bob'), ['home'], false);
    const mailbox = await watchChosen(deps, key('bob'));
    expect((await next(mailbox)).userId).toBe(NOBODY);
    await mailbox.return();
    mode = 'never';
    const other = await watchChosen(deps, key('cid'));
    expect((await next(other)).userId).toBe(NOBODY);
    await other.return();
  });

  it('leaves nothing behind when it ends in the midst of a switch', async () => {
    await lists.replace(bodyOf('dan', ['a']));
    const mailbox = await watchChosen(deps, key('dan'));
    const switching = choices.switch(key('dan'), ['home'], false);
    await mailbox.return();
    await switching;
    await eventually(async () => expect([feed.listenerCount, watched.size]).toEqual([0, 0]));
  });
});

describe('a read', () => {
  it('is of nobody’s list while switched off, whatever seq is demanded; where the surface leaves no choice it is personal', async () => {
    await lists.replace(bodyOf('eve', ['a']));
    await choices.switch(key('eve'), ['home'], false);
    expect((await readChosen(deps, { key: key('eve'), minSeq: 9 })).list.userId).toBe(NOBODY);
    expect(await choices.surfacesOff(key('eve'))).toEqual(['home']);
    mode = 'always';
    expect((await readChosen(deps, { key: key('eve') })).list.userId).toBe('eve');
  });
});
