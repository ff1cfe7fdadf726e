import { UNAVAILABILITIES, unavailability, type Item } from '../catalogue/item';
import type { EpochMs } from '../platform/clock';
import type { Profile } from '../profile/profile';
import type { RuleSettings } from './surface-settings';

/** Why an item is left out of a list. */
export const EXCLUSIONS = [
  ...UNAVAILABILITIES,
  ...(['seen', 'muted', 'not_interested', 'category', 'too_old', 'low_stock', 'too_dear', 'bundle'] as const),
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** Returns why an item may not be on this user's list now; undefined: it may. */
export type ItemRule = (item: Item) => Exclusion | undefined;

type Taste = Pick<Profile, 'mutedTopics' | 'notInterested'>;

function seenTest(
  setting: RuleSettings['excludeSeen'],
  profile: Pick<Profile, 'recent' | 'history'>,
): ((itemId: string) => boolean) | undefined {
  if (setting === 'off') return undefined;
  const ids = new Set<string>();
  const types = setting === 'positive' ? undefined : new Set(setting);
  for (const { itemId, type, weight } of profile.recent) {
    if (itemId !== undefined && (types === undefined ? weight > 0 : types.has(type))) ids.add(itemId);
  }
  if (types !== undefined) return (itemId) => ids.has(itemId);
  return (itemId) => ids.has(itemId) || profile.history.has(itemId);
}

/**
 * Whether an item has a muted topic. `c:garden` mutes the category and everything below it (`garden/pots`), `t:wool` a tag,
 * and a topic without a prefix both.
 */
function mutedTest(mutedTopics: readonly string[]): ((item: Item) => boolean) | undefined {
  if (mutedTopics.length === 0) return undefined;
  const categories = new Set<string>();
  const tags = new Set<string>();
  for (const topic of mutedTopics) {
    const name = /^[ct]:/.test(topic) ? topic.slice(2) : topic;
    if (!topic.startsWith('t:')) categories.add(name);
    if (!topic.startsWith('c:')) tags.add(name);
  }
  const isMuted = (category: string): boolean => {
    for (let end = category.length; end > 0; end = category.lastIndexOf('/', end - 1))
      if (categories.has(category.slice(0, end))) return true;
    return false;
  };
  return (item) => item.tags.some((tag) => tags.has(tag)) || item.categories.some(isMuted);
}

/** What no level of any list may break: availability, muted topics, what the user said no to. */
export function standingRule(taste: Taste | undefined, now: EpochMs): ItemRule {
  const muted = mutedTest(taste?.mutedTopics ?? []);
  return (item) => {
    if (taste?.notInterested.has(item.id)) return 'not_interested';
    if (muted?.(item)) return 'muted';
    return unavailability(item, now);
  };
}

/** The standing rule, then those of the surface: seen and categories. Holds for every level of the fallback chain. */
export function surfaceRule(settings: RuleSettings, profile: Profile, now: EpochMs): ItemRule {
  const standing = standingRule(profile, now);
  const seen = seenTest(settings.excludeSeen, profile);
  const allow = settings.categories.allow.length > 0 ? new Set(settings.categories.allow) : undefined;
  const deny = new Set(settings.categories.deny);
  return (item) => {
    if (seen?.(item.id)) return 'seen';
    if (allow !== undefined && !item.categories.some((category) => allow.has(category))) return 'category';
    if (deny.size > 0 && item.categories.some((category) => deny.has(category))) return 'category';
    return standing(item);
  };
}
