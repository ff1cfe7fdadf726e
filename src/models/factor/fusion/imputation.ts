import { bitsIn, holds, type ModalityLayout } from './modality-sets';
import { Moments, ridge, type LinearMap } from './moments';

/** How a missing modality is guessed from others: from all numbers of the modalities of `from`. */
export interface Imputer {
  /** A set of modalities, one bit each; 0: nothing could be learnt from, the guess is the mean. */
  readonly from: number;
  readonly map: LinearMap;
}

/**
 * What items say in each modality, summed by which modalities they have: from it a ridge regression from any set of modalities to another one can be
 * had without looking at the items again.
 */
export class Imputers {
  private readonly bySet = new Map<number, Moments>();

  constructor(
    private readonly layout: ModalityLayout,
    private readonly options: { readonly ridge: number; readonly fewestItems: number },
  ) {}

  /** `row`: [all numbers], zeros where the item has not got the modality; `set`: the modalities that it has. */
  add(set: number, row: Float64Array): void {
    let moments = this.bySet.get(set);
    if (moments === undefined) this.bySet.set(set, (moments = new Moments(this.layout.total)));
    moments.add(row);
  }

  /** Learns to guess `missing` from the largest part of `set` that enough items have together with it (ties: the earlier modalities). */
  learn(set: number, missing: number): Imputer {
    let from = 0;
    for (let part = 1; part <= set; part++) {
      if (holds(set, part) && bitsIn(part) > bitsIn(from) && this.countOf(part | (1 << missing)) >= this.options.fewestItems) from = part;
    }
    const rows = this.momentsOf(from | (1 << missing));
    return { from, map: ridge(rows, this.layout.columnsOf(from), this.layout.columnsOf(1 << missing), () => this.options.ridge) };
  }

  private countOf(set: number): number {
    let count = 0;
    for (const [having, { count: items }] of this.bySet) if (holds(having, set)) count += items;
    return count;
  }

  private momentsOf(set: number): Moments {
    const sum = new Moments(this.layout.total);
    for (const [having, moments] of this.bySet) if (holds(having, set)) sum.merge(moments);
    return sum;
  }
}
