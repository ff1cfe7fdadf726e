import type { Random } from '../../platform/random';
import type { UserVectors } from '../user-knn/user-vectors';
import type { AdamTable } from './adam-table';
import type { Batch, Chunk } from './batches';
import type { NcfOptions } from './ncf-options';

/** What stands for the user of each group of a batch. */
export interface UserSide {
  readonly table: AdamTable;
  /** Writes the users' vectors into `vectors` [groups × dimensions]. */
  forward(batch: Batch, vectors: Float32Array): void;
  /** Adds to the table's gradient what follows from that of the vectors of the last `forward`. */
  backward(batch: Batch, gradient: Float32Array): void;
}

/** A vector for each user: the one-hot input of He et al. */
export class IdUserSide implements UserSide {
  constructor(readonly table: AdamTable) {}

  forward(batch: Batch, vectors: Float32Array): void {
    const { values, dimensions } = this.table;
    let at = 0;
    for (const { user, from, to } of batch.chunks) {
      const vector = values.subarray(user * dimensions, (user + 1) * dimensions);
      for (let t = from; t < to; t++, at += dimensions) vectors.set(vector, at);
    }
  }

  backward(batch: Batch, gradient: Float32Array): void {
    const { table } = this;
    let at = 0;
    for (const { user, from, to } of batch.chunks) {
      const start = table.touch(user);
      for (let t = from; t < to; t++) {
        for (let a = start; a < start + table.dimensions; a++) table.gradient[a]! += gradient[at++]!;
      }
    }
  }
}

/**
 * Σ w_j h_j / (Σ w_j)^e over other items of the user than the positive (the neighbour-based input that He et al. §3.1 allow for; SVD++,
 * Koren, KDD 2008, without its free part; FISM, Kabbur et al., KDD 2013). With profileDecay 1 over all of them. Below 1 over those before
 * the positive, each counting decay^(how many between). An item is left out of a chunk's sums with probability `historyDropout`.
 */
export class ItemsUserSide implements UserSide {
  private readonly sum: Float64Array;
  /** [capacity]: 1 / (Σ w)^e of each group. */
  private readonly norms: Float64Array;
  /** Weights of the items of each chunk in `forward`, one chunk after another: 0 where it was dropped. */
  private readonly kept: Float32Array[] = [];

  constructor(
    readonly table: AdamTable,
    private readonly users: UserVectors,
    private readonly random: Random,
    private readonly options: Pick<NcfOptions, 'profileDecay' | 'profileItems' | 'normExponent' | 'historyDropout'>,
    capacity: number,
  ) {
    this.sum = new Float64Array(table.dimensions);
    this.norms = new Float64Array(capacity);
  }

  forward(batch: Batch, vectors: Float32Array): void {
    this.kept.length = 0;
    let group = 0;
    for (const chunk of batch.chunks) {
      const kept = this.keep(chunk);
      this.kept.push(kept);
      this.sum.fill(0);
      if (this.options.profileDecay === 1) this.sumAll(chunk, kept, vectors, group);
      else this.sumBefore(chunk, kept, vectors, group);
      group += chunk.to - chunk.from;
    }
  }

  backward(batch: Batch, gradient: Float32Array): void {
    let group = 0;
    batch.chunks.forEach((chunk, c) => {
      this.sum.fill(0);
      if (this.options.profileDecay === 1) this.spreadToAll(chunk, this.kept[c]!, gradient, group);
      else this.spreadToBefore(chunk, this.kept[c]!, gradient, group);
      group += chunk.to - chunk.from;
    });
  }

  /** First row of the chunk's user in `users`, and how many items of theirs count for the chunk: older ones than these do not. */
  private extent({ user, to }: Chunk): { readonly start: number; readonly length: number } {
    const { indptr } = this.users;
    const { profileDecay, profileItems } = this.options;
    const start = indptr[user]!;
    const length = indptr[user + 1]! - start;
    return { start, length: profileDecay === 1 ? length : Math.min(length, to + profileItems) };
  }

  private keep(chunk: Chunk): Float32Array {
    const { start, length } = this.extent(chunk);
    const kept = this.users.weights.slice(start, start + length);
    const { historyDropout, profileDecay, profileItems } = this.options;
    if (profileDecay === 1) kept.fill(0, Math.min(length, profileItems)); // as the scorer will
    if (historyDropout > 0) for (let k = 0; k < length; k++) if (this.random() < historyDropout) kept[k] = 0;
    return kept;
  }

