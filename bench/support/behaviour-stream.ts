import { pick } from '../../src/simulator/draw';
import { seededRandom, type Random } from '../../src/platform/random';
import { simulateCatalogue } from '../../src/simulator/catalogue';
import type { BenchBehaviour } from './http-recorder';

/** As often as shoppers do them, roughly. */
const TYPES = ['view', 'view', 'view', 'view', 'view', 'view', 'click', 'click', 'add_to_cart', 'like'] as const;

interface StreamOptions {
  readonly seed: number;
  /** Items of the demo shop. */
  readonly items: number;
  /** Items of another shop, the most popular first, in the place of those. */
  readonly itemIds?: readonly string[] | undefined;
  readonly userIds: readonly string[];
}

/**
 * Behaviours without end: users uniform, items by a Zipf-like law. No user does the same thing to the same item twice
 * in a row of hundreds, so that nothing is dropped as machine-like.
 */
export function behaviourStream({ seed, items, itemIds, userIds }: StreamOptions): () => BenchBehaviour {
  const random = seededRandom(seed);
  const byPopularity = itemIds ?? demoItems(seed, items);
  const done = new Map<string, Set<string>>();
  let count = 0;
  return () => {
    const userId = pick(random, userIds);
    const own = done.get(userId) ?? new Set<string>();
    done.set(userId, own);
    let itemId = zipfian(random, byPopularity);
    while (own.has(itemId)) itemId = pick(random, byPopularity);
    if (own.size > byPopularity.length / 2) own.clear();
    own.add(itemId);
    return { id: `bench-${seed}-${++count}`, userId, type: pick(random, TYPES), itemId };
  };
}

const demoItems = (seed: number, items: number): string[] =>
  [...simulateCatalogue(seed, items).items].sort((a, b) => b.popularity - a.popularity).map(({ item }) => item.id);

/** Log-uniform place: density ∝ 1 / (place + 1). */
const zipfian = (random: Random, ids: readonly string[]): string =>
  ids[Math.min(ids.length - 1, Math.floor((ids.length + 1) ** random()) - 1)]!;
