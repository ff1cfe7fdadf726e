import { join } from 'node:path';
import { readMovieLensUsers } from '../../../datasets/movielens-users';
import { bootstrapDifference } from '../../bootstrap';
import type { EvaluationContext } from '../../evaluation-context';
import { calibrationDivergence } from '../../metrics/calibration';
import { intraListDiversity } from '../../metrics/intra-list-diversity';
import { rowCategories } from '../../metrics/row-categories';
import { ndcgAt } from '../../metrics';
import { openStudy } from '../../open-study';
import { PARTS } from '../../protocols';
import { short } from '../../report';
import type { Experiment, ExperimentTable } from '../experiment';
import { listSettings, PLACES, poolsOf, rerank, type Pools } from './pools';
import { mean, signedPercent } from './table-cells';
import { userGroups } from './user-groups';

const DATASET = 'ml-100k';
const WEIGHTS = [0, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.85, 1] as const;
/** What the mean divergence is to fall to. */
const WANTED = 0.5;

/** What each case came to at one weight: [cases]. */
interface Outcome {
  readonly weight: number;
  readonly ndcg: Float64Array;
  /** NaN: the history has no category. */
  readonly divergence: Float64Array;
  readonly diversity: Float64Array;
}

interface Curve {
  readonly pools: Pools;
  readonly outcomes: readonly Outcome[];
}

export const calibrationExperiment: Experiment = {
  name: 'calibration',
  title: 'Calibration: lists that keep to the categories of the history',
  datasets: [DATASET],
  async run(context) {
    const study = await openStudy(DATASET, context.dataDir);
    const curves: Curve[] = [];
    for (const part of PARTS)
      for (const protocol of study.protocols) curves.push(curveOf(await poolsOf(study, protocol, part, context), study.catalogue));
    const users = await readMovieLensUsers(join(context.dataDir, DATASET));
    const chosen = chosenWeight(curves.filter(({ pools }) => pools.part === 'valid'));
    const declared = new Map(users.map((user) => [user.id, user]));
    const tests = curves.filter(({ pools }) => pools.part === 'test');
    return [curveTable(curves, chosen, context), ...tests.map((curve) => groupTable(curve, chosen, declared))];
  },
};

function curveOf(pools: Pools, catalogue: Parameters<typeof rowCategories>[0]): Curve {
  const { index } = pools.split;
  const categories = rowCategories(catalogue, index);
  const outcomes = WEIGHTS.map((weight): Outcome => {
    const settings = listSettings({ calibration: { weight } });
    const [ndcg, divergence, diversity] = [0, 1, 2].map(() => new Float64Array(pools.pools.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    pools.pools.forEach((pool, k) => {
      const { items, rank } = rerank(pool, settings, pools);
      const rows = items.map(({ id }) => index.rowOf(id)!);
      ndcg[k] = ndcgAt(rank, PLACES);
      divergence[k] = calibrationDivergence(pool.asked.query.history, rows, categories) ?? NaN;
      diversity[k] = intraListDiversity(rows, categories) ?? NaN;
    });
    return { weight, ndcg, divergence, diversity };
  });
  return { pools, outcomes };
}

/** The smallest weight that brings the mean divergence to half on every validation part; the largest where none does. */
function chosenWeight(valid: readonly Curve[]): number {
  const halves = (weight: number): boolean =>
    valid.every(
      ({ outcomes }) => mean(outcomes.find((one) => one.weight === weight)!.divergence) <= WANTED * mean(outcomes[0]!.divergence),
    );
  return WEIGHTS.find(halves) ?? WEIGHTS.at(-1)!;
}

function curveTable(curves: readonly Curve[], chosen: number, { seed }: EvaluationContext): ExperimentTable {
  const rows = curves.flatMap(({ pools, outcomes }) =>
    outcomes.map(({ weight, ndcg, divergence, diversity }): string[] => {
      const base = outcomes[0]!;
      const users = Int32Array.from(pools.pools, ({ asked }) => asked.user);
      const { low, high } = bootstrapDifference(ndcg, base.ndcg, users, { seed });
      const change = (value: number): string => signedPercent(value / mean(base.ndcg));
      return [
        `${pools.protocol}, ${pools.part === 'valid' ? 'validation' : 'test'}`,
        weight === chosen ? `**${weight}**` : String(weight),
        short(mean(ndcg)),
        weight === 0 ? '' : `${change(mean(ndcg) - mean(base.ndcg))} (${change(low)} to ${change(high)})`,
        short(mean(divergence)),
        weight === 0 ? '' : signedPercent(mean(divergence) / mean(base.divergence) - 1),
        short(mean(diversity)),
      ];
    }),
  );
  return {
    text:
      `Lists of ${PLACES} out of the 60 best candidates of the full hybrid of ${DATASET}, by \`calibration.weight\` of a surface, without other re-ranking. ` +
      'Divergence: mean KL in nats between the genres of the history and of the list; lower is better. Wanted: half of it for at most 3 % of NDCG@10. ' +
      'The weight in bold is the smallest of the curve that halves it on the validation parts of both protocols; the test parts were not looked at for it. ' +
      'The second attempt: the first, which left items in the order in which they were chosen, halved it for 17–20 % of NDCG@10; since the divergence is of the set, they are now ordered by relevance.',
    columns: ['protocol', 'weight', 'NDCG@10', 'change (95 %)', 'divergence', 'change', 'diversity'],
    rows,
  };
}

function groupTable({ pools, outcomes }: Curve, chosen: number, declared: Parameters<typeof userGroups>[1]): ExperimentTable {
  const [before, after] = [outcomes[0]!, outcomes.find(({ weight }) => weight === chosen)!];
  const rows = userGroups(pools, declared).map(({ name, cases }): string[] => {
    const of = (values: Float64Array): number => mean(cases.map((k) => values[k]!));
    return [
      name,
      String(cases.length),
      short(of(before.ndcg)),
      short(of(after.ndcg)),
      signedPercent(of(after.ndcg) / of(before.ndcg) - 1),
      short(of(before.divergence)),
      short(of(after.divergence)),
    ];
  });
  return {
    text: `By user group, ${pools.protocol}, test part, at weight ${chosen}: who pays for calibration, and who was far from it.`,
    columns: ['users', 'cases', 'NDCG@10 without', 'with', 'change', 'divergence without', 'with'],
    rows,
  };
}
