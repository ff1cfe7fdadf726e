import { join } from 'node:path';
import type { NewItem } from '../../../catalogue/catalogue';
import type { Item } from '../../../catalogue/item';
import { readMovieLensUsers } from '../../../datasets/movielens-users';
import { seededRandom } from '../../../platform/random';
import { EXPOSURE_TARGETS, ExposureLedger, type ExposureTarget } from '../../../ranking/exposure-ledger';
import { providerOf, type ProviderKind } from '../../../ranking/providers';
import type { SurfaceSettingsInput } from '../../../ranking/surface-settings';
import { bootstrapDifference } from '../../bootstrap';
import type { EvaluationContext } from '../../evaluation-context';
import { ndcgAt } from '../../metrics';
import { gini } from '../../metrics/concentration';
import { openStudy } from '../../open-study';
import { PARTS } from '../../protocols';
import { short } from '../../report';
import type { Experiment, ExperimentTable } from '../experiment';
import { listSettings, PLACES, poolsOf, rerank, type Pools } from './pools';
import { mean, signedPercent } from './table-cells';
import { userGroups } from './user-groups';

const DATASET = 'ml-100k';
/** More than a surface that says nothing: what a provider is owed can be paid with an item further down, where that costs less. */
const CANDIDATES = 120;
const WEIGHTS: Readonly<Record<ExposureTarget, readonly number[]>> = {
  merit: [0, 0.03, 0.1, 0.5],
  equal: [0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.05, 0.06, 0.08],
};
/** What the Gini index is to fall to. */
const WANTED = 0.75;

/** Who provides the films: the data name no sellers, so these stand for them. */
const GROUPINGS = [
  { name: 'simulated seller', provider: 'seller', sellerOf: simulatedSeller },
  { name: 'first genre', provider: 'category', sellerOf: undefined },
  { name: 'year of release', provider: 'seller', sellerOf: (item: NewItem) => item.tags?.[0] },
] as const satisfies readonly {
  name: string;
  provider: ProviderKind;
  sellerOf: ((item: NewItem, k: number) => string | undefined) | undefined;
}[];
type Grouping = (typeof GROUPINGS)[number];

interface Knob {
  readonly target: ExposureTarget;
  readonly weight: number;
}

/** What lists came to at one knob. */
interface Outcome extends Knob {
  /** [cases] */
  readonly ndcg: Float64Array;
  /** Provider → attention over all lists. */
  readonly attention: ReadonlyMap<string, number>;
  /** Provider → target attention over all lists: relevance of candidates. */
  readonly merit: ReadonlyMap<string, number>;
  readonly gini: number;
}

interface Curve {
  readonly grouping: Grouping;
  readonly pools: Pools;
  readonly outcomes: readonly Outcome[];
}

export const exposureExperiment: Experiment = {
  name: 'exposure',
  title: 'Exposure: attention for every provider, evened out over lists',
  datasets: [DATASET],
  async run(context) {
    const study = await openStudy(DATASET, context.dataDir);
    const curves: Curve[] = [];
    for (const part of PARTS) {
      for (const protocol of study.protocols) {
        const pools = await poolsOf(study, protocol, part, context, CANDIDATES);
        for (const grouping of GROUPINGS) curves.push(curveOf(soldBy(pools, grouping, study.catalogue), grouping));
      }
    }
    const declared = new Map((await readMovieLensUsers(join(context.dataDir, DATASET))).map((user) => [user.id, user]));
    return GROUPINGS.flatMap((grouping) => {
      const own = curves.filter((curve) => curve.grouping === grouping);
      const knob = chosenKnob(own.filter(({ pools }) => pools.part === 'valid'));
      const tests = own.filter(({ pools }) => pools.part === 'test');
      return [
        curveTable(own, knob, context),
        ...tests.map((curve) => providerTable(curve, knob)),
        ...(grouping === GROUPINGS[0] ? tests.map((curve) => userTable(curve, knob, declared)) : []),
      ];
    });
  },
};

const SELLERS = 50;

/** Films dealt to 50 sellers, the k-th of whom gets about 1 / k of what the first gets, whatever the film: as sellers of one market differ in size. */
function simulatedSeller({ id }: NewItem): string {
  const sizes = Array.from({ length: SELLERS }, (_, k) => 1 / (k + 1));
  let draw = seededRandom(textSeed(id))() * sizes.reduce((sum, size) => sum + size, 0);
  return `seller ${sizes.findIndex((size) => (draw -= size) < 0) + 1}`;
}

