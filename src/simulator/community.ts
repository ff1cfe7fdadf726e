import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { pick, pickWeighted } from './draw';

const DAY_MS = 86_400_000;
const AUTHORS = 120;
const REPLY_SHARE = 0.35;
/** A reply is to one of so many newest posts of its topic. */
const REPLIED_TO = 25;

const TOPICS: Readonly<Record<string, readonly string[]>> = {
  music: ['jazz', 'synths', 'choir'],
  making: ['woodwork', 'knitting', 'repair'],
  outdoors: ['climbing', 'birds', 'allotment'],
  games: ['chess', 'board-games', 'speedruns'],
};
export const SOCIAL_TOPICS: readonly string[] = Object.entries(TOPICS).flatMap(([area, names]) => names.map((name) => `${area}/${name}`));

export interface Author {
  readonly id: string;
  readonly topic: string;
  /** How often this author posts and is seen relative to others: Zipf-like, > 0. */
  readonly activity: number;
}

/** A post and what the simulator alone knows of it. */
export interface Post {
  readonly item: NewItem & { readonly publishedAt: EpochMs; readonly sellerId: string; readonly threadId: string };
  readonly topic: string;
  readonly author: Author;
  /** How good it is, > 0; 1 is usual. */
  readonly quality: number;
}

export interface Community {
  readonly authors: readonly Author[];
  /** By time; ids `post-0001` … in the same order. */
  readonly posts: readonly Post[];
  readonly byTopic: ReadonlyMap<string, readonly Post[]>;
  readonly byAuthor: ReadonlyMap<string, readonly Post[]>;
}

/** The demo network: authors of one topic each, posts and replies to them, in threads. A pure function of its options. */
export function simulateCommunity({
  seed,
  size,
  days,
  endAt,
}: {
  readonly seed: number;
  readonly size: number;
  readonly days: number;
  readonly endAt: EpochMs;
}): Community {
  const random = seededRandom(seed ^ 0x50c1a1);
  const authors = Array.from({ length: AUTHORS }, (_, k): Author => ({
    id: `author-${k + 1}`,
    topic: pick(random, SOCIAL_TOPICS),
    activity: 1 / (k + 4) ** 0.7,
  }));
  const times = Array.from({ length: size }, () => Math.floor(endAt - random() * days * DAY_MS)).sort((a, b) => a - b);
  const byTopic = new Map<string, Post[]>(SOCIAL_TOPICS.map((topic) => [topic, []]));
  const byAuthor = new Map<string, Post[]>(authors.map(({ id }) => [id, []]));
  const posts = times.map((publishedAt, k) => {
    const author = pickWeighted(random, authors, ({ activity }) => activity)!;
    const post = writePost(random, { k, publishedAt, author, earlier: byTopic.get(author.topic)! });
    byTopic.get(post.topic)!.push(post);
    byAuthor.get(author.id)!.push(post);
    return post;
  });
  return { authors, posts, byTopic, byAuthor };
}

interface PostPlan {
  readonly k: number;
  readonly publishedAt: EpochMs;
  readonly author: Author;
  readonly earlier: readonly Post[];
}

function writePost(random: Random, { k, publishedAt, author, earlier }: PostPlan): Post {
  const id = `post-${String(k + 1).padStart(4, '0')}`;
  const [area, name] = author.topic.split('/') as [string, string];
  const parent = earlier.length > 0 && random() < REPLY_SHARE ? pick(random, earlier.slice(-REPLIED_TO)) : undefined;
  const title = `${pick(random, ['A note', 'A question', 'Three tips', 'Photos', 'Progress'])} on ${name.replace('-', ' ')}`;
  return {
    item: {
      id,
      title: parent === undefined ? title : `Re: ${parent.item.title.replace(/^(Re: )+/, '')}`,
      categories: [area, author.topic],
      tags: [name],
      text: `${title}, by ${author.id}.`,
      sellerId: author.id,
      threadId: parent?.item.threadId ?? `thread-${k + 1}`,
      publishedAt,
    },
    topic: author.topic,
    author,
    quality: Math.exp(0.6 * gaussian(random)) * (parent === undefined ? 1 : 0.6),
  };
}
