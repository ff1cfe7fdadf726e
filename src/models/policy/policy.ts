import { BeckonError } from '../../platform/errors';
import type { Snapshot } from '../model';
import type { Situation } from './decision';
import { parameterCount, PolicyPass } from './network';

/** Rises with every change of what is known of candidates and moments, and of the network. */
export const POLICY_LAYOUT = 1;

export interface PolicySnapshot extends Snapshot {
  /** See `PolicyWeights`. */
  readonly hidden: number;
  readonly prior: number;
  readonly parameters: Float64Array;
  /** See `ValueBaseline`. */
  readonly baseline: Float64Array;
  /** Lists that it learnt from. */
  readonly decisions: number;
}

/** A snapshot ready to fill lists from the candidates of a blend. Deterministic; one for a worker, as it reuses memory: one list at a time. */
export class PolicyScorer {
  private readonly pass: PolicyPass;

  /** @throws BeckonError INTERNAL when the numbers do not fit each other. */
  constructor(snapshot: PolicySnapshot) {
    const { hidden, prior, parameters } = snapshot;
    if (parameters?.length !== parameterCount(hidden))
      throw new BeckonError('INTERNAL', `snapshot refused: ${parameters?.length} parameters do not make ${hidden} units of the policy`);
    this.pass = new PolicyPass({ hidden, prior, parameters });
  }

  /** Begins a list, of which no place is filled. The list before ends. */
  begin(situation: Situation): PolicyList {
    this.pass.forward(situation);
    return this.pass;
  }
}

/** A list that a policy fills. */
export interface PolicyList {
  /** How much a candidate is wanted at the next place, given the list so far; −∞: it is on the list. The softmax of these is its chance. */
  logit(candidate: number): number;
  /** Puts a candidate on the list. */
  place(candidate: number): void;
}
