import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueView } from '../src/catalogue/catalogue';
import type { Item } from '../src/catalogue/item';
import { openDataset } from '../src/datasets/dataset';
import { readAll } from '../src/datasets/read-table';
import { ItemIndex } from '../src/models/item-index';
import type { TrainingEvents } from '../src/models/model';
import type { EpochMs } from '../src/platform/clock';
import { seededRandom, type Random } from '../src/platform/random';
import { emptyProfile } from '../src/profile/empty-profile';
import type { Interest, Profile, RecentBehaviour } from '../src/profile/profile';
import { simulateCatalogue } from '../src/simulator/catalogue';

/** What scoring is measured on: a catalogue, what was done in it, and profiles of some who did. */
export interface ScoreWorkload {
  readonly label: string;
  readonly index: ItemIndex;
  readonly catalogue: CatalogueView;
  readonly events: TrainingEvents;
  readonly profiles: readonly Profile[];
  readonly now: EpochMs;
}

const PROFILES = 200;
const EVENTS_PER_USER = 100;
const START_AT = 1_700_000_000_000;
const MINUTE_MS = 60_000;

interface Event {
  readonly user: number;
  readonly itemId: string;
  readonly at: EpochMs;
}

/** MovieLens-100K with its films and genres, or undefined where it is not there. */
export async function movieLensWorkload(dataDir: string): Promise<ScoreWorkload | undefined> {
  if (!existsSync(join(dataDir, 'ml-100k'))) return undefined;
  const dataset = await openDataset('ml-100k', dataDir);
  const films = await readAll(dataset.items());
  const items = films.records.map((film): Item => ({ categories: [], tags: [], hidden: false, promoted: false, ...film, version: 1 }));
  const users = new Map<string, number>();
  const { records } = await readAll(dataset.behaviours());
  const events = records.map(({ userId, itemId, at }): Event => {
    const user = users.get(userId) ?? users.size;
    users.set(userId, user);
    return { user, itemId, at };
  });
  return workload('ml-100k', items, events, [...users.keys()]);
}

/**
 * A shop of so many items with the simulator's catalogue and 100 behaviours a user, in which people keep to five shelves, buy on
 * each by a Zipf-like law, and so repeat each other's pairs. Users grow with the root of the items beyond 20,000, so that a fit takes seconds.
 */
export function syntheticWorkload(size: number, seed: number): ScoreWorkload {
  const random = seededRandom(seed);
  const { items, byCategory } = simulateCatalogue(seed, size);
  const shelves = [...byCategory.values()].map((shelf) => [...shelf].sort((a, b) => b.popularity - a.popularity));
  const users = Math.round(size <= 20_000 ? 900 * (size / 1_700) ** 0.6 : 3_900 * Math.sqrt(size / 20_000));
  const events: Event[] = [];
  for (let user = 0; user < users; user++) {
    const own = Array.from({ length: 5 }, () => shelves[Math.floor(random() * shelves.length)]!);
    let at = START_AT + random() * 30 * 24 * 60 * MINUTE_MS;
    for (let k = 0; k < EVENTS_PER_USER; k++) {
      const shelf = own[Math.floor(random() * own.length)]!;
      events.push({ user, itemId: shelf[zipf(random, shelf.length)]!.item.id, at });
      at += random() < 0.1 ? 24 * 60 * MINUTE_MS : MINUTE_MS;
    }
  }
  const whole = items.map(({ item }): Item => ({ categories: [], tags: [], hidden: false, promoted: false, ...item, version: 1 }));
  return workload(
    `${size} simulated`,
    whole,
    events,
    Array.from({ length: users }, (_, user) => `u${user}`),
  );
}

/** A place in [0, length), log-uniform: the density falls as 1 / (place + 1). */
const zipf = (random: Random, length: number): number => Math.min(length - 1, Math.floor((length + 1) ** random()) - 1);

function workload(label: string, items: readonly Item[], unordered: readonly Event[], userIds: readonly string[]): ScoreWorkload {
  const byId = new Map(items.map((item) => [item.id, item]));
  const catalogue: CatalogueView = { get: (id) => byId.get(id), size: byId.size, values: () => byId.values() };
  const index = new ItemIndex();
  for (const { id } of items) index.intern(id);
  const events = [...unordered].sort((a, b) => a.at - b.at);
  const now = events.at(-1)!.at + MINUTE_MS;
  const timelines: Event[][] = userIds.map(() => []);
  for (const event of events) timelines[event.user]!.push(event);
  const stride = Math.max(1, Math.floor(userIds.length / PROFILES));
  const profiles = timelines.filter((_, user) => user % stride === 0).slice(0, PROFILES);
  return {
    label,
    index,
    catalogue,
    now,
    profiles: profiles.map((timeline, k) => profileOf(`p${k}`, timeline, catalogue)),
    events: {
      userIds,
      itemIds: items.map(({ id }) => id),
      users: Int32Array.from(events, ({ user }) => user),
      items: Int32Array.from(events, ({ itemId }) => index.intern(itemId)),
      weights: new Float32Array(events.length).fill(0.5),
      times: Float64Array.from(events, ({ at }) => at),
    },
  };
}

/** The profile of someone with this timeline (oldest first), as the store would give it. */
function profileOf(userId: string, timeline: readonly Event[], catalogue: CatalogueView): Profile {
  const newestFirst = [...timeline].reverse();
  const recent = newestFirst.slice(0, 200).map(({ itemId, at }, k): RecentBehaviour => {
    const seq = timeline.length - k;
    return { seq, id: `b${seq}`, type: 'view', itemId, weight: 0.5, at, receivedAt: at, recordedAt: at };
  });
  const history = new Map<string, EpochMs>();
  const liking = new Map<string, number>();
  for (const { itemId, at } of newestFirst) {
    if (!history.has(itemId)) history.set(itemId, at);
    for (const category of catalogue.get(itemId)!.categories) liking.set(`c:${category}`, (liking.get(`c:${category}`) ?? 0) + 0.5);
  }
  const interests: Interest[] = [...liking].map(([topic, value]) => ({ topic, value })).sort((a, b) => b.value - a.value);
  return {
    ...emptyProfile({ tenant: 'default', userId }),
    seq: timeline.length,
    recent,
    history,
    interests: { short: interests, long: interests },
    counters: { view: timeline.length },
  };
}
