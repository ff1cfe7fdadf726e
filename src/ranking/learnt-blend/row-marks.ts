/** Marks rows for the length of a call, so that it can ask of a row without searching. Reuses its memory: not for calls within calls. */
export class RowMarks {
  private marks = new Uint8Array(1024);

  /** Calls `use` with an array that holds 1 at each of these rows, and 0 or nothing elsewhere. */
  with(rows: readonly number[], use: (marks: Uint8Array) => void): void {
    const largest = rows.reduce((most, row) => Math.max(most, row), 0);
    if (largest >= this.marks.length) this.marks = new Uint8Array(2 * largest);
    for (const row of rows) this.marks[row] = 1;
    use(this.marks);
    for (const row of rows) this.marks[row] = 0;
  }
}
