import { existsSync } from 'node:fs';
import { DEFAULT_DATA_DIR } from '../../src/datasets/dataset';
import { evaluateDataset } from '../../src/evaluation/evaluate-dataset';
import { rankCases } from '../../src/evaluation/evaluate-split';
import type { EvaluationContext } from '../../src/evaluation/evaluation-context';
import { ndcgAt } from '../../src/evaluation/metrics';
import { fitModels, nextItemSplits, readNextItemData, type NextItemData } from '../../src/evaluation/next-item-suite';
import { noProgress } from '../../src/evaluation/progress';
import type { Split } from '../../src/evaluation/protocols';
import { hybridRanker } from '../../src/evaluation/rankers';
import { systemClock } from '../../src/platform/clock';
import { BeckonError } from '../../src/platform/errors';
import { DEFAULT_BLEND } from '../../src/ranking/default-blend';

const context: EvaluationContext = { dataDir: DEFAULT_DATA_DIR, seed: 1, clock: systemClock, progress: noProgress };

const present = existsSync(DEFAULT_DATA_DIR);
if (!present) process.stderr.write(`left out: figures on real data, because ${DEFAULT_DATA_DIR} is not there\n`);
/** Registers a test where the data sets are. */
const onRealData = (name: string, test: () => Promise<void>): void => {
  if (present) it(name, test, 180_000);
};

onRealData('session-knn agrees with Serenade on its toy data, and is better with parameters chosen on validation', async () => {
  const { results } = await evaluateDataset('serenade-toy', context);
  const reciprocalRank = (protocol: string): number | undefined =>
    results.find((result) => result.protocol === protocol && result.model === 'session-knn' && result.metric === 'mrr@20')?.value;
  expect(reciprocalRank('session-prefixes')).toBeGreaterThanOrEqual(0.3255);
  expect(reciprocalRank('session-prefixes')).toBeLessThanOrEqual(0.329);
  expect(reciprocalRank('session-prefixes-tuned')).toBeGreaterThanOrEqual(0.335);
  expect(results.find(({ model, metric }) => model === 'popular' && metric === 'mrr@20')?.value).toBeCloseTo(0.0022, 4);
});

onRealData('the hybrid as it serves reaches its marks on ml-100k', async () => {
  const { table, catalogue } = await readNextItemData('ml-100k', context);
  const [globalTime, lastOut] = nextItemSplits(table, 'test');
  expect([globalTime!.caseCount, lastOut!.caseCount]).toEqual([9924, 943]);
  expect(await meanNdcg(thinned(globalTime!, 10), catalogue)).toBeGreaterThanOrEqual(0.105);
  expect(await meanNdcg(lastOut!, catalogue)).toBeGreaterThanOrEqual(0.112);
});

async function meanNdcg(split: Split, catalogue: NextItemData['catalogue']): Promise<number> {
  const { ranks } = rankCases(split, [hybridRanker(await fitModels(split, catalogue, context), DEFAULT_BLEND)], 10).rankers[0]!;
  return ranks.reduce((sum, rank) => sum + ndcgAt(rank, 10), 0) / ranks.length;
}

/** Every n-th case: what a test has the time for. `npm run evaluate` asks all. */
function thinned(split: Split, n: number): Split {
  const cases = [...split.cases()].filter((_, k) => k % n === 0);
  return { ...split, cases: () => cases, caseCount: cases.length };
}

it('says which data sets have a protocol', async () => {
  await expect(evaluateDataset('nowhere', context)).rejects.toThrow(BeckonError);
  await expect(evaluateDataset('nowhere', context)).rejects.toThrow('"nowhere" has no protocol here; there are ml-100k, serenade-toy');
});