  private sumAll({ user, from, to }: Chunk, kept: Float32Array, vectors: Float32Array, firstGroup: number): void {
    const start = this.users.indptr[user]!;
    let total = 0;
    for (let k = 0; k < kept.length; k++) {
      total += kept[k]!;
      this.addItem(this.users.items[start + k]!, kept[k]!);
    }
    for (let t = from; t < to; t++) {
      const own = kept[t]!;
      this.write(vectors, firstGroup + t - from, total - own, this.users.items[start + t]!, own);
    }
  }

  private sumBefore(chunk: Chunk, kept: Float32Array, vectors: Float32Array, firstGroup: number): void {
    const { sum } = this;
    const { start } = this.extent(chunk);
    const { profileDecay } = this.options;
    let total = 0;
    for (let k = kept.length - 1; k >= chunk.from; k--) {
      if (k < chunk.to) this.write(vectors, firstGroup + k - chunk.from, total, 0, 0);
      for (let a = 0; a < sum.length; a++) sum[a]! *= profileDecay;
      this.addItem(this.users.items[start + k]!, kept[k]!);
      total = total * profileDecay + kept[k]!;
    }
  }

  private addItem(item: number, weight: number): void {
    if (weight === 0) return;
    const { sum, table } = this;
    const at = item * table.dimensions;
    for (let a = 0; a < sum.length; a++) sum[a]! += weight * table.values[at + a]!;
  }

  /** vector = (sum − own · h_item) / total^e, and remembers the norm. */
  private write(vectors: Float32Array, group: number, total: number, item: number, own: number): void {
    const { sum, table } = this;
    const norm = total > 1e-6 ? total ** -this.options.normExponent : 0;
    this.norms[group] = norm;
    const to = group * sum.length;
    const at = item * table.dimensions;
    if (own === 0) for (let a = 0; a < sum.length; a++) vectors[to + a] = norm * sum[a]!;
    else for (let a = 0; a < sum.length; a++) vectors[to + a] = norm * (sum[a]! - own * table.values[at + a]!);
  }

  /** dh_j = w_j (Σ_t norm_t d_t − [j is a positive of the chunk] norm_j d_j) */
  private spreadToAll({ user, from, to }: Chunk, kept: Float32Array, gradient: Float32Array, firstGroup: number): void {
    const start = this.users.indptr[user]!;
    for (let t = from; t < to; t++) this.addGradient(gradient, firstGroup + t - from);
    for (let k = 0; k < kept.length; k++) {
      this.addToRow(this.users.items[start + k]!, kept[k]!);
      if (k < from || k >= to || kept[k] === 0) continue;
      const { table, sum } = this;
      const at = this.users.items[start + k]! * sum.length;
      const d = (firstGroup + k - from) * sum.length;
      const scale = kept[k]! * this.norms[firstGroup + k - from]!;
      for (let a = 0; a < sum.length; a++) table.gradient[at + a]! -= scale * gradient[d + a]!;
    }
  }

  /** dh_j = w_j Σ_{t < j} decay^(j − t − 1) norm_t d_t */
  private spreadToBefore(chunk: Chunk, kept: Float32Array, gradient: Float32Array, firstGroup: number): void {
    const { sum } = this;
    const { start } = this.extent(chunk);
    for (let k = chunk.from; k < kept.length; k++) {
      if (k > chunk.from) this.addToRow(this.users.items[start + k]!, kept[k]!);
      for (let a = 0; a < sum.length; a++) sum[a]! *= this.options.profileDecay;
      if (k < chunk.to) this.addGradient(gradient, firstGroup + k - chunk.from);
    }
  }

  private addGradient(gradient: Float32Array, group: number): void {
    const { sum, norms } = this;
    const at = group * sum.length;
    for (let a = 0; a < sum.length; a++) sum[a]! += norms[group]! * gradient[at + a]!;
  }

  private addToRow(item: number, weight: number): void {
    if (weight === 0) return;
    const { table, sum } = this;
    const at = table.touch(item);
    for (let a = 0; a < sum.length; a++) table.gradient[at + a]! += weight * sum[a]!;
  }
}
