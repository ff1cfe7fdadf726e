import { seededRandom } from '../../../src/platform/random';
import type { Feature } from '../../../src/profile/traits/behaviour-features';
import { treePath, treeScore } from '../../../src/profile/traits/decision-tree';
import { fitClassifier } from '../../../src/profile/traits/fit-classifier';
import { fitDecisionTree } from '../../../src/profile/traits/fit-decision-tree';
import { fitLinearSvm } from '../../../src/profile/traits/fit-linear-svm';
import { stratifiedFolds } from '../../../src/profile/traits/folds';
import { linearScore } from '../../../src/profile/traits/linear';
import { fitLogistic, logisticProbability } from '../../../src/profile/traits/logistic';
import { fitPlatt, plattProbability } from '../../../src/profile/traits/platt';
import { areaUnderCurve, calibrationError } from '../../../src/profile/traits/reliability';
import { probabilityOf } from '../../../src/profile/traits/trait-classifier';

const HORROR: Feature = { kind: 'count', type: 'view', category: 'Horror' };
const DRAMA_SHARE: Feature = { kind: 'share', type: 'view', category: 'Drama' };
const features = [HORROR, DRAMA_SHARE];
const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

/** 200 users: who viewed 10 or more × Horror has the value, whatever they do else. */
function separable() {
  const random = seededRandom(7);
  const rows = range(200).map((k) => [k % 2 === 0 ? 10 + Math.floor(random() * 10) : Math.floor(random() * 8), random()]);
  return { features, rows, labels: rows.map(([horror]) => (horror! >= 10 ? 1 : 0)) };
}

describe('a tree and a support vector machine', () => {
  it('find the one question that parts the users, and say it with the answer', () => {
    const { rows, labels } = separable();
    const tree = fitDecisionTree(rows, labels);
    expect(tree).toMatchObject({ column: 0, left: { users: 100, positives: 0 }, right: { users: 100, positives: 100 } });
    expect(treePath(tree, [12, 0.5], { features, windowMs: 30 * 86_400_000 })).toEqual(['viewed 12 × Horror in 30 days (at least 10)']);
    expect(treePath(tree, [2, 0.5], { features, windowMs: 30 * 86_400_000 })).toEqual(['viewed 2 × Horror in 30 days (fewer than 10)']);
    expect(treeScore(tree, [12, 0.5])).toBeCloseTo(Math.log(101)); // 100 of 100, and one more of either kind
    const svm = fitLinearSvm(features, rows, labels);
    expect(
      areaUnderCurve(
        rows.map((row) => linearScore(svm, row)),
        labels,
      ),
    ).toBe(1);
    expect(Math.abs(svm.weights[0]!)).toBeGreaterThan(10 * Math.abs(svm.weights[1]!));
  });

  it('and where the value lies in the middle, the tree can say so and the line cannot', () => {
    const random = seededRandom(5);
    const rows = range(300).map((k) => [k % 15, random()]);
    const labels = rows.map(([horror]) => (horror! >= 5 && horror! < 10 ? 1 : 0));
    const auc = (of: (row: readonly number[]) => number): number => areaUnderCurve(rows.map(of), labels);
    const tree = fitDecisionTree(rows, labels);
    const svm = fitLinearSvm(features, rows, labels);
    expect(auc((row) => treeScore(tree, row))).toBe(1);
    expect(auc((row) => linearScore(svm, row))).toBeLessThan(0.65);
    expect(treePath(tree, [7, 0.5], { features, windowMs: 86_400_000 }).sort()).toEqual([
      'viewed 7 × Horror in 24 hours (at least 5)',
      'viewed 7 × Horror in 24 hours (fewer than 10)',
    ]);
  });

  it.each(['tree', 'svm'] as const)('are the same however often they are fitted: %s', (model) => {
    const { rows } = separable();
    const random = seededRandom(3);
    const noisy = { features, rows, labels: rows.map(([horror]) => (random() < horror! / 20 ? 1 : 0)) };
    expect(fitClassifier(model, noisy, 1)).toEqual(fitClassifier(model, noisy, 1));
  });

  it.each(['tree', 'svm'] as const)('give probabilities that come true: %s', (model) => {
    const random = seededRandom(11);
    const truth = (row: readonly number[]): number => (row[0]! >= 10 ? 0.8 : 0.3);
    const draw = (count: number) => {
      const rows = range(count).map((k) => [k % 2 === 0 ? 10 : 1, random()]);
      return { features, rows, labels: rows.map((row) => (random() < truth(row) ? 1 : 0)) };
    };
    const learned = draw(2000);
    const { classifier, heldOut } = fitClassifier(model, learned, 1);
    expect(probabilityOf(classifier, [10, 0.5])).toBeCloseTo(0.8, 1);
    expect(probabilityOf(classifier, [1, 0.5])).toBeCloseTo(0.3, 1);
    expect(calibrationError(heldOut.probabilities, learned.labels)).toBeLessThan(0.05);
  });
});

