import pc from 'picocolors';
import { diffLists, type Move } from './list-diff';

/** What the watch command shows of an update; a selection of RecommendationUpdate in schema/recommendations.graphql. */
export interface WatchedUpdate {
  readonly position: { readonly epoch: string; readonly revision: number };
  readonly appliedThrough: number;
  readonly cause: {
    readonly kind: string;
    readonly behaviours: readonly { readonly type: string; readonly itemId: string | null; readonly seq: number }[];
    readonly itemIds: readonly string[];
  };
  readonly timings: {
    readonly ingest: number | null;
    readonly queue: number | null;
    readonly score: number;
    readonly replace: number;
    readonly push: number;
  };
  readonly list: {
    readonly recommendationId: string;
    readonly fallback: { readonly level: number; readonly name: string };
    readonly items: readonly WatchedItem[];
  };
}

export interface WatchedItem {
  readonly itemId: string;
  readonly rank: number;
  readonly score: number;
  readonly flags: readonly string[];
  readonly item: { readonly title: string } | null;
  readonly reason: {
    readonly code: string;
    readonly topic: { readonly name: string } | null;
    readonly evidence: readonly { readonly type: string; readonly itemId: string; readonly item: { readonly title: string } | null }[];
  };
  readonly content: { readonly title: string; readonly text: string };
}

export interface RenderOptions {
  /** Width in characters; longer lines are cut. */
  readonly columns: number;
  readonly colour: boolean;
}

/** What was shown before, to tell what moved. */
export interface Shown {
  readonly itemIds: readonly string[];
  readonly titles: ReadonlyMap<string, string>;
}

export const shownOf = ({ list }: WatchedUpdate): Shown => ({
  itemIds: list.items.map(({ itemId }) => itemId),
  titles: new Map(list.items.map((item) => [item.itemId, titleOf(item)])),
});

/** The whole list as lines: why and how fast it came, each item with how it moved and why it is there, what is gone. */
export function renderUpdate(update: WatchedUpdate, before: Shown | undefined, { columns, colour }: RenderOptions): string[] {
  const paint = pc.createColors(colour);
  const { moves, removed } = diffLists(before?.itemIds, shownOf(update).itemIds);
  const titleWidth = Math.max(12, Math.min(44, columns - 40));
  const items = update.list.items.map((item, k) => {
    const move = moves[k]!;
    const plain = `${String(item.rank).padStart(2)} ${symbolOf(move).padEnd(4)} ${fit(titleOf(item), titleWidth)}  ${reasonOf(item)}${flagsOf(item)}`;
    const line = plain.slice(0, columns);
    if (move.kind === 'new') return paint.green(line);
    return move.kind === 'same' ? line : paint.cyan(line);
  });
  const gone = removed.map((id) => before?.titles.get(id) ?? id);
  return [
    paint.bold(headline(update).slice(0, columns)),
    paint.dim(timingsOf(update).slice(0, columns)),
    ...items,
    ...(gone.length > 0 ? [paint.red(`   gone: ${gone.join(', ')}`.slice(0, columns))] : []),
  ];
}

/** The same in a few words, for a log: one line for the cause, then only what is new, moved or gone. */
export function summarizeUpdate(update: WatchedUpdate, before: Shown | undefined): string[] {
  if (!before)
    return [
      headline(update),
      timingsOf(update),
      ...update.list.items.map((item) => `  ${item.rank}. ${titleOf(item)} — ${reasonOf(item)}`),
    ];
  const { moves, removed } = diffLists(before.itemIds, shownOf(update).itemIds);
  const changes = update.list.items.flatMap((item, k) =>
    moves[k]!.kind === 'same' ? [] : [`  ${symbolOf(moves[k]!)} ${item.rank}. ${titleOf(item)} — ${reasonOf(item)}`],
  );
  const gone = removed.map((id) => `  − ${before.titles.get(id) ?? id}`);
  return [
    headline(update),
    timingsOf(update),
    ...(changes.length + gone.length === 0 ? ['  the same items in the same order'] : [...changes, ...gone]),
  ];
}

function symbolOf(move: Move): string {
  switch (move.kind) {
    case 'new':
      return '✚';
    case 'up':
      return `↑${move.by}`;
    case 'down':
      return `↓${move.by}`;
    case 'same':
      return '';
  }
}

const titleOf = ({ item, itemId, content }: WatchedItem): string => item?.title ?? (content.title || itemId);

function headline({ position, appliedThrough, cause, list }: WatchedUpdate): string {
  const fallback = list.fallback.level === 0 ? '' : ` · ${list.fallback.name}`;
  return `#${position.revision} · ${causeOf(cause)} · applied through ${appliedThrough}${fallback}`;
}

/** In the words of a person: "view item-3 and 2 more behaviours". */
function causeOf({ kind, behaviours, itemIds }: WatchedUpdate['cause']): string {
  const [newest, ...more] = behaviours;
  if (newest) {
    const rest = more.length === 0 ? '' : ` and ${more.length} more behaviour${more.length === 1 ? '' : 's'}`;
    return `${newest.type}${newest.itemId === null ? '' : ` ${newest.itemId}`}${rest}`;
  }
  if (kind === 'RETRACTION') return itemIds.length === 0 ? 'filled up after items were taken back' : `taken back: ${itemIds.join(', ')}`;
  return CAUSES[kind] ?? kind.toLowerCase();
}

const CAUSES: Readonly<Record<string, string>> = {
  MODELS: 'a new model',
  REQUEST: 'first computed now',
  PROFILE: 'the profile was edited',
};

/** The stages, and their sum where a behaviour caused the list: from the request to the socket. */
function timingsOf({ timings }: WatchedUpdate): string {
  const { ingest, queue, score, replace, push } = timings;
  const stages = { ingest, queue, score, replace, push };
  const known = Object.entries(stages).filter((entry): entry is [string, number] => entry[1] !== null);
  const text = known.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(' + ');
  if (ingest === null || queue === null) return `  ${text} ms`;
  return `  ${text} = ${(ingest + queue + score + replace + push).toFixed(1)} ms`;
}

const VERBS: Readonly<Record<string, string>> = {
  view: 'viewed',
  click: 'clicked',
  dwell: 'looked at',
  add_to_cart: 'put in the cart:',
  purchase: 'bought',
  rate: 'rated',
  like: 'liked',
  share: 'shared',
};

function reasonOf({ reason: { code, topic, evidence } }: WatchedItem): string {
  const [first] = evidence;
  switch (code) {
    case 'BECAUSE_YOU':
      return first
        ? `because you ${VERBS[first.type] ?? `did ${first.type} to`} ${first.item?.title ?? first.itemId}`
        : 'because of what you did';
    case 'PEOPLE_LIKE_YOU':
      return 'people like you';
    case 'INTEREST':
      return `you like ${topic?.name ?? 'this'}`;
    case 'POPULAR_IN_CATEGORY':
      return `popular in ${topic?.name ?? 'its category'}`;
    case 'POPULAR':
      return 'popular';
    case 'NEW':
      return 'new';
    default:
      return code.toLowerCase();
  }
}

const flagsOf = ({ flags }: WatchedItem): string => flags.map((flag) => ` [${flag.toLowerCase()}]`).join('');

const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));
