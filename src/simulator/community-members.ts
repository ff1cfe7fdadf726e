import type { EpochMs } from '../platform/clock';
import { gaussian, seededRandom, type Random } from '../platform/random';
import { shuffled } from '../platform/shuffle';
import { SOCIAL_TOPICS, type Author, type Community, type Post } from './community';
import { geometric, pick, pickWeighted, sampleWeighted } from './draw';
import { visitTimes, type HistoryOptions } from './history';
import { Visit, type SimulatedBehaviour } from './visit';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLATE = 8;
const LOOKED_AT = 60;
const NEWEST_OF_AUTHOR = 5;
const MEAN_FURTHER_POSTS = 4;
/** Where the next post comes from: those who are followed, or else the topic in mind. */
const FOLLOWED_SHARE = 0.55;

/** A member and the taste that the recommender is to find out. */
interface Member {
  readonly userId: string;
  readonly topics: readonly string[];
  readonly follows: Author[];
  readonly sessionsPerMonth: number;
}

/** Weeks of visits to a social network, ordered by time; as `simulateHistory` otherwise. Each member's follows come first. */
export function simulateMembers(community: Community, { seed, users, days, endAt }: HistoryOptions): SimulatedBehaviour[] {
  const draws = seededRandom(seed ^ 0x3e3b);
  const members = Array.from({ length: users }, (_, k) => drawMember(draws, k, community));
  const all = members.flatMap((member, k) => {
    const random = seededRandom(seed + 7_919 * (k + 1));
    const had = new Set<string>();
    const id = (name: string | number): string => `social${seed}-${member.userId}-${name}`;
    const joining = new Visit(member.userId, id('joins'), endAt - days * DAY_MS - 60 * 60_000, random);
    for (const { id: target } of member.follows) joining.did('follow', { target });
    const visits = visitTimes(member, random, { days, endAt }).flatMap((startAt, visit) =>
      scroll(community, member, random, { idPrefix: id(visit + 1), startAt, had }),
    );
    return [...joining.behaviours, ...visits].filter(({ at }) => at <= endAt);
  });
  return all.sort((a, b) => a.at - b.at);
}

function drawMember(random: Random, k: number, { authors }: Community): Member {
  const topics = shuffled(SOCIAL_TOPICS, random).slice(0, 3);
  const wanted = 5 + geometric(random, 5);
  const follows = sampleWeighted(random, authors, wanted, ({ topic, activity }) => activity * (topics.includes(topic) ? 12 : 1));
  return { userId: `user-${k + 1}`, topics, follows, sessionsPerMonth: Math.min(120, 24 * Math.exp(0.6 * gaussian(random))) };
}

interface ScrollPlan {
  readonly idPrefix: string;
  readonly startAt: EpochMs;
  readonly had: Set<string>;
}

function scroll(community: Community, member: Member, random: Random, { idPrefix, startAt, had }: ScrollPlan): SimulatedBehaviour[] {
  const visit = new Visit(member.userId, idPrefix, startAt, random);
  for (let left = 1 + geometric(random, MEAN_FURTHER_POSTS); left > 0; left--) {
    const byFollowed = random() < FOLLOWED_SHARE;
    const pool = byFollowed
      ? postsOfFollowed(community, member, visit.at)
      : newestBefore(community.byTopic.get(pick(random, member.topics))!, visit.at, LOOKED_AT);
    const slate = sampleWeighted(
      random,
      pool.filter(({ item }) => !had.has(item.id)),
      SLATE,
      (post) => post.quality * 2 ** (-(visit.at - post.item.publishedAt) / (24 * HOUR_MS)),
    );
    const post = pickWeighted(random, slate, (one, place) => liking(member, one) / Math.log2(place + 2));
    if (post === undefined) continue;
    had.add(post.item.id);
    react(visit, random, post, liking(member, post));
    if (!member.follows.includes(post.author) && random() < 0.03 * liking(member, post)) {
      visit.did('follow', { target: post.author.id });
      member.follows.push(post.author);
    }
  }
  return visit.behaviours;
}

const postsOfFollowed = ({ byAuthor }: Community, { follows }: Member, at: EpochMs): Post[] =>
  follows.flatMap(({ id }) => newestBefore(byAuthor.get(id)!, at, NEWEST_OF_AUTHOR));

/** At most `limit` of the newest at a time. `posts` is by time. */
function newestBefore(posts: readonly Post[], at: EpochMs, limit: number): readonly Post[] {
  let end = posts.length;
  while (end > 0 && posts[end - 1]!.item.publishedAt > at) end--;
  return posts.slice(Math.max(0, end - limit), end);
}

const liking = ({ topics, follows }: Member, { topic, author }: Post): number =>
  (topics.includes(topic) ? 2 : 0.7) * (follows.includes(author) ? 1.5 : 1);

function react(visit: Visit, random: Random, { item }: Post, liking: number): void {
  const on = { itemId: item.id, surface: 'feed' };
  visit.did('view', on);
  if (random() < 0.3) visit.did('dwell', { ...on, value: Math.min(60, Math.round(8 * liking * Math.exp(0.5 * gaussian(random))) + 1) });
  if (random() < 0.1 * liking) visit.did('like', on);
  if (random() < 0.05 * liking) visit.did('comment', on);
  if (random() < 0.02 * liking) visit.did('share', on);
}
