/** Whether modality m is in the set, of one bit a modality. */
export const inSet = (set: number, m: number): boolean => ((set >>> m) & 1) === 1;

/** Whether `part` is within `set`. */
export const holds = (set: number, part: number): boolean => (set & part) === part;

export function bitsIn(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

/** Where the numbers of each modality stand in a row of all of them. */
export class ModalityLayout {
  readonly starts: readonly number[];
  /** Numbers in a row. */
  readonly total: number;

  constructor(readonly widths: readonly number[]) {
    this.starts = widths.map((_, m) => widths.slice(0, m).reduce((sum, width) => sum + width, 0));
    this.total = widths.reduce((sum, width) => sum + width, 0);
  }

  /** Of all modalities. */
  get whole(): number {
    return 2 ** this.widths.length - 1;
  }

  /** The columns of a set’s numbers, ascending. */
  columnsOf(set: number): number[] {
    return this.widths.flatMap((width, m) => (inSet(set, m) ? Array.from({ length: width }, (_, p) => this.starts[m]! + p) : []));
  }

  /** The modality of each column. */
  get modalityOf(): number[] {
    return this.widths.flatMap((width, m) => Array.from({ length: width }, () => m));
  }
}
