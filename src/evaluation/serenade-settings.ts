import type { StudyVariant } from './study';

/** In sessions data a user *is* a session, so no pause ends one; training sessions longer than this quantile are not indexed. */
export const WHOLE_SESSIONS = { sessionGapMs: Infinity, longest: 0.995 } as const;

/** Serenade's example settings (serenade-example.toml of the repository bolcom/serenade). */
export const SERENADE_EXAMPLE: StudyVariant = {
  model: 'session-knn',
  variant: "Serenade's example settings",
  options: { m: 500, k: 50, maxItems: 2, idfWeighting: 1, ...WHOLE_SESSIONS },
};
