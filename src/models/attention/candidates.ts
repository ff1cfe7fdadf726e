import type { Random } from '../../platform/random';
import type { Batch } from './sequences';

/** The items that a batch is told apart from each other by. */
export interface Candidates {
  /** Distinct items. */
  readonly items: Int32Array;
  /** [rows of the batch] which of `items` is right; −1 for padding. */
  readonly right: Int32Array;
  /** [items.length] how likely each was to be among them, in (0, 1]; absent when they are all items there are. */
  readonly inclusion?: Float32Array;
  /** [items.length] 1 for what was drawn as a negative, 0 for what is there only because it is right somewhere; absent: all are 1. */
  readonly drawn?: Float32Array;
}

/** Draws candidates for batches: all items when they are no more than `negatives`, else that many, uniformly, and those that are right. */
export class CandidateSampler {
  private readonly all: Int32Array;
  private readonly frequency: Float64Array;
  /** [items] 1 + the item's place among the candidates being drawn; 0: not yet among them. */
  private readonly placeOf: Int32Array;

  /** @param items of the sequences, in any order: how often each is right somewhere. */
  constructor(
    count: number,
    items: ArrayLike<number>,
    private readonly negatives: number,
    private readonly random: Random,
  ) {
    this.all = Int32Array.from({ length: count }, (_, item) => item);
    this.frequency = new Float64Array(count);
    for (let k = 0; k < items.length; k++) this.frequency[items[k]!]! += 1 / items.length;
    this.placeOf = new Int32Array(count);
  }

  draw({ targets }: Batch): Candidates {
    const count = this.all.length;
    if (count <= this.negatives) return { items: this.all, right: targets };
    const { placeOf } = this;
    const items: number[] = [];
    const add = (item: number): void => {
      if (placeOf[item] === 0) placeOf[item] = items.push(item);
    };
    while (items.length < this.negatives) add(Math.floor(this.random() * count));
    for (const target of targets) if (target >= 0) add(target);
    const right = Int32Array.from(targets, (target) => (target < 0 ? -1 : placeOf[target]! - 1));
    for (const item of items) placeOf[item] = 0;
    return {
      items: Int32Array.from(items),
      right,
      inclusion: this.inclusionOf(items, right),
      drawn: Float32Array.from(items, (_, k) => (k < this.negatives ? 1 : 0)),
    };
  }

  /** 1 − (not drawn) · (not right in any of the rows). */
  private inclusionOf(items: readonly number[], right: Int32Array): Float32Array {
    let rows = 0;
    for (const candidate of right) if (candidate >= 0) rows++;
    const notDrawn = 1 - this.negatives / this.all.length;
    return Float32Array.from(items, (item) => 1 - notDrawn * (1 - this.frequency[item]!) ** rows);
  }
}
