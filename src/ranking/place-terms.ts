import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { ItemIndex } from '../models/item-index';
import type { Interaction } from '../models/model';
import { CalibratedList, categoryShares } from './calibration';
import type { ExposureView, ListExposure } from './exposure-ledger';
import { providerOf } from './providers';
import type { SurfaceSettings } from './surface-settings';

type TermSettings = Pick<SurfaceSettings, 'calibration' | 'exposure'>;

/**
 * Where exposure is looked at, relevance r in [0, 1] counts as the chance that the item is what is wanted: r⁴ / (2 + Σ r⁴ over all that compete), the 2 for what may be none of them. So places
 * are dear where one item stands out, near the top of a list and for users whose taste is plain, and cheap where many are as good; what a provider is
 * owed is paid where it is cheap. Found on the validation parts of ml-100k (`npm run experiment -- --name exposure`).
 */
const STEEPNESS = 4;
const NONE_OF_THEM = 2;
/** What a sure thing is worth: so much that a weight of 1 evens out even a handful of candidates. */
const SURE = 2;

/**
 * What decides on a place of a list besides relevance and difference. For a candidate whose maximal marginal relevance is m, on a list L:
 * (1 − c) · m − c · KL(history ‖ L + candidate) + e · deficit(provider of the candidate), with c and e of the surface's settings, and
 * with 2 · chance − r added where e > 0 (see above).
 * The first two terms are Steck's (RecSys 2018, eq. 8), m in place of plain relevance. As the divergence is that of a set, whatever its order, what
 * was chosen with c > 0 is then put in the order of relevance, + e · deficit: of two sets that are as near, the better ranked one.
 */
export class PlaceTerms {
  /** 2 + Σ r⁴ of what competes. */
  private stakes = NONE_OF_THEM + 1;

  constructor(
    private readonly settings: TermSettings,
    private readonly calibrated: CalibratedList | undefined,
    private readonly exposure: ExposureView | undefined,
  ) {}

  /** Whether what is chosen has to be put in order afterwards. */
  get choosesSets(): boolean {
    return this.calibrated !== undefined;
  }

  /** Told what competes for the next places, before they are filled: relevances in [0, 1]. */
  compete(relevances: readonly number[]): void {
    if (this.exposure) this.stakes = relevances.reduce((sum, relevance) => sum + relevance ** STEEPNESS, NONE_OF_THEM);
  }

  /** What a candidate is worth for the next place. `relevance` in [0, 1]. */
  value(marginalRelevance: number, relevance: number, item: Item): number {
    const { weight } = this.settings.calibration;
    const value = this.calibrated ? (1 - weight) * marginalRelevance - weight * this.calibrated.divergenceWith(item) : marginalRelevance;
    return value + this.worth(relevance) - relevance + this.amends(item);
  }

  /** By what chosen items are ordered. `relevance` in [0, 1]. */
  orderValue(relevance: number, item: Item): number {
    return this.worth(relevance) + this.amends(item);
  }

  take(item: Item): void {
    this.calibrated?.take(item);
  }

  private worth(relevance: number): number {
    return this.exposure ? (SURE * relevance ** STEEPNESS) / this.stakes : relevance;
  }

  private amends(item: Item): number {
    const { provider, weight } = this.settings.exposure;
    const name = this.exposure && providerOf(item, provider);
    return name === undefined ? 0 : weight * this.exposure!.deficit(name);
  }
}

export interface TermBasis {
  readonly history: readonly Interaction[];
  readonly index: ItemIndex;
  readonly catalogue: CatalogueView;
  /** What providers were given on this surface; absent: nothing is known. */
  readonly exposure?: ExposureView;
}

/** The terms of one list; undefined where the settings or what is known of the user ask for none, so that a list costs what it did. */
export function placeTermsOf(settings: TermSettings, { history, index, catalogue, exposure }: TermBasis): PlaceTerms | undefined {
  const calibrated = settings.calibration.weight > 0 ? calibratedTo(history, index, catalogue) : undefined;
  const fair = settings.exposure.weight > 0 ? exposure : undefined;
  return calibrated || fair ? new PlaceTerms(settings, calibrated, fair) : undefined;
}

function calibratedTo(history: readonly Interaction[], index: ItemIndex, catalogue: CatalogueView): CalibratedList | undefined {
  const shares = categoryShares(
    history.map(({ row, weight }) => ({ categories: catalogue.get(index.idAt(row))?.categories ?? [], weight })),
  );
  return shares.size > 0 ? new CalibratedList(shares) : undefined;
}

/** What a list gave the providers of its items, beside the relevance of those that competed. Either may be empty. */
export function exposureOf(
  chosen: readonly { readonly item: Item }[],
  competed: readonly { readonly item: Item; readonly score: number }[],
  { exposure }: TermSettings,
): ListExposure {
  const places = chosen.map(({ item }, k) => ({ item, amount: 1 / Math.log2(k + 2) }));
  const merits = competed.map(({ item, score }) => ({ item, amount: score }));
  const shares = (entries: readonly { readonly item: Item; readonly amount: number }[]): Map<string, number> => {
    const total = entries.reduce((sum, { amount }) => sum + amount, 0);
    const byProvider = new Map<string, number>();
    for (const { item, amount } of entries) {
      const provider = providerOf(item, exposure.provider);
      if (provider !== undefined) byProvider.set(provider, (byProvider.get(provider) ?? 0) + amount / total);
    }
    return byProvider;
  };
  return { attention: shares(places), merit: shares(merits) };
}
