import type { ItemIndex } from '../item-index';

/**
 * The best items by a key that only ever rises, kept in order: best first, ties by item id ascending. Since no key
 * falls, an item outside the list can enter only when its own key is raised, so the list is exact without a scan.
 */
export class TopList {
  readonly rows: number[] = [];
  readonly keys: number[] = [];
  /** Places of the rows that are in the list. */
  private readonly places = new Map<number, number>();

  constructor(
    private readonly longest: number,
    private readonly index: ItemIndex,
  ) {}

  get size(): number {
    return this.rows.length;
  }

  /** Sets the key of a row, which must not be lower than before; −Infinity: not in the list. */
  raise(row: number, key: number): void {
    if (key === -Infinity) return;
    let at = this.places.get(row);
    if (at === undefined) {
      if (this.size < this.longest) at = this.size;
      else if (this.isBehind(this.size - 1, row, key)) at = this.size - 1;
      else return;
      if (at < this.size) this.places.delete(this.rows[at]!);
    }
    while (at > 0 && this.isBehind(at - 1, row, key)) {
      this.place(at, this.rows[at - 1]!, this.keys[at - 1]!);
      at--;
    }
    this.place(at, row, key);
  }

  private isBehind(at: number, row: number, key: number): boolean {
    const other = this.keys[at]!;
    return other < key || (other === key && this.index.idAt(this.rows[at]!) > this.index.idAt(row));
  }

  private place(at: number, row: number, key: number): void {
    this.rows[at] = row;
    this.keys[at] = key;
    this.places.set(row, at);
  }
}
