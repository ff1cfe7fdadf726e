import type { EpochMs } from '../../platform/clock';

/** What is known of each candidate, in this order; each in [0, 1], kept in a byte: what is learnt from is what was served by. */
export const CANDIDATE_FEATURES = [
  'relevance', // blend score / best
  'rank', // 1 / log2(rank + 1)
  'match', // with the user's state: (1 + cosine) / 2
  'sessionShare', // of this session's items, those of the same category
  'last5Share',
  'last20Share',
  'sessionCount', // items of the category in this session, out of 6
  'everHad', // 1: the user has had an item of the category
  'hourSince', // e^(−age / hour) of the newest item of the category; 0: none
  'daySince',
  'weekSince',
  'shownInSession', // items of the category shown in this session, out of 24
  'longShare', // of all history
  'shownBefore', // how often the item itself was shown, out of 4
] as const;

/** What is known of the moment, in this order; each in [0, 1]. */
export const STATE_FEATURES = [
  'sessionItems', // out of 20
  'sessionMinutes', // out of 60
  'sessionVariety', // distinct categories / items of the session
  'last5Variety',
  'daysSinceLast', // days between this session and the one before, out of 7
  'historySize', // out of 200
  'unansweredShown', // items shown since the newest positive behaviour, out of 32
] as const;

export const CANDIDATE_WIDTH = CANDIDATE_FEATURES.length;
export const STATE_WIDTH = STATE_FEATURES.length;

/** One place of a list. */
export interface DecidedPlace {
  /** Number of the candidate that got it; −1: something that was no candidate. */
  readonly candidate: number;
  /** The chance, in (0, 1), with which it got the place, given the places before; null: no chance was involved. */
  readonly propensity: number | null;
}

/** The rule by which places were drawn: (1 − places) · [best admitted] + places · softmax(relevance / temperature) over the admitted of the first `pool`. */
export interface DrawRule {
  readonly places: number;
  readonly pool: number;
  readonly temperature: number;
}

/** A list as a decision: what could be taken, what was taken, and with which chance. */
export interface ListDecision {
  /** [candidates × CANDIDATE_WIDTH] in 1/255, in the order of the blend. */
  readonly features: Uint8Array;
  /** [candidates] a number for the category of each: those of one category are alike. */
  readonly kinds: Uint8Array;
  /** [STATE_WIDTH] in 1/255. */
  readonly state: Uint8Array;
  /** By rank. */
  readonly places: readonly DecidedPlace[];
  readonly rule: DrawRule;
}

/** A decision with what came of it. */
export interface JudgedDecision extends ListDecision {
  /** Number of the user: decisions of one user go together. */
  readonly user: number;
  readonly at: EpochMs;
  /** [places] discounted reward of each place. */
  readonly rewards: Float64Array;
}

/** What a policy sees of a list that is to be filled: bytes, so that what is kept for learning is what was decided by. */
export type Situation = Pick<ListDecision, 'features' | 'kinds' | 'state'>;

/** A number in [0, 1] as a byte; what is outside is brought to the nearer end. */
export const toByte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));

export const candidateCount = ({ features }: Pick<ListDecision, 'features'>): number => features.length / CANDIDATE_WIDTH;

/** [candidates] blend score / best, as it was drawn by. */
export const relevanceOf = (features: Uint8Array, candidate: number): number => features[candidate * CANDIDATE_WIDTH]! / 255;