const textSeed = (text: string): number => [...text].reduce((seed, character) => (31 * seed + character.charCodeAt(0)) % 2 ** 31, 7);

/** The pools, their films sold by whom the grouping says. */
function soldBy(pools: Pools, { sellerOf }: Grouping, catalogue: readonly NewItem[]): Pools {
  if (sellerOf === undefined) return pools;
  const sellers = new Map(catalogue.map((item) => [item.id, sellerOf(item)]));
  const sold = new Map<string, Item>();
  for (const item of pools.catalogue.values()) {
    const sellerId = sellers.get(item.id);
    sold.set(item.id, sellerId === undefined ? item : { ...item, sellerId });
  }
  return {
    ...pools,
    catalogue: { get: (id) => sold.get(id), size: sold.size, values: () => sold.values() },
    pools: pools.pools.map(({ asked, candidates }) => ({
      asked,
      candidates: candidates.map((candidate) => ({ ...candidate, item: sold.get(candidate.item.id) ?? candidate.item })),
    })),
  };
}

function curveOf(pools: Pools, grouping: Grouping): Curve {
  const knobs = EXPOSURE_TARGETS.flatMap((target) => WEIGHTS[target].map((weight) => ({ target, weight })));
  return { grouping, pools, outcomes: knobs.map((knob) => outcomeOf(pools, grouping, knob)) };
}

/** Every case's list in their order, each after what those before gave: nothing fades within the run. */
function outcomeOf(pools: Pools, { provider }: Grouping, { target, weight }: Knob): Outcome {
  const exposure: SurfaceSettingsInput['exposure'] = { weight, target, provider };
  const settings = listSettings({ exposure, candidates: CANDIDATES });
  const ledger = new ExposureLedger({ target, halfLifeMs: Infinity });
  const attention = new Map([...pools.catalogue.values()].flatMap((item) => [[providerOf(item, provider) ?? '', 0] as [string, number]]));
  attention.delete('');
  const merit = new Map(attention);
  const ndcg = Float64Array.from(pools.pools, (pool) => {
    const list = rerank(pool, settings, pools, ledger);
    ledger.record(list.exposure, 0);
    for (const [name, share] of list.exposure.attention) attention.set(name, attention.get(name)! + share);
    for (const [name, share] of list.exposure.merit) merit.set(name, merit.get(name)! + share);
    return ndcgAt(list.rank, PLACES);
  });
  return { target, weight, ndcg, attention, merit, gini: gini([...attention.values()]) };
}

const same =
  (knob: Knob) =>
  (other: Knob): boolean =>
    knob.weight === other.weight && (knob.weight === 0 || knob.target === other.target);

/** Of the knobs that take a quarter off the Gini index on every validation part, the one that keeps most NDCG@10 there; else the strongest. */
function chosenKnob(valid: readonly Curve[]): Knob {
  const of = ({ outcomes }: Curve, knob: Knob): Outcome => outcomes.find(same(knob))!;
  const kept = (knob: Knob): number => mean(valid.map((curve) => mean(of(curve, knob).ndcg) / mean(curve.outcomes[0]!.ndcg)));
  const fair = valid[0]!.outcomes.filter((knob) => valid.every((curve) => of(curve, knob).gini <= WANTED * curve.outcomes[0]!.gini));
  const strongest = valid[0]!.outcomes.at(-1)!;
  return (
    fair.reduce<Knob | undefined>((best, knob) => (best === undefined || kept(knob) > kept(best) ? knob : best), undefined) ?? strongest
  );
}

