export interface PolicyOptions {
  /** Units of the hidden layer. */
  readonly hidden: number;
  /** What a relevance of 1 is worth in logits before anything is learnt. */
  readonly prior: number;
  readonly epochs: number;
  /** Lists to a step. */
  readonly batch: number;
  readonly learningRate: number;
  /** Largest importance weight. */
  readonly cap: number;
  /** K of the top-K correction; 0: the length of the list. 1: no correction. */
  readonly topK: number;
  /** What is kept of a reward for each list that lies between. */
  readonly discount: number;
  /** Rewards by what the user does with an item of the list … */
  readonly click: number;
  readonly cart: number;
  readonly purchase: number;
  /** … and with the session that the list was the last of: coming back within `returnMs`, or leaving a list without taking anything of it. */
  readonly return: number;
  readonly quit: number;
  readonly returnMs: number;
  readonly seed: number;
}

export const POLICY_DEFAULTS: PolicyOptions = {
  hidden: 12,
  prior: 6,
  epochs: 12,
  batch: 64,
  learningRate: 0.01,
  cap: 8,
  topK: 0,
  discount: 0.9,
  click: 1,
  cart: 2,
  purchase: 5,
  return: 2,
  quit: -1,
  returnMs: 3 * 86_400_000,
  seed: 1,
};
