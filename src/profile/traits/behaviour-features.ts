import type { EpochMs } from '../../platform/clock';

/** What is told of what a user did: how often to a category, as what share of all of that type, or how much in all. */
export interface Feature {
  readonly kind: 'count' | 'share' | 'total';
  readonly type: string;
  /** Absent for `total`. */
  readonly category?: string;
}

/** Users by features; a row is what each did in the window that ends with their newest behaviour. */
export interface FeatureTable {
  readonly userIds: readonly string[];
  readonly features: readonly Feature[];
  /** [users × features], row-major. Counts and totals ≥ 0, shares in [0, 1]. */
  readonly values: Float64Array;
  /** [users] Behaviours in the window. */
  readonly behaviours: Int32Array;
}

export interface FeatureOptions {
  readonly windowMs: number;
  /** Most pairs of a type and a category. @default 24 */
  readonly mostPairs?: number;
  /** A pair that fewer users have is left out: it would name them. @default 20 */
  readonly fewestUsers?: number;
}

interface Done {
  readonly type: string;
  readonly categories: readonly string[];
  readonly at: EpochMs;
}

const SEPARATOR = '\n';

/** Collects what users did, and tells it as features. Deterministic: users in the order of their first behaviour, ties by name. */
export class FeatureBuilder {
  private readonly done = new Map<string, Done[]>();

  constructor(private readonly options: FeatureOptions) {}

  add(userId: string, behaviour: Done): void {
    const held = this.done.get(userId);
    if (held) held.push(behaviour);
    else this.done.set(userId, [behaviour]);
  }

  build(): FeatureTable {
    const counts = new Map([...this.done].map(([userId, behaviours]) => [userId, countsOf(behaviours, this.options.windowMs)]));
    const features = chooseFeatures([...counts.values()], this.options);
    const values = new Float64Array(counts.size * features.length);
    let at = 0;
    for (const { pairs, totals } of counts.values()) {
      for (const { kind, type, category } of features) {
        const total = totals.get(type) ?? 0;
        const count = category === undefined ? total : (pairs.get(type + SEPARATOR + category) ?? 0);
        values[at++] = kind === 'share' ? (total === 0 ? 0 : count / total) : count;
      }
    }
    return { userIds: [...counts.keys()], features, values, behaviours: Int32Array.from(counts.values(), ({ all }) => all) };
  }
}

interface Counts {
  readonly pairs: Map<string, number>;
  readonly totals: Map<string, number>;
  readonly all: number;
}

function countsOf(behaviours: readonly Done[], windowMs: number): Counts {
  const newest = behaviours.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const pairs = new Map<string, number>();
  const totals = new Map<string, number>();
  let all = 0;
  for (const { type, categories, at } of behaviours) {
    if (at <= newest - windowMs) continue;
    all++;
    totals.set(type, (totals.get(type) ?? 0) + 1);
    for (const category of categories) pairs.set(type + SEPARATOR + category, (pairs.get(type + SEPARATOR + category) ?? 0) + 1);
  }
  return { pairs, totals, all };
}

/** The pairs that most users have, each as count and share, and the total of each of their types. */
function chooseFeatures(counts: readonly Counts[], { mostPairs = 24, fewestUsers = 20 }: FeatureOptions): Feature[] {
  const users = new Map<string, number>();
  for (const { pairs } of counts) for (const pair of pairs.keys()) users.set(pair, (users.get(pair) ?? 0) + 1);
  const chosen = [...users]
    .filter(([, count]) => count >= fewestUsers)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, mostPairs)
    .map(([pair]) => ({ type: pair.slice(0, pair.indexOf(SEPARATOR)), category: pair.slice(pair.indexOf(SEPARATOR) + 1) }));
  const types = [...new Set(chosen.map(({ type }) => type))];
  return [
    ...chosen.flatMap((pair): Feature[] => [
      { kind: 'count', ...pair },
      { kind: 'share', ...pair },
    ]),
    ...types.map((type): Feature => ({ kind: 'total', type })),
  ];
}

/** One user's row. */
export const rowOf = ({ features, values }: FeatureTable, user: number): Float64Array =>
  values.subarray(user * features.length, (user + 1) * features.length);

const PAST: Readonly<Record<string, string>> = {
  view: 'viewed',
  click: 'clicked',
  dwell: 'stayed with',
  add_to_cart: 'put into the cart',
  remove_from_cart: 'took out of the cart',
  purchase: 'bought',
  rate: 'rated',
  like: 'liked',
  dislike: 'disliked',
  share: 'shared',
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const spanOf = (ms: number): string =>
  ms >= 2 * DAY_MS ? `${Math.round(ms / DAY_MS)} days` : `${Math.max(1, Math.round(ms / HOUR_MS))} hours`;

/** One question of a tree with a user's answer: "viewed 12 × Horror in 30 days (at least 5)". English. */
export function stepInWords({ kind, type, category }: Feature, value: number, { below, threshold, windowMs }: StepContext): string {
  const past = PAST[type] ?? `did “${type}” with`;
  const span = spanOf(windowMs);
  if (kind === 'share')
    return `${percent(value)} of what was ${past} in ${span} is ${category} (${below ? 'less than' : 'at least'} ${percent(threshold)})`;
  const bound = Math.ceil(threshold); // counts are whole
  const what = kind === 'total' ? `${value} things` : `${value} × ${category}`;
  return `${past} ${what} in ${span} (${below ? 'fewer than' : 'at least'} ${bound})`;
}

export interface StepContext {
  /** The user's value is below the threshold. */
  readonly below: boolean;
  readonly threshold: number;
  readonly windowMs: number;
}
