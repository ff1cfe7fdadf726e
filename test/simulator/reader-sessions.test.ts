import { simulateCatalogue } from '../../src/simulator/catalogue';
import { READER_DEFAULTS, simulateReaders, type Reader } from '../../src/simulator/sessions/reader';
import type { Recommender } from '../../src/simulator/sessions/reader-session';
import { simulateSessions, type LivedSession } from '../../src/simulator/sessions/session-world';

const DAY = 86_400_000;
const catalogue = simulateCatalogue(3, 300);
const readers = (count = 60): Reader[] => simulateReaders(catalogue, { seed: 3, from: 0, count });

/** Shows the same eight of one shelf, or eight that `of` gives. */
const showing = (of: (userId: string) => readonly string[]): Recommender => {
  let lists = 0;
  return { recommend: (userId) => ({ id: `l${++lists}`, itemIds: of(userId) }), record: () => undefined };
};
const run = (of: (userId: string) => readonly string[], people = readers()): LivedSession[] =>
  simulateSessions(catalogue, people, showing(of), { seed: 3, startAt: 0, days: 20, reader: READER_DEFAULTS });
const mean = (sessions: readonly LivedSession[], of: (session: LivedSession) => number): number =>
  sessions.reduce((sum, session) => sum + of(session), 0) / sessions.length;
const clicks = ({ lists }: LivedSession): number =>
  lists.reduce((sum, { behaviours }) => sum + behaviours.filter(({ type }) => type === 'click').length, 0);

const dull = catalogue.items.slice(0, 8).map(({ item }) => item.id);
/** What each reader wants most at the moment. */
const wanted =
  (people: readonly Reader[]) =>
  (userId: string): string[] => {
    const reader = people.find((one) => one.userId === userId)!;
    return [...catalogue.items]
      .sort((a, b) => reader.wants(b) - reader.wants(a))
      .slice(0, 8)
      .map(({ item }) => item.id);
  };

it('is the same for the same seed and recommender', () => {
  expect(run(() => dull)).toEqual(run(() => dull));
});

it('what is wanted brings more clicks, longer lives and fewer quits', () => {
  const people = readers();
  const pleased = run(wanted(people), people);
  const bored = run(() => dull);
  expect(mean(pleased, clicks)).toBeGreaterThan(3 * mean(bored, clicks));
  expect(mean(pleased, ({ quit }) => Number(quit))).toBeLessThan(mean(bored, ({ quit }) => Number(quit)));
  expect(pleased.length).toBeGreaterThan(bored.length);
  expect(pleased.some(({ nextAt, endAt }) => nextAt !== undefined && nextAt > endAt)).toBe(true);
});

it('a reader gets bored with a category, and over it with time', () => {
  const [reader] = readers(1);
  const [item] = [...catalogue.items].sort((a, b) => reader!.wants(b) - reader!.wants(a));
  reader!.beginSession(0);
  const fresh = reader!.wants(item!);
  reader!.tire(item!, 1);
  expect(reader!.wants(item!)).toBeCloseTo(fresh * Math.exp(-1), 12);
  expect(reader!.bores(item!)).toBeCloseTo(1 - Math.exp(-1), 12);
});

it('boredom fades by e in its days, and tastes drift', () => {
  const still = { ...READER_DEFAULTS, drift: 0 };
  const [reader] = simulateReaders(catalogue, { seed: 3, from: 0, count: 1, options: still });
  const item = catalogue.items[0]!;
  reader!.beginSession(0);
  reader!.tire(item, 1);
  reader!.beginSession(still.boredomDays * DAY);
  expect(reader!.bores(item)).toBeCloseTo(1 - Math.exp(-1 / Math.E), 12);
  const [moved] = simulateReaders(catalogue, { seed: 3, from: 0, count: 1, options: { ...still, drift: 1 } });
  const likes = (): number[] => catalogue.items.map((one) => moved!.wants(one));
  const before = likes();
  for (let k = 1; k <= 5; k++) moved!.beginSession(k);
  expect(likes()).not.toEqual(before);
});
