import type { CatalogueView } from '../../catalogue/catalogue';
import { topicsOf, type Item } from '../../catalogue/item';
import type { ScoringQuery } from '../../models/model';
import { CANDIDATE_WIDTH, STATE_WIDTH, toByte, type Situation } from '../../models/policy/decision';
import type { EpochMs } from '../../platform/clock';
import type { Profile } from '../../profile/profile';
import { userState, type UserStates } from './user-state';

const SESSION_GAP_MS = 1_800_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const MOST_HISTORY = 200;

export interface FeatureContext {
  readonly profile: Profile;
  readonly query: ScoringQuery;
  readonly catalogue: CatalogueView;
  /** Absent: the substitute. */
  readonly userStates?: UserStates;
  readonly rowOf: (itemId: string) => number | undefined;
  readonly now: EpochMs;
}

export interface FeaturedCandidate {
  readonly item: Item;
  /** > 0. */
  readonly score: number;
}

/** What a candidate is compared by: its most special category. Items without one are alike. */
const kindOf = (item: Item | undefined): string => item?.categories.at(-1) ?? '';

/** Deterministic; candidates come best first. */
export function situationOf(candidates: readonly FeaturedCandidate[], context: FeatureContext): Situation {
  const past = readPast(context);
  const features = new Uint8Array(candidates.length * CANDIDATE_WIDTH);
  const state = userState(context.userStates, context);
  const best = candidates[0]?.score ?? 1;
  candidates.forEach(({ item, score }, k) => {
    const kind = past.kinds.get(kindOf(item));
    const row = context.rowOf(item.id);
    const age = kind === undefined ? Infinity : Math.max(0, context.now - kind.newestAt);
    const match = state({ row, topics: topicsOf(item) });
    [
      score / best,
      1 / Math.log2(k + 2),
      (1 + match) / 2,
      share(kind?.session, past.session.length),
      share(kind?.last5, Math.min(5, past.total)),
      share(kind?.last20, Math.min(20, past.total)),
      (kind?.session ?? 0) / 6,
      kind === undefined ? 0 : 1,
      Math.exp(-age / HOUR_MS),
      Math.exp(-age / DAY_MS),
      Math.exp(-age / WEEK_MS),
      (past.shownKinds.get(kindOf(item)) ?? 0) / 24,
      share(kind?.all, past.total),
      (past.shownItems.get(item.id) ?? 0) / 4,
    ].forEach((value, f) => (features[k * CANDIDATE_WIDTH + f] = toByte(value)));
  });
  return { features, kinds: kindNumbers(candidates), state: stateBytes(past, context.now) };
}

/** [candidates] the categories by number, as they are met; those beyond 255 count as one. */
function kindNumbers(candidates: readonly FeaturedCandidate[]): Uint8Array {
  const numbers = new Map<string, number>();
  return Uint8Array.from(candidates, ({ item }) => {
    const kind = kindOf(item);
    if (!numbers.has(kind)) numbers.set(kind, Math.min(255, numbers.size));
    return numbers.get(kind)!;
  });
}

const share = (part: number | undefined, whole: number): number => (whole === 0 ? 0 : (part ?? 0) / whole);

/** Items of one category among the user's, newest first. */
interface Kind {
  newestAt: EpochMs;
  session: number;
  last5: number;
  last20: number;
  all: number;
}

interface Past {
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Items with a positive behaviour in this session, newest first. */
  readonly session: readonly { readonly kind: string; readonly at: EpochMs }[];
  /** Items of the history that are looked at. */
  readonly total: number;
  readonly newest5: readonly string[];
  readonly shownKinds: ReadonlyMap<string, number>;
  readonly shownItems: ReadonlyMap<string, number>;
  /** When this session began; now: it begins. */
  readonly sessionFrom: EpochMs;
  /** The newest behaviour before it; −∞: none is known. */
  readonly sessionBefore: EpochMs;
  readonly unanswered: number;
}

function readPast({ profile, catalogue, now }: FeatureContext): Past {
  const { sessionFrom, sessionBefore } = sessionOf(profile, now);
  const kinds = new Map<string, Kind>();
  const session: { kind: string; at: EpochMs }[] = [];
  const newest5: string[] = [];
  let total = 0;
  for (const [itemId, at] of profile.history) {
    if (total >= MOST_HISTORY) break;
    const kind = kindOf(catalogue.get(itemId));
    let counts = kinds.get(kind);
    if (counts === undefined) kinds.set(kind, (counts = { newestAt: at, session: 0, last5: 0, last20: 0, all: 0 }));
    counts.all++;
    if (total < 5) counts.last5++;
    if (total < 20) counts.last20++;
    if (total < 5) newest5.push(kind);
    if (at >= sessionFrom) {
      counts.session++;
      session.push({ kind, at });
    }
    total++;
  }
  return { kinds, session, total, newest5, sessionFrom, sessionBefore, ...readShown(profile, catalogue, sessionFrom) };
}

/** A session is what a pause of 30 minutes does not part. */
function sessionOf({ recent }: Profile, now: EpochMs): Pick<Past, 'sessionFrom' | 'sessionBefore'> {
  let from = now;
  for (const { at } of recent) {
    if (from - at > SESSION_GAP_MS) return { sessionFrom: from, sessionBefore: at };
    from = Math.min(from, at);
  }
  return { sessionFrom: from, sessionBefore: -Infinity };
}

function readShown(
  { recent }: Profile,
  catalogue: CatalogueView,
  sessionFrom: EpochMs,
): Pick<Past, 'shownKinds' | 'shownItems' | 'unanswered'> {
  const shownKinds = new Map<string, number>();
  const shownItems = new Map<string, number>();
  let unanswered = 0;
  let answered = false;
  for (const { type, itemId, weight, at } of recent) {
    if (weight > 0) answered = true;
    if (type !== 'impression' || itemId === undefined) continue;
    if (!answered) unanswered++;
    shownItems.set(itemId, (shownItems.get(itemId) ?? 0) + 1);
    if (at < sessionFrom) continue;
    const kind = kindOf(catalogue.get(itemId));
    shownKinds.set(kind, (shownKinds.get(kind) ?? 0) + 1);
  }
  return { shownKinds, shownItems, unanswered };
}

function stateBytes(past: Past, now: EpochMs): Uint8Array {
  const { session, newest5, sessionFrom, sessionBefore, total, unanswered } = past;
  const state = new Uint8Array(STATE_WIDTH);
  [
    session.length / 20,
    (now - sessionFrom) / (60 * MINUTE_MS),
    share(new Set(session.map(({ kind }) => kind)).size, session.length),
    share(new Set(newest5).size, newest5.length),
    (sessionFrom - sessionBefore) / WEEK_MS,
    total / MOST_HISTORY,
    unanswered / 32,
  ].forEach((value, s) => (state[s] = toByte(value)));
  return state;
}
