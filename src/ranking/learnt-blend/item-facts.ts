import { ContentBasedScorer } from '../../models/content-based/content-based';
import type { Scorer, ScoringQuery } from '../../models/model';
import { PopularScorer } from '../../models/popular/popular';
import type { ContextFeature } from './learnt-blend';

/** What the blend knows of items besides scores, for one query after another. Costs what is asked for. */
export interface ItemFacts {
  /** Says for whom the next calls are. */
  ask(query: ScoringQuery): void;
  /** The feature of a row, in [0, 1]; ½ where it is not known. */
  feature(name: ContextFeature, row: number): number;
}

const UNKNOWN = 0.5;
const WEEK_MS = 604_800_000;
const HOUR_MS = 3_600_000;
/** As in the content-based model: prices a factor e^½ apart are close by 1/e. */
const PRICE_SPREAD = 0.5;
/** How many of the user's newest items say what they pay. */
const PRICED_ITEMS = 20;

export const NO_FACTS: ItemFacts = { ask: () => undefined, feature: () => UNKNOWN };

/**
 * The facts that the models of a worker know already, whether or not they are blended: the popular model's counts, and the prices that the content-based
 * model reads from the catalogue. A fact whose model is missing is unknown.
 */
export function factsOf(scorers: readonly Scorer[]): ItemFacts {
  const popular = scorers.find((scorer): scorer is PopularScorer => scorer instanceof PopularScorer);
  const content = scorers.find((scorer): scorer is ContentBasedScorer => scorer instanceof ContentBasedScorer);
  return popular === undefined && content === undefined ? NO_FACTS : new ScorerFacts(popular, content);
}

class ScorerFacts implements ItemFacts {
  private now = 0;
  /** log2(1 + behaviours of the most popular item); 0: nothing was counted. */
  private most = 0;
  private currency: string | undefined;
  /** Mean ln price of the user's items; NaN: none has a price. */
  private paid = NaN;

  constructor(
    private readonly popular: PopularScorer | undefined,
    private readonly content: ContentBasedScorer | undefined,
  ) {}

  ask({ history, now }: ScoringQuery): void {
    this.now = now;
    this.most = Math.log2(1 + (this.popular?.top('all', now, 1)[0]?.count ?? 0));
    this.paid = NaN;
    this.currency = undefined;
    if (this.content !== undefined)
      this.readPrices(
        history.slice(0, PRICED_ITEMS).map(({ row }) => row),
        this.content,
      );
  }

  feature(name: ContextFeature, row: number): number {
    switch (name) {
      case 'popularity':
        return this.most > 0 ? Math.min(1, Math.log2(1 + 2 ** this.popular!.logCountOf('all', row)) / this.most) : UNKNOWN;
      case 'activity':
        return this.most > 0 ? 1 / (1 + this.silence(row) / WEEK_MS) : UNKNOWN;
      case 'price':
        return this.priceFit(row);
    }
  }

  /**
   * Time since the newest behaviour, of an item that has one: a count that halves each hour is worth one behaviour of `log2 count` hours from now. Many at
   * once look newer by an hour for each doubling.
   */
  private silence(row: number): number {
    return Math.max(0, this.now - this.popular!.logCountOf('hour', row) * HOUR_MS);
  }

  /** In the currency of the newest item with a price. */
  private readPrices(rows: readonly number[], { content }: ContentBasedScorer): void {
    let sum = 0;
    let priced = 0;
    for (const row of rows) {
      const document = content.documentAt(row);
      if (document?.price === undefined || (priced > 0 && document.currency !== this.currency)) continue;
      this.currency = document.currency;
      sum += Math.log(document.price);
      priced++;
    }
    if (priced > 0) this.paid = sum / priced;
  }

  private priceFit(row: number): number {
    const document = this.content?.content.documentAt(row);
    if (Number.isNaN(this.paid) || document?.price === undefined || document.currency !== this.currency) return UNKNOWN;
    return Math.exp(-Math.abs(Math.log(document.price) - this.paid) / PRICE_SPREAD);
  }
}
