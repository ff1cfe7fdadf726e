import type { EpochMs } from '../platform/clock';
import type { UserKey } from '../platform/keys';
import type { Interest, Profile, RecentBehaviour } from './profile';
import { decodeStanding } from './traits/trait';

/** The replies of one round trip, in the form in which Redis gives them. */
export interface ProfileReplies {
  readonly hash: Readonly<Record<string, string>>;
  readonly recent: readonly string[];
  /** item, score, item, score … newest first. */
  readonly history: readonly string[];
  readonly short: Readonly<Record<string, string>>;
  readonly long: Readonly<Record<string, string>>;
  readonly notInterested: Readonly<Record<string, string>>;
}

export interface HalfLives {
  readonly shortHalfLifeMs: number;
  readonly longHalfLifeMs: number;
}

/** Interests that have decayed below this say nothing any more. */
const FAINT = 1e-3;

export function decodeProfile(
  user: UserKey,
  replies: ProfileReplies,
  now: EpochMs,
  { shortHalfLifeMs, longHalfLifeMs }: HalfLives,
): Profile {
  const { hash } = replies;
  const locked = withPrefix(hash, 'i:', Number);
  const learning = decodeStanding(hash);
  const history = new Map<string, EpochMs>();
  for (let k = 0; k + 1 < replies.history.length; k += 2) history.set(replies.history[k]!, Number(replies.history[k + 1]));
  return {
    tenant: user.tenant,
    userId: user.userId,
    seq: Number(hash.seq ?? 0),
    recent: replies.recent.map(decodeRecent),
    history,
    interests: {
      short: decodeInterests(replies.short, locked, now, shortHalfLifeMs),
      long: decodeInterests(replies.long, locked, now, longHalfLifeMs),
    },
    counters: withPrefix(hash, 'n:', Number),
    declaredInterests: textList(hash.declared),
    attributes: hash.attributes === undefined ? {} : (JSON.parse(hash.attributes) as Record<string, string>),
    follows: Object.keys(withPrefix(hash, 'f:', String)),
    mutedTopics: Object.keys(withPrefix(hash, 'm:', String)),
    notInterested: new Map(Object.entries(replies.notInterested).map(([itemId, at]) => [itemId, Number(at)])),
    ...consentsOf(hash),
    ...(hash.locale !== undefined && { locale: hash.locale }),
    ...(learning && { learning }),
  };
}

/** `p:<purpose>`: granted, `w:<purpose>`: withdrawn. Most users have said nothing. */
function consentsOf(hash: Readonly<Record<string, string>>): Pick<Profile, 'consents'> {
  const said = Object.keys(hash).filter((field) => field.startsWith('p:') || field.startsWith('w:'));
  return said.length === 0 ? {} : { consents: new Map(said.map((field) => [field.slice(2), field.startsWith('p:')])) };
}

function decodeRecent(packed: string): RecentBehaviour {
  const [seq, id, type, itemId, weight, at, receivedAt, recordedAt] = packed.split('\t');
  return {
    seq: Number(seq),
    id: id!,
    type: type!,
    ...(itemId && { itemId }),
    weight: Number(weight),
    at: Number(at),
    receivedAt: Number(receivedAt),
    recordedAt: Number(recordedAt),
  };
}

/** Locked interests are what they were set to, whatever behaviour has made of them meanwhile. */
function decodeInterests(
  held: Readonly<Record<string, string>>,
  locked: Readonly<Record<string, number>>,
  now: EpochMs,
  halfLifeMs: number,
): Interest[] {
  const learned = Object.entries(held)
    .filter(([topic]) => !Object.hasOwn(locked, topic))
    .map(([topic, packed]): Interest => {
      const [value, at] = packed.split('\t');
      return { topic, value: Number(value) * 2 ** (-Math.max(0, now - Number(at)) / halfLifeMs) };
    });
  return [...learned, ...Object.entries(locked).map(([topic, value]): Interest => ({ topic, value, locked: true }))]
    .filter(({ value }) => Math.abs(value) >= FAINT)
    .sort((a, b) => b.value - a.value || (a.topic < b.topic ? -1 : 1));
}

function withPrefix<T>(hash: Readonly<Record<string, string>>, prefix: string, read: (text: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(hash)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, value]) => [field.slice(prefix.length), read(value)]),
  );
}

const textList = (json: string | undefined): string[] => (json === undefined ? [] : (JSON.parse(json) as string[]));
