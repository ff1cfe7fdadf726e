import { DecisionTreeRegression, type NodeJson } from 'ml-cart';
import { quantile } from '../../evaluation/bootstrap';
import type { TreeNode } from './decision-tree';

export interface TreeOptions {
  /** Questions from the root to a leaf. @default 4 */
  readonly maxDepth?: number;
  /** A node of fewer users is not split. @default 20 */
  readonly fewestUsers?: number;
  /** Thresholds that a column may be asked at: so many of its quantiles. @default 16 */
  readonly levels?: number;
}

/**
 * A tree that tells rows with label 1 from those with 0. Rows are arrays of one length.
 *
 * The library's regression tree on 0/1: the squared error of a node is half its Gini impurity times its size, so its splits are those of CART's
 * classification, at a cost linear in the rows (the library's classifier counts in quadratic time). Deviations: columns are asked at quantiles only, and rows go
 * in by label, so that ties are looked at once; leaves are counted again with all rows, and a question that gains nothing is taken back. Deterministic.
 */
export function fitDecisionTree(
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  { maxDepth = 4, fewestUsers = 20, levels = 16 }: TreeOptions = {},
): TreeNode {
  const order = rows.map((_, k) => k).sort((a, b) => labels[a]! - labels[b]! || a - b);
  const bounds = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => boundsOf(rows, column, levels));
  const binned = order.map((k) => bounds.map((ascending, column) => binOf(ascending, rows[k]![column]!)));
  const targets = order.map((k) => labels[k]!);
  if (order.length > 0) {
    binned.unshift(binned[0]!); // the library refuses a first question that parts all: one row that contradicts lets it
    targets.unshift(1 - targets[0]!);
  }
  const tree = new DecisionTreeRegression({ maxDepth, minNumSamples: fewestUsers, gainThreshold: -1 });
  tree.train(binned, targets);
  return plain(tree.toJSON().root, { bounds, rows, labels }, order);
}

/** Distinct values v at which "below v" is asked, ascending: quantiles of the column, each moved up to a value that occurs. */
function boundsOf(rows: readonly ArrayLike<number>[], column: number, levels: number): number[] {
  const values = rows.map((row) => row[column]!).sort((a, b) => a - b);
  const wanted = Array.from({ length: levels - 1 }, (_, k) => quantile(values, (k + 1) / levels));
  const found = wanted.map((at) => values.find((value) => value >= at)!);
  return [...new Set(found)].filter((value) => value > values[0]!);
}

/** How many bounds a value has reached. */
function binOf(ascending: readonly number[], value: number): number {
  let bin = 0;
  while (bin < ascending.length && value >= ascending[bin]!) bin++;
  return bin;
}

interface Learned {
  readonly bounds: readonly (readonly number[])[];
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
}

/** The library's node over these rows; a question that parts no rows is left out. */
function plain(node: NodeJson, learned: Learned, members: readonly number[]): TreeNode {
  const { left, right, splitColumn, splitValue } = node;
  const leaf = { users: members.length, positives: members.reduce((sum, k) => sum + learned.labels[k]!, 0) };
  if (!left || !right || splitColumn === undefined || splitValue === undefined) return leaf;
  const threshold = learned.bounds[splitColumn]![Math.ceil(splitValue) - 1]; // bin < splitValue: fewer than ceil(splitValue) bounds are reached
  if (threshold === undefined) return leaf;
  const below = members.filter((k) => learned.rows[k]![splitColumn]! < threshold);
  if (below.length === 0 || below.length === members.length) return leaf;
  const above = members.filter((k) => learned.rows[k]![splitColumn]! >= threshold);
  const split = { column: splitColumn, threshold, left: plain(left, learned, below), right: plain(right, learned, above) };
  return errorOf(split) < errorOf(leaf) - 1e-9 ? split : leaf;
}

/** Σ over the leaves of positives · negatives / users: half the impurity of each times its size. */
function errorOf(node: TreeNode): number {
  return 'column' in node ? errorOf(node.left) + errorOf(node.right) : (node.positives * (node.users - node.positives)) / node.users;
}
