/** Choices that a policy made and what came of each, as columns of one length. */
export interface ActionLog {
  /** Actions are 0 … actionCount − 1. */
  readonly actionCount: number;
  /** Kinds of place where a choice is made, 0 … slotCount − 1, e.g. positions on a page; 1 where there is but one. */
  readonly slotCount: number;
  readonly actions: Int32Array;
  readonly slots: Int32Array;
  /** E.g. 1 for a click. */
  readonly rewards: Float64Array;
  /** The chance in (0, 1] with which the logging policy took the action that it took. */
  readonly propensities: Float64Array;
  /** What is resampled as a whole, e.g. the user of each choice. Absent: each choice alone. */
  readonly groups?: Int32Array;
}

/** [actionCount] the chance of each action under a policy, in the situation of the k-th choice; sums to 1. It may depend on all but the reward and the action taken. */
export type TargetPolicy = (k: number) => ArrayLike<number>;

/** Every action alike. */
export function uniformPolicy({ actionCount }: ActionLog): TargetPolicy {
  const chances = new Float64Array(actionCount).fill(1 / actionCount);
  return () => chances;
}

/**
 * The policy that takes each action as often as `source` took it in the same slot, whatever else the situation is: the average behaviour of the policy that
 * wrote it, without what it knew of the moment. For the choices of `log`, which has the same actions and slots. A slot that `source` never
 * had: every action alike.
 */
export function marginalPolicy(source: ActionLog, log: ActionLog): TargetPolicy {
  const bySlot = Array.from({ length: source.slotCount }, () => new Float64Array(source.actionCount));
  for (let k = 0; k < source.actions.length; k++) bySlot[source.slots[k]!]![source.actions[k]!]!++;
  const chances = bySlot.map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (total === 0 ? 1 / counts.length : count / total));
  });
  return (k) => chances[log.slots[k]!]!;
}
