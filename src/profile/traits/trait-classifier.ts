import { treeScore, type TreeNode } from './decision-tree';
import { linearScore, type LinearModel } from './linear';
import { plattProbability, type PlattScaling } from './platt';

/** What tells users with one value of an attribute from the others: a model's score, and how it becomes a probability. */
export interface TraitClassifier {
  readonly score: { readonly model: 'tree'; readonly tree: TreeNode } | { readonly model: 'svm'; readonly linear: LinearModel };
  readonly platt: PlattScaling;
}

export const scoreOf = (score: TraitClassifier['score'], row: ArrayLike<number>): number =>
  score.model === 'tree' ? treeScore(score.tree, row) : linearScore(score.linear, row);

/** Calibrated, in (0, 1). */
export const probabilityOf = ({ score, platt }: TraitClassifier, row: ArrayLike<number>): number =>
  plattProbability(platt, scoreOf(score, row));
