import type { Item } from '../../catalogue/item';
import type { ItemIndex } from '../item-index';
import type { Interaction, Pull, Scorer, ScoringQuery } from '../model';
import { SparseScores } from '../sparse-scores';
import { addTop, TopK } from '../top-k';
import type { ContentDocument, SparseTerms } from './content-document';
import { ContentIndex } from './content-index';

export interface ContentBasedOptions {
  /** Share of the words of title and text in a score. @default 1 */
  readonly textWeight: number;
  /** Share of categories and tags. @default 1 */
  readonly topicWeight: number;
  /** Share of the closeness of prices. @default 0.2 */
  readonly priceWeight: number;
  /** Share of each supplied vector. @default 1 */
  readonly vectorWeight: number;
  /** Prices a factor e^priceSpread apart are close by 1/e. @default 0.5 */
  readonly priceSpread: number;
  /** The r-th newest item of the profile (0: the newest) counts decay^r. @default 0.9 */
  readonly profileDecay: number;
  /** How many of the newest items of the profile are looked at. @default 20 */
  readonly profileItems: number;
  /** Strongest terms of the profile that lead to candidates. @default 24 */
  readonly queryTerms: number;
  /** Strongest items of a term that are candidates. @default 250 */
  readonly mostChampions: number;
  /** Candidates that are scored exactly. @default 200 */
  readonly rescored: number;
  /** Vectors of one modality that are looked at. @default 1_024 */
  readonly vectorScan: number;
}

export const CONTENT_BASED_DEFAULTS: ContentBasedOptions = {
  textWeight: 1,
  topicWeight: 1,
  priceWeight: 0.2,
  vectorWeight: 1,
  priceSpread: 0.5,
  profileDecay: 0.9,
  profileItems: 20,
  queryTerms: 24,
  mostChampions: 250,
  rescored: 200,
  vectorScan: 1_024,
};

/** What the profile's items say together, in each modality: mean of their unit vectors, by pull. */
interface ContentQuery {
  /** Sums over the profile by term number, words and topics alike. */
  readonly terms: SparseScores;
  /** Share of the pull that has each part; 0: none has it. */
  words: number;
  topics: number;
  /** By currency: ln price, summed by share. */
  prices: Map<string | undefined, { sum: number; share: number }>;
  vectors: Map<string, { readonly sum: Float32Array; share: number }>;
}

/**
 * score(j) = Σ_m weight_m · s_m(j) / Σ_m weight_m over the modalities m that both the profile and item j have:
 * words (TF-IDF, saturated as in BM25) and topics by cosine, prices by e^(−|ln p − mean ln q| / spread) of one currency, supplied vectors by cosine;
 * s_m is the mean over the profile's items (of prices: taken with their mean) by weight · profileDecay^r. A missing modality takes no part instead of
 * counting as 0. Needs no behaviour of anyone on j: a new item can be recommended as soon as it is put.
 */
export class ContentBasedScorer implements Scorer {
  readonly name = 'content-based';
  readonly content: ContentIndex;
  private readonly scratch = new SparseScores();
  private readonly query: ContentQuery = { terms: new SparseScores(), words: 0, topics: 0, prices: new Map(), vectors: new Map() };

  constructor(
    index: ItemIndex,
    private readonly options: ContentBasedOptions = CONTENT_BASED_DEFAULTS,
  ) {
    this.content = new ContentIndex(index, options.mostChampions);
  }

  /** Adds an item or takes over its changes. */
  put(item: Item): void {
    this.content.put(item);
  }

  remove(itemId: string): void {
    this.content.remove(itemId);
  }

  score({ history }: ScoringQuery, into: SparseScores, limit: number): void {
    if (!this.ask(history.slice(0, this.options.profileItems))) return;
    const { scratch, content } = this;
    scratch.clear();
    this.findCandidates();
    const kept = new TopK(this.options.rescored);
    for (const row of scratch.rows) kept.offer(row, scratch.get(row));
    scratch.clear();
    for (let k = 0; k < kept.size; k++) this.rescore(kept.rowAt(k));
    for (const row of content.newest) if (!scratch.has(row)) this.rescore(row);
    addTop(scratch, into, limit);
  }

  explain({ history }: ScoringQuery, row: number, limit: number): Pull[] {
    const document = this.content.documentAt(row);
    if (document === undefined) return [];
    const pulls: Pull[] = [];
    history.slice(0, this.options.profileItems).forEach((item, r) => {
      if (item.row === row || !this.ask([item])) return;
      const amount = item.weight * this.options.profileDecay ** r * this.similarity(document);
      if (amount > 0) pulls.push({ row: item.row, amount });
    });
    return pulls.sort((a, b) => b.amount - a.amount || a.row - b.row).slice(0, limit);
  }

