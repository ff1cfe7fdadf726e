import type { EpochMs } from '../platform/clock';
import type { HalfLives } from './decode-profile';
import type { Interest, Profile } from './profile';

export interface Forgetting extends HalfLives {
  /** Topics of the item, as interests count them. */
  readonly topics: readonly string[];
  /** When the profile was read. */
  readonly now: EpochMs;
}

/** What is left of an interest by rounding. */
const NOTHING = 1e-6;

/**
 * The profile as if nothing had ever been done to an item: no behaviour and no history of it, and its part taken out of interests that are not locked.
 * That part is known of the newest 200 behaviours; what older ones taught stays.
 */
export function withoutItem(profile: Profile, itemId: string, { topics, now, shortHalfLifeMs, longHalfLifeMs }: Forgetting): Profile {
  const done = profile.recent.filter((behaviour) => behaviour.itemId === itemId);
  const without = (interests: readonly Interest[], halfLifeMs: number): Interest[] => {
    const taught = done.reduce((sum, { weight, at }) => sum + weight * 2 ** (-Math.max(0, now - at) / halfLifeMs), 0);
    return interests
      .map((interest) => (interest.locked || !topics.includes(interest.topic) ? interest : { ...interest, value: interest.value - taught }))
      .filter(({ value }) => Math.abs(value) > NOTHING)
      .sort((a, b) => b.value - a.value || (a.topic < b.topic ? -1 : 1));
  };
  const { short, long } = profile.interests;
  return {
    ...profile,
    recent: profile.recent.filter((behaviour) => behaviour.itemId !== itemId),
    history: new Map([...profile.history].filter(([id]) => id !== itemId)),
    interests: { short: without(short, shortHalfLifeMs), long: without(long, longHalfLifeMs) },
  };
}
