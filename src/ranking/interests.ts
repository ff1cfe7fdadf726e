import type { Profile } from '../profile/profile';

type Interests = Pick<Profile, 'interests' | 'declaredInterests'>;

/**
 * What the user likes: topic → strength in (0, 3], strongest first (ties: by topic). Each term counts relative to its own strongest
 * topic, a declared interest counts 1; a declared name without a prefix is a category.
 */
export function likedTopics({ interests, declaredInterests }: Interests): ReadonlyMap<string, number> {
  const strengths = new Map<string, number>();
  const add = (topic: string, strength: number): void => void strengths.set(topic, (strengths.get(topic) ?? 0) + strength);
  for (const term of [interests.short, interests.long]) {
    const strongest = term.reduce((largest, { value }) => Math.max(largest, value), 0);
    for (const { topic, value } of term) if (value > 0) add(topic, value / strongest);
  }
  for (const topic of declaredInterests) add(/^[ct]:/.test(topic) ? topic : `c:${topic}`, 1);
  return new Map([...strengths].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