  private rescore(row: number): void {
    const document = this.content.documentAt(row);
    if (document !== undefined) this.scratch.set(row, this.similarity(document));
  }

  /** Makes the query of the profile's items; false when the index knows none of them. */
  private ask(profile: readonly Interaction[]): boolean {
    const { query, content } = this;
    query.terms.clear();
    query.words = query.topics = 0;
    query.prices = new Map();
    query.vectors = new Map();
    const known = profile.flatMap(({ row, weight }, r) => {
      const document = content.documentAt(row);
      return document === undefined ? [] : [{ document, pull: weight * this.options.profileDecay ** r }];
    });
    const total = known.reduce((sum, { pull }) => sum + pull, 0);
    for (const { document, pull } of known) this.addToQuery(document, pull / total);
    return total > 0;
  }

  private addToQuery(document: ContentDocument, share: number): void {
    const { query } = this;
    if (this.addTerms(document.words, share)) query.words += share;
    if (this.addTerms(document.topics, share)) query.topics += share;
    if (document.price !== undefined) {
      const known = query.prices.get(document.currency) ?? { sum: 0, share: 0 };
      known.sum += share * Math.log(document.price);
      known.share += share;
      query.prices.set(document.currency, known);
    }
    for (const [modality, vector] of document.vectors) {
      const known = query.vectors.get(modality) ?? { sum: new Float32Array(vector.length), share: 0 };
      if (known.sum.length !== vector.length) continue;
      for (let a = 0; a < vector.length; a++) known.sum[a]! += share * vector[a]!;
      known.share += share;
      query.vectors.set(modality, known);
    }
  }

  private addTerms({ terms, weights }: SparseTerms, share: number): boolean {
    let squares = 0;
    for (let k = 0; k < terms.length; k++) squares += (weights[k]! * this.content.idf(terms[k]!)) ** 2;
    if (!(squares > 0)) return false;
    const scale = share / Math.sqrt(squares);
    for (let k = 0; k < terms.length; k++) this.query.terms.add(terms[k]!, scale * weights[k]! * this.content.idf(terms[k]!));
    return true;
  }

  /** Champions of the query's strongest terms by their sum, and items with vectors near the query's. */
  private findCandidates(): void {
    const { query, content, scratch, options } = this;
    const strongest = new TopK(options.queryTerms);
    for (const term of query.terms.rows) strongest.offer(term, query.terms.get(term) * content.idf(term));
    for (let k = 0; k < strongest.size; k++) {
      const weight = strongest.scoreAt(k);
      const { rows, strengths, size } = content.postingsOf(strongest.rowAt(k)).strongest();
      for (let at = 0; at < size; at++) scratch.add(rows[at]!, weight * strengths[at]!);
    }
    for (const [modality, { sum }] of query.vectors) {
      content.bucketsOf(modality)?.visitNear(sum, options.vectorScan, (row) => {
        const vector = content.documentAt(row)?.vectors.get(modality);
        if (vector !== undefined && vector.length === sum.length) scratch.add(row, Math.max(0, dot(vector, sum)));
      });
    }
  }

  /** Similarity of an item to the query in [0, 1]. */
  private similarity(document: ContentDocument): number {
    const { query, options } = this;
    let sum = 0;
    let weights = 0;
    const fuse = (weight: number, similarity: number): void => {
      sum += weight * Math.max(0, similarity);
      weights += weight;
    };
    if (query.words > 0 && document.words.terms.length > 0) fuse(options.textWeight, this.termCosine(document.words) / query.words);
    if (query.topics > 0 && document.topics.terms.length > 0) fuse(options.topicWeight, this.termCosine(document.topics) / query.topics);
    const price = this.priceCloseness(document);
    if (price !== undefined) fuse(options.priceWeight, price);
    for (const [modality, { sum: mean, share }] of query.vectors) {
      const vector = document.vectors.get(modality);
      if (vector !== undefined && vector.length === mean.length) fuse(options.vectorWeight, dot(vector, mean) / share);
    }
    return weights > 0 ? sum / weights : 0;
  }

  private termCosine({ terms, weights }: SparseTerms): number {
    const { query, content } = this;
    let product = 0;
    let squares = 0;
    for (let k = 0; k < terms.length; k++) {
      const term = terms[k]!;
      const value = weights[k]! * content.idf(term);
      product += value * query.terms.get(term);
      squares += value * value;
    }
    return squares > 0 ? product / Math.sqrt(squares) : 0;
  }

  /** Closeness to the profile's mean logarithmic price in the same currency; undefined when there is none. */
  private priceCloseness({ price, currency }: ContentDocument): number | undefined {
    const mean = price === undefined ? undefined : this.query.prices.get(currency);
    if (price === undefined || mean === undefined) return undefined;
    return Math.exp(-Math.abs(Math.log(price) - mean.sum / mean.share) / this.options.priceSpread);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
