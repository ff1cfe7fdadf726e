import { join } from 'node:path';
import type { NewItem } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import type { BehaviourRow } from './behaviour-mapping';
import { optionalNumber, optionalText, requireText, requireTime, type SourceRecord } from './field-values';
import { readCsv } from './read-csv';
import type { ReadOptions } from './read-lines';
import { mapRows, RowError, type Row } from './row';

/** What chose the items: at random, or Bernoulli Thompson sampling. */
export const BANDIT_POLICIES = ['random', 'bts'] as const;
export type BanditPolicy = (typeof BANDIT_POLICIES)[number];

/** Every log chooses among items 0 … 33 for places 0 … 2. */
export const BANDIT_ITEMS = 34;
export const BANDIT_POSITIONS = 3;

/** One item shown to somebody, and what came of it. */
export interface LoggedImpression {
  readonly at: EpochMs;
  /** 0 … 33. */
  readonly item: number;
  /** Place on the page, 0 … 2; the file counts from 1. */
  readonly position: number;
  readonly clicked: boolean;
  /** The chance, in (0, 1], with which the policy chose this item here; those of the other items are not logged. */
  readonly propensity: number;
  /** Four hashed features of the user. */
  readonly userFeatures: readonly string[];
  /** [34] how the user's past clicks speak for each item, ≥ 0: from 0 up to about the number of clicks. */
  readonly affinities: readonly number[];
}

/** The impressions logged under one policy, by time. @throws BeckonError BAD_INPUT, field `file`. */
export const readImpressions = (
  dir: string,
  policy: BanditPolicy,
  options?: ReadOptions,
): AsyncGenerator<Row<LoggedImpression>, void, undefined> => mapRows(readCsv(join(dir, `${policy}.csv.gz`), options), toImpression);

function toImpression(record: SourceRecord): LoggedImpression {
  const propensity = numberIn(record, 'propensity_score', 0, 1);
  if (propensity === 0) throw new RowError('propensity_score: must be above 0: what was shown could be chosen');
  return {
    at: requireTime(record, 'timestamp'),
    item: integerIn(record, 'item_id', 0, BANDIT_ITEMS - 1),
    position: integerIn(record, 'position', 1, BANDIT_POSITIONS) - 1,
    clicked: integerIn(record, 'click', 0, 1) === 1,
    propensity,
    userFeatures: [0, 1, 2, 3].map((k) => requireText(record, `user_feature_${k}`)),
    affinities: Array.from({ length: BANDIT_ITEMS }, (_, item) => numberIn(record, `user-item_affinity_${item}`, 0, Infinity)),
  };
}

function numberIn(record: SourceRecord, path: string, lowest: number, highest: number): number {
  const number = optionalNumber(record, path);
  if (number === undefined) throw new RowError(`${path}: is missing`);
  if (number < lowest || number > highest) throw new RowError(`${path}: ${number} is not from ${lowest} to ${highest}`);
  return number;
}

function integerIn(record: SourceRecord, path: string, lowest: number, highest: number): number {
  const number = numberIn(record, path, lowest, highest);
  if (!Number.isInteger(number)) throw new RowError(`${path}: ${number} is not a whole number`);
  return number;
}

/**
 * The uniformly random log as behaviours: a `click` where it was clicked, else an `impression`. The data name no users: people with the same four
 * hashed features are one, a segment of 1 to some hundred impressions.
 */
export const readBanditBehaviours = (dir: string, options?: ReadOptions): AsyncGenerator<Row<BehaviourRow>, void, undefined> =>
  mapRows(readImpressions(dir, 'random', options), ({ userFeatures, item, clicked, at }) => ({
    userId: `segment-${userFeatures.map((feature) => feature.slice(0, 8)).join('-')}`,
    itemId: String(item),
    type: clicked ? 'click' : 'impression',
    at,
  }));

/** The 34 items. Their features are hashed, so they have no titles but numbers; those that can be compared are tags, `feature-<k>-<hash>`. */
export const readBanditItems = (dir: string, options?: ReadOptions): AsyncGenerator<Row<NewItem>, void, undefined> =>
  mapRows(readCsv(join(dir, 'item_context.csv.gz'), options), (record) => {
    const id = String(integerIn(record, 'item_id', 0, BANDIT_ITEMS - 1));
    const tags = [1, 2, 3].flatMap((k) => {
      const hash = optionalText(record, `item_feature_${k}`);
      return hash === undefined ? [] : [`feature-${k}-${hash}`];
    });
    return { id, title: `Item ${id}`, categories: [], tags };
  });
