/** Item id ↔ dense row, append-only: a row never changes its item. */
export class ItemIndex {
  private readonly ids: string[] = [];
  private readonly rows = new Map<string, number>();

  get size(): number {
    return this.ids.length;
  }

  /** The row of an item, given a new one if it has none yet. */
  intern(id: string): number {
    const known = this.rows.get(id);
    if (known !== undefined) return known;
    const row = this.ids.length;
    this.ids.push(id);
    this.rows.set(id, row);
    return row;
  }

  rowOf(id: string): number | undefined {
    return this.rows.get(id);
  }

  /** @throws RangeError for a row that was never given out. */
  idAt(row: number): string {
    const id = this.ids[row];
    if (id === undefined) throw new RangeError(`row ${row} of ${this.ids.length}`);
    return id;
  }
}
