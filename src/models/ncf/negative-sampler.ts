import type { Random } from '../../platform/random';

/** Cells of the table that non-uniform draws look into: a share of a cell more or less is no matter. */
const CELLS = 1 << 20;

/** Draws items in proportion to count^exponent (Mikolov et al., NIPS 2013, §2.2); exponent 0: uniformly. */
export class NegativeSampler {
  readonly items: number;
  /** [items]: log of how much more often an item is drawn than uniformly; what the logit of a sample is raised by in the loss. */
  readonly correction: Float32Array;
  private readonly cells: Int32Array | undefined;

  constructor(
    counts: ArrayLike<number>,
    exponent: number,
    private readonly random: Random,
  ) {
    this.items = counts.length;
    this.correction = new Float32Array(counts.length);
    if (exponent === 0 || counts.length === 0) return;
    const weights = Float64Array.from(counts, (count) => Math.max(1, count) ** exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, item) => (this.correction[item] = -Math.log((weight * counts.length) / total)));
    this.cells = new Int32Array(CELLS);
    let item = 0;
    let upTo = weights[0]!;
    for (let cell = 0; cell < CELLS; cell++) {
      while (item < counts.length - 1 && ((cell + 0.5) * total) / CELLS > upTo) upTo += weights[++item]!;
      this.cells[cell] = item;
    }
  }

  draw(): number {
    const { cells } = this;
    return cells === undefined ? Math.floor(this.random() * this.items) : cells[Math.floor(this.random() * CELLS)]!;
  }
}
