import type { TrainingEvents } from '../models/model';
import type { Membership } from '../models/traits/segment-popularity';
import { segmentsOf, type Segment } from '../profile/traits/segments';
import type { TraitSettings } from '../profile/traits/trait-settings';
import { RedisTraitStore } from '../profile/traits/trait-store.redis';
import type { HistoryDeps } from './read-history';
import type { DatedQuestion } from './hybrid-questions';

/** User → what they declared and let be used; users without any are not in it. */
export type SegmentsOfUsers = ReadonlyMap<string, readonly Segment[]>;

/** The segments that a blend may learn from. What was inferred is left out: it was inferred from the very behaviour that the blend is asked to predict. */
export async function declaredSegments(
  { redis, keys }: HistoryDeps,
  { tenant, traits }: { readonly tenant: string; readonly traits?: TraitSettings },
  userIds: readonly string[],
): Promise<SegmentsOfUsers> {
  if (traits === undefined) return new Map();
  const users = await new RedisTraitStore(redis, keys).read(tenant, userIds);
  const entries = users.map(({ userId, declared, ...standing }) => {
    const profile = { attributes: declared, learning: { ...standing, traits: [] } };
    return [userId, segmentsOf(profile, traits)] as const;
  });
  return new Map(entries.filter(([, segments]) => segments.length > 0));
}

/** By the numbers of these users. */
export const membersOf = (userIds: readonly string[], segments: SegmentsOfUsers): Membership[][] =>
  userIds.map((id) => (segments.get(id) ?? []).map(({ name, weight }) => ({ segment: name, weight })));

/** Questions as models are asked them that look at segments. */
export const withSegments = (
  questions: readonly DatedQuestion[],
  { userIds }: TrainingEvents,
  segments: SegmentsOfUsers,
): DatedQuestion[] =>
  questions.map((question) => {
    const own = segments.get(userIds[question.user]!);
    return own === undefined ? question : { ...question, query: { ...question.query, segments: own } };
  });
