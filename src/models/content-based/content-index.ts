import type { Item } from '../../catalogue/item';
import type { ItemIndex } from '../item-index';
import { documentOf, sameTerms, type ContentDocument, type SparseTerms } from './content-document';
import { Postings } from './postings';
import { VectorBuckets } from './vector-buckets';

/** Items put last that are candidates for everyone, whatever the champion lists hold. */
const NEWCOMERS = 64;

/** The catalogue as content-based scoring needs it; follows every change. */
export class ContentIndex {
  private readonly documents = new Map<number, ContentDocument>();
  private readonly termNumbers = new Map<string, number>();
  private readonly postings: Postings[] = [];
  private readonly buckets = new Map<string, VectorBuckets>();
  /** ln of the number of items with each term: idf is a subtraction. */
  private readonly logFrequencies: number[] = [];
  private readonly newcomers: number[] = [];
  private logSize = 0;

  constructor(
    private readonly index: ItemIndex,
    private readonly mostChampions: number,
  ) {}

  get size(): number {
    return this.documents.size;
  }

  /** Rows put last for the first time, newest last, at most 64; some may have been removed. */
  get newest(): readonly number[] {
    return this.newcomers;
  }

  documentAt(row: number): ContentDocument | undefined {
    return this.documents.get(row);
  }

  /** Adds an item or takes over its changes. Changes of stock and the like cost nothing. */
  put(item: Item): void {
    const row = this.index.intern(item.id);
    const document = documentOf(item, (term) => this.numberOf(term));
    const before = this.documents.get(row);
    this.documents.set(row, document);
    this.logSize = Math.log1p(this.size);
    if (before === undefined) {
      this.newcomers.push(row);
      if (this.newcomers.length > NEWCOMERS) this.newcomers.shift();
    }
    this.replaceTerms(row, before?.words, document.words);
    this.replaceTerms(row, before?.topics, document.topics);
    for (const modality of before?.vectors.keys() ?? []) this.buckets.get(modality)?.remove(row);
    for (const [modality, vector] of document.vectors) this.bucketsFor(modality, vector.length)?.put(row, vector);
  }

  remove(itemId: string): void {
    const row = this.index.rowOf(itemId);
    const before = row === undefined ? undefined : this.documents.get(row);
    if (row === undefined || before === undefined) return;
    this.documents.delete(row);
    this.logSize = Math.log1p(this.size);
    const at = this.newcomers.indexOf(row);
    if (at >= 0) this.newcomers.splice(at, 1);
    this.dropTerms(row, before.words);
    this.dropTerms(row, before.topics);
    for (const modality of before.vectors.keys()) this.buckets.get(modality)?.remove(row);
  }

  /** ln(1 + items) − ln(items with the term): 0 for a term nothing has, small for one that all have, never negative. */
  idf(term: number): number {
    return this.postings[term]!.size === 0 ? 0 : this.logSize - this.logFrequencies[term]!;
  }

  postingsOf(term: number): Postings {
    return this.postings[term]!;
  }

  bucketsOf(modality: string): VectorBuckets | undefined {
    return this.buckets.get(modality);
  }

  private numberOf(term: string): number {
    const known = this.termNumbers.get(term);
    if (known !== undefined) return known;
    const number = this.postings.length;
    this.termNumbers.set(term, number);
    this.postings.push(new Postings(this.mostChampions));
    this.logFrequencies.push(0);
    return number;
  }

  private replaceTerms(row: number, before: SparseTerms | undefined, after: SparseTerms): void {
    if (before !== undefined) {
      if (sameTerms(before, after)) return;
      this.dropTerms(row, before);
    }
    after.terms.forEach((term, k) => {
      this.postings[term]!.add(row, after.weights[k]! / after.norm);
      this.logFrequencies[term] = Math.log(this.postings[term]!.size);
    });
  }

  private dropTerms(row: number, { terms }: SparseTerms): void {
    for (const term of terms) {
      this.postings[term]!.remove(row);
      this.logFrequencies[term] = Math.log(Math.max(1, this.postings[term]!.size));
    }
  }

  /** The first vector of a modality settles its length; others of another length are kept out of the candidates. */
  private bucketsFor(modality: string, dimensions: number): VectorBuckets | undefined {
    const known = this.buckets.get(modality);
    if (known !== undefined) return known.dimensions === dimensions ? known : undefined;
    const made = new VectorBuckets(dimensions, this.buckets.size + 1);
    this.buckets.set(modality, made);
    return made;
  }
}
