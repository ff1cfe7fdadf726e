import { BANDIT_ITEMS, BANDIT_POSITIONS, readImpressions, type BanditPolicy, type LoggedImpression } from '../../datasets/open-bandit';
import { readAll } from '../../datasets/read-table';
import { marginalPolicy, uniformPolicy, type ActionLog } from './action-log';
import { evaluateLoggingPolicy, evaluatePolicy, type OffPolicyResult } from './evaluate-policy';

/** Impressions as a log of choices: the item is the action, the position the slot, a click the reward. */
export const toActionLog = (impressions: readonly LoggedImpression[]): ActionLog => ({
  actionCount: BANDIT_ITEMS,
  slotCount: BANDIT_POSITIONS,
  actions: Int32Array.from(impressions, ({ item }) => item),
  slots: Int32Array.from(impressions, ({ position }) => position),
  rewards: Float64Array.from(impressions, ({ clicked }) => Number(clicked)),
  propensities: Float64Array.from(impressions, ({ propensity }) => propensity),
});

/**
 * Click rates of the logged policies and what each log says of another policy.
 *
 * - `random` from the `bts` log: exact weights, since the uniform policy's chances are known and those of the logged actions are in the log; the right answer
 *   is the click rate of the `random` log.
 * - `bts` from the `random` log *cannot* be estimated: that needs the chance with which Thompson sampling would have chosen the item that
 *   was shown at random at that moment, and the log has its chances for its own choices only, which change from hour to hour. What can be:
 *   `bts-marginal`, the policy that shows each item at each position as often as `bts` did over all. Its value is that of `bts` less what
 *   following the moment is worth; the click rate of the `bts` log is no right answer for it but a neighbour.
 *
 * @throws BeckonError BAD_INPUT, field `file`.
 */
export async function evaluateOffPolicy(dir: string, seed: number): Promise<OffPolicyResult[]> {
  const read = async (logged: BanditPolicy): Promise<{ readonly log: ActionLog; readonly logged: BanditPolicy }> => ({
    log: toActionLog((await readAll(readImpressions(dir, logged))).records),
    logged,
  });
  const random = await read('random');
  const bts = await read('bts');
  return [
    evaluateLoggingPolicy(random, seed),
    evaluateLoggingPolicy(bts, seed),
    ...evaluatePolicy(bts, { name: 'random', policy: uniformPolicy(bts.log) }, seed),
    ...evaluatePolicy(random, { name: 'bts-marginal', policy: marginalPolicy(bts.log, random.log) }, seed),
  ];
}
