import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { geometric, pick, pickWeighted } from './draw';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHOWN_FOR_MS = 5 * DAY_MS;
/** Further articles of a story come within this. */
const FOLLOW_UP_MS = 12 * HOUR_MS;
const MEAN_FOLLOW_UPS = 0.8;
const BREAKING_SHARE = 0.03;
const PAPERS = 14;

/** Section → its topics, and what happens there. */
const SECTIONS: Readonly<
  Record<string, { readonly topics: readonly string[]; readonly subjects: readonly string[]; readonly events: readonly string[] }>
> = {
  world: {
    topics: ['asia', 'europe', 'africa', 'americas'],
    subjects: ['Border towns', 'Coastal ministers', 'Two neighbours', 'Island voters'],
    events: ['agree on a treaty', 'close a crossing', 'open talks', 'recount the vote'],
  },
  politics: {
    topics: ['parliament', 'elections', 'local', 'courts'],
    subjects: ['The coalition', 'A mayor', 'The upper house', 'Three judges'],
    events: ['delays a budget', 'resigns', 'rejects an appeal', 'votes on housing'],
  },
  economy: {
    topics: ['markets', 'work', 'energy', 'trade'],
    subjects: ['The central bank', 'Port workers', 'A carmaker', 'Grain traders'],
    events: ['raise prices', 'halt a merger', 'strike for a day', 'cut forecasts'],
  },
  science: {
    topics: ['space', 'health', 'climate', 'technology'],
    subjects: ['A probe', 'Vaccine researchers', 'Glacier watchers', 'A chip laboratory'],
    events: ['report a first', 'repeat a trial', 'find less ice', 'publish the data'],
  },
  sport: {
    topics: ['football', 'tennis', 'cycling', 'athletics'],
    subjects: ['The champions', 'A qualifier', 'The home side', 'A veteran'],
    events: ['win late', 'go out', 'break a record', 'change the coach'],
  },
  culture: {
    topics: ['film', 'music', 'books', 'stage'],
    subjects: ['A debut', 'The old theatre', 'A string quartet', 'A translator'],
    events: ['fills the house', 'takes a prize', 'returns after years', 'divides critics'],
  },
};
export const NEWS_SECTIONS = Object.keys(SECTIONS);

/** An article and what the simulator alone knows of it. */
export interface Article {
  readonly item: NewItem & {
    readonly publishedAt: EpochMs;
    readonly expiresAt: EpochMs;
    readonly sellerId: string;
    readonly threadId: string;
  };
  readonly section: string;
  readonly topic: string;
  /** How many people care, > 0; 1 is usual, breaking stories are far above. */
  readonly importance: number;
}

export interface Newsroom {
  /** By time of publication; ids `article-0001` … in the same order. */
  readonly articles: readonly Article[];
  readonly bySection: ReadonlyMap<string, readonly Article[]>;
}

export interface NewsroomOptions {
  readonly seed: number;
  /** How many articles. */
  readonly size: number;
  readonly days: number;
  /** Nothing is published later. */
  readonly endAt: EpochMs;
}

/** The demo newspaper: stories, each told by one or several papers. A pure function of its options. */
export function simulateNewsroom({ seed, size, days, endAt }: NewsroomOptions): Newsroom {
  const random = seededRandom(seed ^ 0x7e25);
  const drafts: Omit<Article, 'id'>[] = [];
  for (let story = 1; drafts.length < size; story++) drafts.push(...tellStory(random, { story, days, endAt }));
  const articles = drafts
    .slice(0, size)
    .sort((a, b) => a.item.publishedAt - b.item.publishedAt)
    .map((draft, k): Article => ({ ...draft, item: { ...draft.item, id: `article-${String(k + 1).padStart(4, '0')}` } }));
  return { articles, bySection: new Map(NEWS_SECTIONS.map((section) => [section, articles.filter((one) => one.section === section)])) };
}

function tellStory(random: Random, { story, days, endAt }: { story: number; days: number; endAt: EpochMs }): Article[] {
  const section = pick(random, NEWS_SECTIONS);
  const { topics, subjects, events } = SECTIONS[section]!;
  const topic = pick(random, topics);
  const headline = `${pick(random, subjects)} ${pick(random, events)}`;
  const breaking = random() < BREAKING_SHARE;
  const importance = Math.exp(0.8 * gaussian(random)) * (breaking ? 5 : 1);
  const first = endAt - random() * days * DAY_MS;
  const told = 1 + geometric(random, breaking ? 3 : MEAN_FOLLOW_UPS);
  return Array.from({ length: told }, (_, k): Article => {
    const publishedAt = Math.min(endAt, Math.floor(first + (k === 0 ? 0 : random() * FOLLOW_UP_MS)));
    // Papers lean to some sections: every third one is of this one's family.
    const paper = 1 + ((NEWS_SECTIONS.indexOf(section) + 3 * Math.floor(random() * 5)) % PAPERS);
    const item = {
      id: '',
      title: k === 0 ? headline : `${headline}: ${pick(random, ['what is known', 'the background', 'reactions', 'in pictures'])}`,
      categories: [section, `${section}/${topic}`],
      tags: [topic, ...(breaking && k < 2 ? ['breaking'] : [])],
      text: `${headline}. From our ${topic} desk, story ${story}.`,
      sellerId: `paper-${paper}`,
      threadId: `story-${story}`,
      publishedAt,
      expiresAt: publishedAt + SHOWN_FOR_MS,
    };
    return { item, section, topic, importance: importance * 0.7 ** k };
  });
}

/** How much of an article's interest is left at a time: half after eight hours; 0 before it is out. */
export const newsworthiness = ({ item, importance }: Article, at: EpochMs): number =>
  item.publishedAt > at ? 0 : importance * 2 ** (-(at - item.publishedAt) / (8 * HOUR_MS));

/** One of the sections' names, by a reader's shares; undefined: none in particular. */
export const chooseSection = (random: Random, shares: ReadonlyMap<string, number>): string | undefined =>
  pickWeighted(random, [...shares.keys(), undefined], (section) =>
    section === undefined ? 1 - [...shares.values()].reduce((sum, share) => sum + share, 0) : shares.get(section)!,
  );
