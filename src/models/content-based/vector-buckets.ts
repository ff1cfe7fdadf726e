import { gaussian, seededRandom } from '../../platform/random';

const BITS = 10;

/**
 * Items of one vector modality, hashed by the signs of ten random projections (Charikar, STOC 2002), so that items near a
 * query are found without looking at all. Deterministic for a seed.
 */
export class VectorBuckets {
  private readonly buckets = new Map<number, Set<number>>();
  private readonly bucketOf = new Map<number, number>();
  private readonly planes: Float32Array;

  constructor(
    readonly dimensions: number,
    seed: number,
  ) {
    const random = seededRandom(seed);
    this.planes = Float32Array.from({ length: BITS * dimensions }, () => gaussian(random));
  }

  get size(): number {
    return this.bucketOf.size;
  }

  put(row: number, vector: Float32Array): void {
    this.remove(row);
    const bucket = this.hash(vector);
    const members = this.buckets.get(bucket);
    if (members === undefined) this.buckets.set(bucket, new Set([row]));
    else members.add(row);
    this.bucketOf.set(row, bucket);
  }

  remove(row: number): void {
    const bucket = this.bucketOf.get(row);
    if (bucket === undefined) return;
    this.buckets.get(bucket)?.delete(row);
    this.bucketOf.delete(row);
  }

  /** Visits about `most` rows, nearest buckets first: all of them when there are no more. */
  visitNear(vector: Float32Array, most: number, visit: (row: number) => void): void {
    if (this.size <= most) {
      for (const row of this.bucketOf.keys()) visit(row);
      return;
    }
    const own = this.hash(vector);
    let left = most;
    for (let flip = -1; flip < BITS; flip++) {
      for (const row of this.buckets.get(flip < 0 ? own : own ^ (1 << flip)) ?? []) {
        if (left-- <= 0) return;
        visit(row);
      }
    }
  }

  private hash(vector: Float32Array): number {
    let bits = 0;
    for (let b = 0; b < BITS; b++) {
      let sum = 0;
      for (let a = 0; a < this.dimensions; a++) sum += this.planes[b * this.dimensions + a]! * vector[a]!;
      if (sum >= 0) bits |= 1 << b;
    }
    return bits;
  }
}