function curveTable(curves: readonly Curve[], chosen: Knob, { seed }: EvaluationContext): ExperimentTable {
  const { grouping } = curves[0]!;
  const rows = curves.flatMap(({ pools, outcomes }) =>
    outcomes.map((outcome): string[] => {
      const base = outcomes[0]!;
      const users = Int32Array.from(pools.pools, ({ asked }) => asked.user);
      const { low, high } = bootstrapDifference(outcome.ndcg, base.ndcg, users, { seed });
      const change = (value: number): string => signedPercent(value / mean(base.ndcg));
      const knob = outcome.weight === 0 ? '0' : `${outcome.weight}, ${outcome.target}`;
      return [
        `${pools.protocol}, ${pools.part === 'valid' ? 'validation' : 'test'}`,
        same(chosen)(outcome) ? `**${knob}**` : knob,
        short(mean(outcome.ndcg)),
        outcome.weight === 0 ? '' : `${change(mean(outcome.ndcg) - mean(base.ndcg))} (${change(low)} to ${change(high)})`,
        short(outcome.gini),
        outcome.weight === 0 ? '' : signedPercent(outcome.gini / base.gini - 1),
      ];
    }),
  );
  return {
    text:
      `Providers: ${grouping.name} of the film (${DATASET} names no sellers${grouping === GROUPINGS[0] ? ': films are dealt to 50 by their ids, the k-th gets about 1 / k of what the first gets' : ''}). Lists of ${PLACES} out of the ${CANDIDATES} best candidates of the full hybrid, one after the other, by \`exposure.weight\` and ` +
      '`exposure.target` of a surface, without other re-ranking. Gini: of the attention (the k-th place counts 1 / log₂(k + 1)) that all lists together gave each provider of the catalogue, ' +
      'those that got none included. Wanted: a quarter less for at most 3 % of NDCG@10. In bold: of the knobs that take off a quarter on the validation parts of both protocols, the one that keeps most NDCG@10 there; ' +
      'where none does, the strongest. The fourth attempt on whole runs, and about fifty variants of re-ranking on validation parts (an earlier run printed the test parts too): with relevance as it is, a quarter cost 4–5 % (genres) and more; with r⁵ in place of it and 60 candidates, 1.6 % (sellers), 4.4 % (genres) and 6.1 % (years) on the validation part of global-time; now relevance counts as a chance, the excess of the largest providers is told apart, and 120 candidates compete.',
    columns: ['protocol', 'weight, target', 'NDCG@10', 'change (95 %)', 'Gini', 'change'],
    rows,
  };
}

const MOST_SHOWN = 18;

function providerTable({ grouping, pools, outcomes }: Curve, chosen: Knob): ExperimentTable {
  const [before, after] = [outcomes[0]!, outcomes.find(same(chosen))!];
  const share = (of: ReadonlyMap<string, number>, name: string): number =>
    of.get(name)! / [...of.values()].reduce((sum, value) => sum + value, 0);
  const names = [...before.attention.keys()].sort((a, b) => before.attention.get(b)! - before.attention.get(a)!);
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const items = new Map<string, number>();
  for (const item of pools.catalogue.values()) {
    const name = providerOf(item, grouping.provider);
    if (name !== undefined) items.set(name, (items.get(name) ?? 0) + 1);
  }
  return {
    text:
      `By provider (${grouping.name}), ${pools.protocol}, test part, at ${chosen.weight}, ${chosen.target}: share of the attention, beside the share of the candidates’ relevance.` +
      (names.length > MOST_SHOWN ? ` The ${MOST_SHOWN} of ${names.length} that had most.` : ''),
    columns: ['provider', 'items', 'relevance of candidates', 'attention without', 'with'],
    rows: names
      .slice(0, MOST_SHOWN)
      .map((name) => [
        name,
        String(items.get(name)!),
        percent(share(before.merit, name)),
        percent(share(before.attention, name)),
        percent(share(after.attention, name)),
      ]),
  };
}

function userTable({ pools, outcomes }: Curve, chosen: Knob, declared: Parameters<typeof userGroups>[1]): ExperimentTable {
  const [before, after] = [outcomes[0]!, outcomes.find(same(chosen))!];
  const rows = userGroups(pools, declared).map(({ name, cases }): string[] => {
    const of = (values: Float64Array): number => mean(cases.map((k) => values[k]!));
    return [name, String(cases.length), short(of(before.ndcg)), short(of(after.ndcg)), signedPercent(of(after.ndcg) / of(before.ndcg) - 1)];
  });
  return {
    text: `By user group, ${pools.protocol}, test part, at ${chosen.weight}, ${chosen.target}: who pays for it.`,
    columns: ['users', 'cases', 'NDCG@10 without', 'with', 'change'],
    rows,
  };
}
