import type { Csr } from './csr';

/** Rows become targets and targets rows; within a new row, old rows ascend. */
export function transpose({ indptr, targets, values }: Csr, columns: number): Csr {
  const start = new Uint32Array(columns + 1);
  for (const target of targets) start[target + 1]!++;
  for (let c = 0; c < columns; c++) start[c + 1]! += start[c]!;
  const next = start.slice();
  const rows = new Int32Array(targets.length);
  const moved = new Float32Array(targets.length);
  for (let r = 0; r < indptr.length - 1; r++) {
    for (let k = indptr[r]!; k < indptr[r + 1]!; k++) {
      const at = next[targets[k]!]!++;
      rows[at] = r;
      moved[at] = values[k]!;
    }
  }
  return { indptr: start, targets: rows, values: moved };
}
