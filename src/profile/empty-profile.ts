import type { UserKey } from '../platform/keys';
import type { Profile } from './profile';

/** The profile of somebody who has done and said nothing. */
export const emptyProfile = ({ tenant, userId }: UserKey): Profile => ({
  tenant,
  userId,
  seq: 0,
  recent: [],
  history: new Map(),
  interests: { short: [], long: [] },
  counters: {},
  declaredInterests: [],
  attributes: {},
  follows: [],
  mutedTopics: [],
  notInterested: new Map(),
});
