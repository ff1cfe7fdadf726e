import type { Item } from '../../catalogue/item';
import type { Recommendation } from '../../push/recommendation-list';
import type { LevelCandidate } from '../list-filling';
import type { LevelContext } from '../level-candidates';

type Shape = (candidates: readonly LevelCandidate[]) => readonly LevelCandidate[];
type Basis = Omit<LevelContext, 'open'>;

/** A reason to add an item to the candidates, or to raise it. */
interface Bonus {
  readonly item: Item;
  /** What it adds, the best candidate counting 1; > 0. */
  readonly value: number;
  readonly reason: Recommendation['reason'];
}

/** How many of the user's newest behaviours are looked at for parts of bundles. */
const RECENT = 20;

/**
 * What the rules of a surface make of the candidates of the level that answers first: scores halve with age; items of followed authors and the
 * other parts of bundles are added, or raised by their bonus times the best score. Best first (ties: the candidate that came first).
 * undefined: the surface has no such rule.
 */
export function firstShape(basis: Basis): Shape | undefined {
  const aged = agedShape(basis);
  const { followed, bundles } = basis.surface.rules;
  if (followed === undefined && bundles === undefined) return aged;
  return (candidates) => {
    const bonuses = [...followedBonuses(basis), ...bundleBonuses(basis)];
    const shaped = aged?.(candidates) ?? candidates;
    return bonuses.length === 0 ? shaped : withBonuses(shaped, bonuses);
  };
}

/** The same for the levels that fill up: age alone. */
export function agedShape({ surface, now }: Pick<Basis, 'surface' | 'now'>): Shape | undefined {
  const halfLifeMs = surface.rules.freshnessHalfLifeMs;
  if (halfLifeMs === undefined) return undefined;
  return (candidates) =>
    inOrder(candidates.map((candidate) => ({ ...candidate, score: candidate.score * freshness(candidate.item, now, halfLifeMs) })));
}

/** In (0, 1]; ½ without a date; 1 for what is dated ahead. Floored, so that scores stay above 0. */
const freshness = ({ publishedAt }: Item, now: number, halfLifeMs: number): number =>
  publishedAt === undefined ? 0.5 : Math.max(1e-9, 2 ** (-Math.max(0, now - publishedAt) / halfLifeMs));

const inOrder = (candidates: LevelCandidate[]): LevelCandidate[] => candidates.sort((a, b) => b.score - a.score); // stable

function withBonuses(candidates: readonly LevelCandidate[], bonuses: readonly Bonus[]): LevelCandidate[] {
  const best = candidates[0]?.score ?? 1;
  const all = new Map(candidates.map((candidate) => [candidate.item.id, candidate]));
  for (const { item, value, reason } of bonuses) {
    const own = all.get(item.id);
    const bonus = value * best;
    // Whatever the larger part of the score is from is the reason.
    if (own === undefined) all.set(item.id, { item, score: bonus, shares: [], reason });
    else all.set(item.id, { ...own, score: own.score + bonus, ...(bonus > own.score && { reason }) });
  }
  return inOrder([...all.values()]);
}

function followedBonuses({ surface, models, profile, catalogue, now, admits }: Basis): Bonus[] {
  const { followed } = surface.rules;
  if (followed === undefined || models.links === undefined) return [];
  const { links } = models;
  return profile.follows
    .flatMap((author) => links.newestOf(author, followed.perAuthor))
    .flatMap((id): Bonus[] => {
      const item = catalogue.get(id);
      if (item === undefined || !admits(item)) return [];
      const value = followed.weight * freshness(item, now, followed.halfLifeMs);
      return value > 0 ? [{ item, value, reason: { code: 'followed', evidence: [] } }] : [];
    });
}

/** Each part once, for the newest of the user's behaviours on another part. */
function bundleBonuses({ surface, models, profile, catalogue, admits }: Basis): Bonus[] {
  const { bundles } = surface.rules;
  if (bundles === undefined || models.links === undefined || bundles.weight === 0) return [];
  const bonuses = new Map<string, Bonus>();
  for (const { itemId, type, at, weight } of profile.recent.slice(0, RECENT)) {
    if (itemId === undefined || weight <= 0) continue;
    const mates = models.links.bundlesOf(itemId).flatMap((bundle) => catalogue.get(bundle)?.parts ?? []);
    for (const mate of mates) {
      const item = mate === itemId || bonuses.has(mate) ? undefined : catalogue.get(mate);
      if (item === undefined || !admits(item)) continue;
      const evidence = [{ itemId, type, at, share: 1 }];
      bonuses.set(mate, { item, value: bundles.weight, reason: { code: 'because_you', evidence } });
    }
  }
  return [...bonuses.values()];
}
