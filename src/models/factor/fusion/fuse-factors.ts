import type { Item } from '../../../catalogue/item';
import { FusionProjector, learnFusion, type Fusion, type FusionOptions } from './fusion';

/** Items with their factor vectors. */
export interface FittedFactors {
  readonly itemIds: readonly string[];
  readonly dimensions: number;
  /** [items × dimensions], row-major. */
  readonly table: Float32Array;
  /** [items] by how many users each was had. */
  readonly users: ArrayLike<number>;
}

export interface FuseOptions extends FusionOptions {
  /** An item had by n users keeps n / (n + evidence) of its own vector; the rest is that of what it is. */
  readonly evidence: number;
}

/** The factors of the items that somebody has had, and how the others are placed among them. */
export interface FusedFactors {
  readonly items: readonly string[];
  readonly table: Float32Array;
  readonly fusion: Fusion;
}

/** Learns from the items that somebody has had and the catalogue knows. Deterministic. */
export function fuseFactors(
  { itemIds, dimensions, table, users }: FittedFactors,
  catalogue: readonly Item[],
  options: FuseOptions,
): FusedFactors {
  const itemOf = new Map(catalogue.map((item) => [item.id, item]));
  const had = itemIds.flatMap((_, row) => (users[row]! > 0 ? [row] : []));
  const kept = rowsOf(table, had, dimensions);
  // What most users have had is the best known: where not all can be learnt from, those are.
  const described = had
    .map((row, k) => ({ k, item: itemOf.get(itemIds[row]!), users: users[row]! }))
    .filter(({ item }) => item !== undefined);
  const best = described.sort((a, b) => b.users - a.users || a.k - b.k);
  const items = best.map(({ item }) => item!);
  const fusion = learnFusion(
    items,
    rowsOf(
      kept,
      best.map(({ k }) => k),
      dimensions,
    ),
    dimensions,
    options,
  );
  if (options.evidence > 0) {
    const projector = new FusionProjector(fusion);
    for (const { k, item, users: n } of best) {
      const projected = projector.project(item!);
      if (projected === undefined) continue;
      const own = n / (n + options.evidence);
      projected.forEach((value, a) => (kept[k * dimensions + a] = own * kept[k * dimensions + a]! + (1 - own) * value));
    }
  }
  return { items: had.map((row) => itemIds[row]!), table: kept, fusion };
}

function rowsOf(table: Float32Array, rows: readonly number[], dimensions: number): Float32Array {
  const picked = new Float32Array(rows.length * dimensions);
  rows.forEach((row, k) => picked.set(table.subarray(row * dimensions, (row + 1) * dimensions), k * dimensions));
  return picked;
}
