import { SparseScores } from '../../src/models/sparse-scores';
import { addTop, TopK, topRows } from '../../src/models/top-k';
import { seededRandom } from '../../src/platform/random';

/** Scores drawn from few values, so that ties are many. */
function randomScores(size: number, seed: number): SparseScores {
  const random = seededRandom(seed);
  const scores = new SparseScores();
  for (let k = 0; k < size; k++) scores.set(Math.floor(random() * 5_000), 1 + Math.floor(random() * 20));
  return scores;
}

const sorted = (scores: SparseScores): number[] => [...scores.rows].sort((a, b) => scores.get(b) - scores.get(a) || a - b);

describe('topRows', () => {
  it.each([1, 7, 100, 5_000])('gives the best %i by score, ties by lower row, as a full sort does', (limit) => {
    for (const seed of [1, 2, 3]) {
      const scores = randomScores(800, seed);
      expect(topRows(scores, limit)).toEqual(sorted(scores).slice(0, limit));
    }
  });

  it('gives nothing of nothing, and nothing for no places', () => {
    expect(topRows(new SparseScores(), 3)).toEqual([]);
    expect(topRows(randomScores(10, 1), 0)).toEqual([]);
  });
});

describe('addTop', () => {
  it.each([1, 50, 2_000])('adds the best %i with their scores', (limit) => {
    const scores = randomScores(600, 4);
    const into = new SparseScores();
    addTop(scores, into, limit);
    expect([...into.rows].sort((a, b) => a - b)).toEqual(
      sorted(scores)
        .slice(0, limit)
        .sort((a, b) => a - b),
    );
    for (const row of into.rows) expect(into.get(row)).toBe(scores.get(row));
  });

  it('leaves out what is not above 0', () => {
    const scores = new SparseScores();
    scores.set(1, 0);
    scores.set(2, -1);
    scores.set(3, 1);
    const into = new SparseScores();
    addTop(scores, into, 10);
    expect(into.rows).toEqual([3]);
    const one = new SparseScores();
    addTop(scores, one, 1);
    expect(one.rows).toEqual([3]);
  });
});

it('TopK is refused without places', () => {
  expect(() => new TopK(0)).toThrow(RangeError);
  expect(() => new TopK(1.5)).toThrow(RangeError);
});
