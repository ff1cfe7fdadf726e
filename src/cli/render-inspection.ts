import type { Backlog } from './read-queues.bullmq';

interface Titled {
  readonly itemId: string;
  readonly item: { readonly title: string } | null;
}
interface InterestLine {
  readonly topic: { readonly id: string };
  readonly value: number;
}

/** Answer of INSPECT_USER. */
export interface UserAnswer {
  readonly profile: {
    readonly userId: string;
    readonly seq: number;
    readonly counters: readonly { readonly type: string; readonly count: number }[];
    readonly interests: { readonly short: readonly InterestLine[]; readonly long: readonly InterestLine[] };
    readonly attributes: readonly { readonly name: string; readonly value: string }[];
    readonly follows: readonly string[];
    readonly mutedTopics: readonly { readonly id: string }[];
    readonly recent: readonly (Partial<Titled> & {
      readonly seq: number;
      readonly type: string;
      readonly weight: number;
      readonly at: string;
    })[];
  };
  readonly recommendations: {
    readonly appliedThrough: number;
    readonly stale: boolean;
    readonly computedAt: string;
    readonly fallback: { readonly level: number; readonly name: string };
    readonly items: readonly (Titled & {
      readonly rank: number;
      readonly score: number;
      readonly sources: readonly { readonly model: string; readonly share: number }[];
      readonly reason: { readonly code: string };
    })[];
  };
}

/** Answer of INSPECT_ITEM. */
export interface ItemAnswer {
  readonly item: Readonly<Record<string, unknown>> | null;
  readonly relatedItems: readonly (Titled & { readonly rank: number; readonly score: number })[];
}

/** Answer of INSPECT_HEALTH. */
export interface HealthAnswer {
  readonly health: {
    readonly status: string;
    readonly checks: readonly { readonly name: string; readonly status: string; readonly message: string | null }[];
  };
}

const MOST_INTERESTS = 5;

export function renderUser({ profile, recommendations }: UserAnswer): string[] {
  const { userId, seq, counters, interests, attributes, follows, mutedTopics, recent } = profile;
  const { appliedThrough, stale, computedAt, fallback, items } = recommendations;
  return [
    `${userId} · seq ${seq}`,
    ...fact(
      'did',
      counters.map(({ type, count }) => `${type} ${count}`),
    ),
    ...fact(
      'is',
      attributes.map(({ name, value }) => `${name} ${value}`),
    ),
    ...fact('likes now', topics(interests.short)),
    ...fact('likes long', topics(interests.long)),
    ...fact('follows', follows),
    ...fact(
      'muted',
      mutedTopics.map(({ id }) => id),
    ),
    'newest behaviours:',
    ...recent.map(({ seq: n, type, weight, at, itemId, item }) =>
      `  ${String(n).padStart(5)} ${at} ${type.padEnd(16)} ${weight.toFixed(2).padStart(5)}  ${itemId ?? ''} ${item?.title ?? ''}`.trimEnd(),
    ),
    `list: ${fallback.name} (level ${fallback.level}), applied through ${appliedThrough}${stale ? ', stale' : ''}, computed ${computedAt}`,
    ...items.map(
      ({ rank, itemId, item, score, sources, reason }) =>
        `  ${String(rank).padStart(2)} ${score.toFixed(3)}  ${item?.title ?? itemId}  [${reason.code.toLowerCase()}; ${sources.map(({ model, share }) => `${model.toLowerCase()} ${(100 * share).toFixed(0)} %`).join(', ')}]`,
    ),
  ];
}

const fact = (name: string, values: readonly string[]): string[] => (values.length === 0 ? [] : [`  ${name}: ${values.join(', ')}`]);
const topics = (interests: readonly InterestLine[]): string[] =>
  interests
    .filter(({ value }) => Math.abs(value) >= 0.005) // what would be shown as 0.00 has faded
    .slice(0, MOST_INTERESTS)
    .map(({ topic, value }) => `${topic.id} ${value.toFixed(2)}`);

export function renderItem({ item, relatedItems }: ItemAnswer): string[] {
  const fields = Object.entries(item ?? {}).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  return [
    ...fields.map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`),
    ...(relatedItems.length > 0 ? ['goes with:'] : []),
    ...relatedItems.map(
      (related) => `  ${String(related.rank).padStart(2)} ${related.score.toFixed(3)}  ${related.item?.title ?? related.itemId}`,
    ),
  ];
}

export function renderHealth({ health }: HealthAnswer): string[] {
  return [
    `health: ${health.status.toLowerCase()}`,
    ...health.checks.map(({ name, status, message }) => `  ${name}: ${status.toLowerCase()}${message === null ? '' : ` — ${message}`}`),
  ];
}

export function renderBacklog({ queues, logged, listsBehind }: Backlog): string[] {
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, k) => (k === 0 ? String(cell).padEnd(14) : String(cell).padStart(9))).join('');
  return [
    row(['queue', 'waiting', 'active', 'delayed', 'failed']),
    ...queues.map(({ name, waiting, active, delayed, failed }) => row([name, waiting, active, delayed, failed])),
    `${logged} behaviours in the log, ${listsBehind} watched lists behind it`,
  ];
}
