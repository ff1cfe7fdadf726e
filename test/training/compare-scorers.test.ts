import type { EvaluationCase } from '../../src/evaluation/protocols';
import type { ScoringQuery } from '../../src/models/model';
import { SparseScores } from '../../src/models/sparse-scores';
import { compareScorers, ndcgOfCases, type ScoreCases } from '../../src/training/compare-scorers';

const CANDIDATES = 20;
/** Case u: user u had item 0; item u + 1 is right. */
const cases: EvaluationCase[] = Array.from({ length: 10 }, (_, user) => ({
  user,
  query: { history: [{ row: 0, weight: 1, at: user }], seen: [0], now: user },
  targets: [user + 1],
  excluded: [0],
}));
/** Scores the given rows, best first, for the query of each user. */
function scoring(rowsOf: (user: number) => readonly number[]): ScoreCases {
  const scores = new SparseScores();
  return ({ now: user }: ScoringQuery) => {
    scores.clear();
    rowsOf(user).forEach((row, rank) => scores.set(row, 100 - rank));
    return scores;
  };
}
const right = scoring((user) => [user + 1]);
const second = scoring((user) => [0, user + 2, user + 1]); // item 0 was had and does not count
const wrong = scoring((user) => Array.from({ length: 11 }, (_, k) => (user + 2 + k) % CANDIDATES));

it('ndcgOfCases is 1 at the top, 1 / log2(3) at the second place, 0 below the tenth', () => {
  expect([...ndcgOfCases(right, cases, CANDIDATES)]).toEqual(new Array(10).fill(1));
  expect(ndcgOfCases(second, cases, CANDIDATES)[3]).toBeCloseTo(1 / Math.log2(3), 12);
  expect([...ndcgOfCases(wrong, cases, CANDIDATES)]).toEqual(new Array(10).fill(0));
});

describe('compareScorers', () => {
  const compare = (fresh: ScoreCases, live: ScoreCases) => compareScorers({ fresh, live, against: 'v1', cases, candidates: CANDIDATES });

  it('rejects what is worse with confidence', () => {
    const check = compare(second, right);
    const loss = 1 / Math.log2(3) - 1;
    expect(check).toMatchObject({ decision: 'rejected', against: 'v1', cases: 10, ndcgLive: 1 });
    for (const figure of [check.difference, check.low, check.high]) expect(figure).toBeCloseTo(loss, 12);
  });

  it('accepts what is better, and what is the same', () => {
    expect(compare(right, wrong)).toMatchObject({ decision: 'accepted', ndcgNew: 1, ndcgLive: 0, difference: 1, low: 1, high: 1 });
    expect(compare(second, second)).toMatchObject({ decision: 'accepted', difference: 0, low: 0, high: 0 });
  });

  it('accepts what is worse by chance: the interval reaches above zero', () => {
    const mixed = scoring((user) => (user < 4 ? [user + 1] : [user + 2, user + 1]));
    const other = scoring((user) => (user >= 3 ? [user + 1] : [user + 2, user + 1]));
    const check = compare(mixed, other);
    expect(check.difference).toBeLessThan(0);
    expect(check).toMatchObject({ decision: 'accepted' });
    expect(check.high).toBeGreaterThanOrEqual(0);
    expect(compare(mixed, other)).toEqual(check);
  });
});
