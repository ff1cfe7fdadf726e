/** An inverted file over item vectors: items grouped into cells around centroids, so that a query looks at few of them. */
export interface Cells {
  /** [cells × dimensions]; empty when the items are few enough to look at all. */
  readonly centroids: Float32Array;
  /** [cells + 1] offsets into `members`. */
  readonly cellStart: Uint32Array;
  /** Rows of the item table, ascending within a cell. */
  readonly members: Uint32Array;
}

export const NO_CELLS: Cells = { centroids: new Float32Array(0), cellStart: new Uint32Array(1), members: new Uint32Array(0) };

/** Rounds of k-means, and vectors per centroid that it looks at: more changes recall by less than the number of probes does. */
const ROUNDS = 6;
const SAMPLE_PER_CELL = 48;

/**
 * √n cells by Lloyd's k-means on an even sample of the rows (first centroids: evenly spaced rows of it). Deterministic.
 * Every row is then put into the cell of its nearest centroid: O(n^1.5 · dimensions), once a fit.
 */
export function makeCells(table: Float32Array, dimensions: number): Cells {
  const rows = table.length / dimensions;
  const cells = Math.max(1, Math.round(Math.sqrt(rows)));
  const sampled = Math.min(rows, cells * SAMPLE_PER_CELL);
  const sample = Uint32Array.from({ length: sampled }, (_, k) => Math.floor((k * rows) / sampled));
  const centroids = new Float32Array(cells * dimensions);
  for (let c = 0; c < cells; c++) {
    const row = sample[Math.floor((c * sampled) / cells)]!;
    centroids.set(table.subarray(row * dimensions, (row + 1) * dimensions), c * dimensions);
  }
  const nearest = new Uint32Array(sampled);
  for (let round = 0; round < ROUNDS; round++) {
    const halfSquares = halfSquaresOf(centroids, dimensions);
    sample.forEach((row, k) => (nearest[k] = nearestCell(table, row, centroids, halfSquares, dimensions)));
    moveCentroids(centroids, table, sample, nearest, dimensions);
  }
  const halfSquares = halfSquaresOf(centroids, dimensions);
  const cellOf = Uint32Array.from({ length: rows }, (_, row) => nearestCell(table, row, centroids, halfSquares, dimensions));
  const cellStart = new Uint32Array(cells + 1);
  for (const cell of cellOf) cellStart[cell + 1]!++;
  for (let c = 0; c < cells; c++) cellStart[c + 1]! += cellStart[c]!;
  const next = cellStart.slice();
  const members = new Uint32Array(rows);
  cellOf.forEach((cell, row) => (members[next[cell]!++] = row));
  return { centroids, cellStart, members };
}

function halfSquaresOf(centroids: Float32Array, dimensions: number): Float64Array {
  return Float64Array.from({ length: centroids.length / dimensions }, (_, c) => {
    let sum = 0;
    for (let a = 0; a < dimensions; a++) sum += centroids[c * dimensions + a]! ** 2;
    return sum / 2;
  });
}

/** argmin |y − c|² = argmax y·c − |c|²/2; ties: lower cell. */
function nearestCell(table: Float32Array, row: number, centroids: Float32Array, halfSquares: Float64Array, dimensions: number): number {
  let best = 0;
  let bestValue = -Infinity;
  const at = row * dimensions;
  for (let c = 0; c < halfSquares.length; c++) {
    const start = c * dimensions;
    let value = -halfSquares[c]!;
    for (let a = 0; a < dimensions; a++) value += table[at + a]! * centroids[start + a]!;
    if (value > bestValue) {
      bestValue = value;
      best = c;
    }
  }
  return best;
}

/** Each centroid to the mean of its rows; one without rows stays. */
function moveCentroids(centroids: Float32Array, table: Float32Array, rows: Uint32Array, cellOf: Uint32Array, dimensions: number): void {
  const sums = new Float64Array(centroids.length);
  const counts = new Uint32Array(centroids.length / dimensions);
  rows.forEach((row, k) => {
    const cell = cellOf[k]!;
    counts[cell]!++;
    for (let a = 0; a < dimensions; a++) sums[cell * dimensions + a]! += table[row * dimensions + a]!;
  });
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] === 0) continue;
    for (let a = 0; a < dimensions; a++) centroids[c * dimensions + a] = sums[c * dimensions + a]! / counts[c]!;
  }
}