describe('Platt’s scaling', () => {
  it('finds the odds of two groups of scores', () => {
    // Of 100 with score 1 there are 75 positive, of 100 with score −1 there are 25: slope ln 3, offset 0, but for the targets 101/102 and 1/102.
    const scores = range(200).map((k) => (k < 100 ? 1 : -1));
    const labels = range(200).map((k) => (k < 75 || (k >= 100 && k < 125) ? 1 : 0));
    const platt = fitPlatt(scores, labels);
    const expected = (75 * (101 / 102) + 25 * (1 / 102)) / 100;
    expect(plattProbability(platt, 1)).toBeCloseTo(expected, 4);
    expect(platt.slope).toBeCloseTo(Math.log(expected / (1 - expected)), 4);
    expect(platt.offset).toBeCloseTo(0, 4);
  });

  it('stays within (0, 1) where a score parts all users', () => {
    const platt = fitPlatt([-1, -2, 1, 2], [0, 0, 1, 1]);
    expect(plattProbability(platt, 9)).toBeLessThan(1);
    expect(plattProbability(platt, 1)).toBeGreaterThan(0.6);
  });
});

describe('logistic regression', () => {
  it('gives each of four cells its share', () => {
    // Odds multiply: 1 : 1 at (0, 0), 3 : 1 at (1, 0), 1 : 3 at (0, 1).
    const cells = [
      { row: [0, 0], ones: 20, zeros: 20 },
      { row: [1, 0], ones: 30, zeros: 10 },
      { row: [0, 1], ones: 10, zeros: 30 },
      { row: [1, 1], ones: 20, zeros: 20 },
    ];
    const rows = cells.flatMap(({ row, ones, zeros }) => range(ones + zeros).map(() => row));
    const labels = cells.flatMap(({ ones, zeros }) => range(ones + zeros).map((k) => (k < ones ? 1 : 0)));
    const fitted = fitLogistic(rows, labels);
    expect([...fitted.weights]).toEqual([expect.closeTo(Math.log(3), 3), expect.closeTo(-Math.log(3), 3)]);
    expect(logisticProbability(fitted, [1, 0])).toBeCloseTo(0.75, 3);
  });
});

describe('how reliable', () => {
  it.each([
    [[1, 2, 3, 4], [0, 0, 1, 1], 1],
    [[4, 3, 2, 1], [0, 0, 1, 1], 0],
    [[1, 1, 1, 1], [0, 1, 0, 1], 0.5],
    [[1, 2, 2, 3], [0, 0, 1, 1], 0.875], // of four pairs three and a half
    [[1, 2], [1, 1], 0.5],
  ])('the area under the curve of %j with %j is %d', (scores, labels, expected) => {
    expect(areaUnderCurve(scores, labels)).toBe(expected);
  });

  it('the calibration error is what probabilities miss the shares by', () => {
    expect(calibrationError([0.2, 0.2, 0.2, 0.2, 0.2, 0.9, 0.9], [0, 0, 0, 0, 1, 1, 1], 1)).toBeCloseTo(Math.abs(2.8 / 7 - 3 / 7));
    expect(calibrationError([0.2, 0.2, 0.8, 0.8], [0, 1, 1, 1], 2)).toBeCloseTo(0.25); // |.2 − .5| and |.8 − 1|, in halves
    expect(calibrationError([], [])).toBe(0);
  });

  it('folds have their share of both labels', () => {
    const labels = range(50).map((k) => (k < 10 ? 1 : 0));
    const fold = stratifiedFolds(labels, { folds: 5, seed: 1 });
    for (const f of range(5)) {
      const members = range(50).filter((k) => fold[k] === f);
      expect([members.length, members.filter((k) => labels[k] === 1).length]).toEqual([10, 2]);
    }
  });
});
