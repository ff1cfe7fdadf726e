import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { shuffled } from '../platform/shuffle';
import { geometric, pickWeighted, sampleWeighted } from './draw';
import { visitTimes, type HistoryOptions } from './history';
import { chooseSection, NEWS_SECTIONS, newsworthiness, type Article, type Newsroom } from './newsroom';
import { Visit, type SimulatedBehaviour } from './visit';

const SLATE = 8;
/** A front page looks back over so many articles of a section. */
const LOOKED_AT = 40;
const MEAN_FURTHER_READS = 3;
/** Nobody begins an article that is about to be taken off. */
const LONGEST_READ_MS = 600_000;

/** A reader and the taste that the recommender is to find out. */
interface Reader {
  readonly userId: string;
  /** Two favourite sections and what share of attention they get; the rest goes to whatever is important. */
  readonly sections: ReadonlyMap<string, number>;
  /** Topics that are read twice as readily. */
  readonly topics: ReadonlySet<string>;
  readonly papers: ReadonlySet<string>;
  readonly sessionsPerMonth: number;
}

/** Weeks of visits to a newspaper, ordered by time; as `simulateHistory` otherwise. Readers want what is new, important, and theirs. */
export function simulateReading(news: Newsroom, { seed, users, days, endAt }: HistoryOptions): SimulatedBehaviour[] {
  const draws = seededRandom(seed ^ 0x4ead);
  const readers = Array.from({ length: users }, (_, k) => drawReader(draws, k, news));
  const all = readers.flatMap((reader, k) => {
    const random = seededRandom(seed + 7_919 * (k + 1));
    const had = new Set<string>();
    return visitTimes(reader, random, { days, endAt }).flatMap((startAt, visit) =>
      readNews(news, reader, random, { idPrefix: `news${seed}-${reader.userId}-${visit + 1}`, startAt, had }).filter(
        ({ at }) => at <= endAt,
      ),
    );
  });
  return all.sort((a, b) => a.at - b.at);
}

function drawReader(random: Random, k: number, { articles }: Newsroom): Reader {
  const [first, second] = shuffled(NEWS_SECTIONS, random) as [string, string];
  const topics = shuffled(new Set(articles.filter(({ section }) => section === first).map(({ topic }) => topic)), random);
  const papers = shuffled(new Set(articles.map(({ item }) => item.sellerId)), random);
  return {
    userId: `user-${k + 1}`,
    sections: new Map([
      [first, 0.45],
      [second, 0.25],
    ]),
    topics: new Set(topics.slice(0, 1)),
    papers: new Set(papers.slice(0, 3)),
    sessionsPerMonth: Math.min(90, 18 * Math.exp(0.6 * gaussian(random))),
  };
}

interface ReadingPlan {
  readonly idPrefix: string;
  readonly startAt: EpochMs;
  /** Ids of what was read before: nobody reads an article twice. */
  readonly had: Set<string>;
}

function readNews(news: Newsroom, reader: Reader, random: Random, { idPrefix, startAt, had }: ReadingPlan): SimulatedBehaviour[] {
  const visit = new Visit(reader.userId, idPrefix, startAt, random);
  for (let left = 1 + geometric(random, MEAN_FURTHER_READS); left > 0; left--) {
    const section = chooseSection(random, reader.sections);
    const out = recent((section === undefined ? undefined : news.bySection.get(section)) ?? news.articles, visit.at);
    const page = sampleWeighted(
      random,
      out.filter(({ item }) => !had.has(item.id) && item.expiresAt > visit.at + LONGEST_READ_MS),
      SLATE,
      (article) => newsworthiness(article, visit.at),
    );
    const article = pickWeighted(random, page, (one, place) => liking(reader, one) / Math.log2(place + 2));
    if (article === undefined) break;
    had.add(article.item.id);
    read(visit, random, article, liking(reader, article));
  }
  return visit.behaviours;
}

/** The newest that are out at a time. `articles` is by time. */
function recent(articles: readonly Article[], at: EpochMs): readonly Article[] {
  let low = 0;
  let high = articles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (articles[middle]!.item.publishedAt <= at) low = middle + 1;
    else high = middle;
  }
  return articles.slice(Math.max(0, low - LOOKED_AT), low);
}

/** How well an article suits a reader, > 0; 1 is neutral. */
const liking = ({ topics, papers }: Reader, { topic, item }: Article): number =>
  (topics.has(topic) ? 2.5 : 1) * (papers.has(item.sellerId) ? 2 : 1) * 0.8;

function read(visit: Visit, random: Random, { item }: Article, liking: number): void {
  const on = { itemId: item.id, surface: 'home' };
  visit.did('view', on);
  const seconds = Math.min(180, Math.round(20 * liking * Math.exp(0.5 * gaussian(random))) + 1);
  if (random() < 0.5) visit.did('dwell', { ...on, value: seconds, surface: 'article' });
  if (random() < Math.min(0.8, 0.25 * liking)) visit.did('finish', { ...on, surface: 'article' });
  if (random() < 0.03 * liking) visit.did('share', { ...on, surface: 'article' });
}
