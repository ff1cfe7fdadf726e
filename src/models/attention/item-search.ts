import { dot } from '../dot';
import type { Cells } from '../factor/cells';
import { TopK } from '../top-k';

/** Finds the items whose vectors have the largest dot product with a given one. Memory is reused: not for concurrent use. */
export class ItemSearch {
  private readonly cellOrder: TopK;

  /**
   * @param table [items × dimensions]
   * @param cells an inverted file over it; without centroids all items are looked at
   * @param scan items looked at at least: the cells whose centroids have the largest products, one after the other until so many
   */
  constructor(
    private readonly table: Float32Array,
    private readonly cells: Cells,
    private readonly scan: number,
  ) {
    this.cellOrder = new TopK(Math.max(1, cells.cellStart.length - 1));
  }

  /** Offers items with their products to `best`, and gives log Σ exp of the products of all items looked at. */
  offer(vector: Float64Array, best: TopK): number {
    const { cells, cellOrder, table } = this;
    const { centroids, cellStart, members } = cells;
    const dimensions = vector.length;
    const total = new LogSumExp();
    const look = (item: number): void => {
      const product = dot(table, item * dimensions, vector, 0, dimensions);
      total.add(product);
      best.offer(item, product);
    };
    if (centroids.length === 0) {
      for (let item = 0; item < table.length / dimensions; item++) look(item);
      return total.value;
    }
    cellOrder.clear();
    for (let c = 0; c < cellStart.length - 1; c++) cellOrder.offer(c, dot(centroids, c * dimensions, vector, 0, dimensions));
    cellOrder.sort();
    let looked = 0;
    for (let p = 0; p < cellOrder.size && looked < this.scan; p++) {
      const cell = cellOrder.rowAt(p);
      for (let k = cellStart[cell]!; k < cellStart[cell + 1]!; k++) look(members[k]!);
      looked += cellStart[cell + 1]! - cellStart[cell]!;
    }
    return total.value;
  }
}

/** log Σ exp of numbers as they come, without overflow. */
class LogSumExp {
  private largest = -Infinity;
  private sum = 0;

  get value(): number {
    return this.largest + Math.log(this.sum);
  }

  add(x: number): void {
    if (x <= this.largest) {
      this.sum += Math.exp(x - this.largest);
    } else {
      this.sum = this.sum * Math.exp(this.largest - x) + 1;
      this.largest = x;
    }
  }
}
