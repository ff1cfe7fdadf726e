/**
 * Scores of some rows out of many: a dense accumulator plus the list of rows touched, so that a query costs what it
 * touches, not what the catalogue holds. Reused between queries by `clear`. Never shared between concurrent queries.
 */
export class SparseScores {
  private values: Float64Array;
  private readonly marks: { array: Uint8Array };
  private readonly touchedRows: number[] = [];

  constructor(capacity = 1024) {
    this.values = new Float64Array(capacity);
    this.marks = { array: new Uint8Array(capacity) };
  }

  /** Rows with a score, in the order of their first touch. Valid until the next `clear`. */
  get rows(): readonly number[] {
    return this.touchedRows;
  }

  has(row: number): boolean {
    return this.marks.array[row] === 1;
  }

  /** 0 for a row never touched. */
  get(row: number): number {
    return this.values[row] ?? 0;
  }

  add(row: number, amount: number): void {
    if (row >= this.values.length) this.grow(row);
    if (this.marks.array[row] === 0) {
      this.marks.array[row] = 1;
      this.touchedRows.push(row);
    }
    this.values[row]! += amount;
  }

  set(row: number, value: number): void {
    this.add(row, value - this.get(row));
  }

  clear(): void {
    for (const row of this.touchedRows) {
      this.values[row] = 0;
      this.marks.array[row] = 0;
    }
    this.touchedRows.length = 0;
  }

  private grow(row: number): void {
    const capacity = Math.max(row + 1, this.values.length * 2);
    const values = new Float64Array(capacity);
    values.set(this.values);
    this.values = values;
    const marks = new Uint8Array(capacity);
    marks.set(this.marks.array);
    this.marks.array = marks;
  }
}
