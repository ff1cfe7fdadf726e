import { stepInWords, type Feature } from './behaviour-features';

export interface TreeLeaf {
  /** Users that were learned from and came here, and how many of them have the value. */
  readonly users: number;
  readonly positives: number;
}

export interface TreeSplit {
  readonly column: number;
  /** Below it: left. */
  readonly threshold: number;
  readonly left: TreeNode;
  readonly right: TreeNode;
}

/** A binary classification tree (CART: Breiman, Friedman, Olshen, Stone, 1984) as plain data. */
export type TreeNode = TreeLeaf | TreeSplit;

const isSplit = (node: TreeNode): node is TreeSplit => 'column' in node;

function walk(tree: TreeNode, row: ArrayLike<number>, onSplit: (split: TreeSplit, below: boolean) => void): TreeLeaf {
  let node = tree;
  while (isSplit(node)) {
    const below = row[node.column]! < node.threshold;
    onSplit(node, below);
    node = below ? node.left : node.right;
  }
  return node;
}

/** ln(odds) of a row's leaf, each leaf counted with one more user of either kind (Laplace). */
export function treeScore(tree: TreeNode, row: ArrayLike<number>): number {
  const { users, positives } = walk(tree, row, () => undefined);
  return Math.log((positives + 1) / (users - positives + 1));
}

/** The tree's questions with this row's answers, from the root, in words. */
export function treePath(
  tree: TreeNode,
  row: ArrayLike<number>,
  { features, windowMs }: { readonly features: readonly Feature[]; readonly windowMs: number },
): string[] {
  const path: string[] = [];
  walk(tree, row, ({ column, threshold }, below) =>
    path.push(stepInWords(features[column]!, row[column]!, { below, threshold, windowMs })),
  );
  return path;
}
