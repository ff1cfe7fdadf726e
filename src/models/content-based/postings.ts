import { TopK } from '../top-k';

interface Champions {
  readonly rows: ArrayLike<number>;
  readonly strengths: ArrayLike<number>;
  readonly size: number;
}

/**
 * The items of one term, and the strongest of them ready for queries (champion lists: Manning, Raghavan, Schütze,
 * Introduction to Information Retrieval, §7.1.3). Equal strengths: higher row, that is newer item, first.
 */
export class Postings {
  private readonly rows: number[] = [];
  private readonly strengths: number[] = [];
  private champions: Champions | undefined;

  constructor(private readonly mostChampions: number) {}

  get size(): number {
    return this.rows.length;
  }

  add(row: number, strength: number): void {
    this.rows.push(row);
    this.strengths.push(strength);
    this.champions = undefined;
  }

  remove(row: number): void {
    const at = this.rows.indexOf(row);
    if (at < 0) return;
    const lastRow = this.rows.pop()!;
    const lastStrength = this.strengths.pop()!;
    if (at < this.rows.length) {
      this.rows[at] = lastRow;
      this.strengths[at] = lastStrength;
    }
    this.champions = undefined;
  }

  /** The strongest `mostChampions`, in no particular order. */
  strongest(): Champions {
    this.champions ??= this.findChampions();
    return this.champions;
  }

  private findChampions(): Champions {
    const { rows, strengths, mostChampions } = this;
    if (rows.length <= mostChampions) return { rows, strengths, size: rows.length };
    const best = new TopK(mostChampions);
    for (let k = 0; k < rows.length; k++) best.offer(-rows[k]!, strengths[k]!);
    const kept = Array.from({ length: best.size }, (_, k) => k);
    return {
      rows: Int32Array.from(kept, (k) => -best.rowAt(k)),
      strengths: Float32Array.from(kept, (k) => best.scoreAt(k)),
      size: best.size,
    };
  }
}
