export interface Offer {
  /** The less the better. */
  readonly cost: number;
  /** The more the better. */
  readonly gain: number;
}

/** For each offer, whether no other is at least as good in both and better in one (Pareto). */
export const onFrontier = (offers: readonly Offer[]): boolean[] =>
  offers.map(
    (own) => !offers.some((other) => other.cost <= own.cost && other.gain >= own.gain && (other.cost < own.cost || other.gain > own.gain)),
  );
