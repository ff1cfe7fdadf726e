import type { Item } from '../../../catalogue/item';
import { FusionProjector, type Fusion } from './fusion';

/**
 * Items that a fused snapshot does not know, in the rows of the item table after its own. Rows are given again: beyond `room` items the one
 * that came first goes.
 */
export class Newcomers {
  private readonly projector: FusionProjector;
  /** Row of the index → row of the table, in the order of coming. */
  private readonly places = new Map<number, number>();
  /** [room] row of the index at each place; −1: free. */
  private readonly rows: Int32Array;

  constructor(
    fusion: Fusion,
    /** [known + room × dimensions]: the snapshot's rows first. */
    private readonly table: Float32Array,
    private readonly known: number,
  ) {
    this.projector = new FusionProjector(fusion);
    this.rows = new Int32Array(table.length / fusion.dimensions - known).fill(-1);
  }

  /** How many there is room for. */
  get room(): number {
    return this.rows.length;
  }

  /** Rows of the table that newcomers have. */
  get taken(): Iterable<number> {
    return this.places.values();
  }

  /** Row of the table; undefined for an item that did not come. */
  placeOf(row: number): number | undefined {
    return this.places.get(row);
  }

  /** Row of the index of the newcomer at a row of the table. */
  rowAt(place: number): number {
    return this.rows[place - this.known]!;
  }

  /** Places an item, or places it anew; one that has none of the modalities that were learnt goes. */
  put(row: number, item: Item): void {
    const vector = this.projector.project(item);
    if (vector === undefined || this.room === 0) return this.remove(row);
    const place = this.places.get(row) ?? this.freePlace();
    this.places.set(row, place);
    this.rows[place - this.known] = row;
    this.table.set(vector, place * vector.length);
  }

  remove(row: number): void {
    const place = this.places.get(row);
    if (place === undefined) return;
    this.places.delete(row);
    this.rows[place - this.known] = -1;
  }

  private freePlace(): number {
    if (this.places.size === this.room) {
      const [first] = this.places.keys();
      this.remove(first!);
    }
    return this.known + this.rows.indexOf(-1);
  }
}
