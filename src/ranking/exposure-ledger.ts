import type { EpochMs } from '../platform/clock';

/**
 * What a provider's share of the attention should be:
 * - `merit`: its share of the relevance of all candidates, whether they found a place or not;
 * - `equal`: the same as every other provider that had a candidate.
 */
export const EXPOSURE_TARGETS = ['merit', 'equal'] as const;
export type ExposureTarget = (typeof EXPOSURE_TARGETS)[number];

/** What one list gave its providers. Both sum to at most 1; what has no provider is left out. */
export interface ListExposure {
  /** Provider → share of the list's attention, the k-th place counting 1 / log₂(k + 1). */
  readonly attention: ReadonlyMap<string, number>;
  /** Provider → share of the relevance of the list's candidates. */
  readonly merit: ReadonlyMap<string, number>;
}

/** What re-ranking asks of it. */
export interface ExposureView {
  /** In [−1, 1]: above 0, the provider had less attention than it should have had; unknown provider: 0. */
  deficit(provider: string): number;
}

export interface ExposureOptions {
  readonly target: ExposureTarget;
  /** After this, what a list gave counts half. Infinity: for ever. */
  readonly halfLifeMs: number;
}

interface Account {
  attention: number;
  merit: number;
}

/** So many lists' worth of attention are taken as given fairly: the first lists must not swing the next ones. */
const PRIOR_LISTS = 10;
/** Beyond this the weights of new lists are scaled back, long before they overflow. */
const LARGEST_WEIGHT = 2 ** 40;
/** A provider of whom less than this share of a list is left says nothing any more. */
const FAINT = 1e-6;

/**
 * The attention that lists gave each provider, against what it should have been: equity of attention amortised over lists (Biega, Gummadi and
 * Weikum, SIGIR 2018), with providers in place of single items, decayed, and spent greedily by `deficit` instead of by an integer program for
 * each list. Decay is forward (Cormode et al., ICDE 2009): newer lists weigh more, so nothing is touched but the providers of the list.
 */
export class ExposureLedger implements ExposureView {
  private readonly accounts = new Map<string, Account>();
  private attention = 0;
  private merit = 0;
  private origin: EpochMs | undefined;
  private scale = 1;

  constructor(private readonly options: ExposureOptions) {}

  /**
   * (t − a) / (t + a), where a is the provider's share of the attention and t what it should have been, times A / (A + 10) where A is the attention of
   * all lists: near 0 while few lists were seen. 1: had nothing; 0: had its target; −1: had far more. 0 for a provider without a target.
   */
  deficit(provider: string): number {
    const account = this.accounts.get(provider);
    if (account === undefined || this.attention === 0) return 0;
    const target = this.targetShare(account);
    if (!(target > 0)) return 0;
    const certainty = this.attention / (this.attention + PRIOR_LISTS * this.scale);
    const share = account.attention / this.attention;
    return (certainty * (target - share)) / (target + share);
  }

  /** Counts a list that was given out at `now`; times may come slightly out of order. */
  record({ attention, merit }: ListExposure, now: EpochMs): void {
    const weight = this.weightAt(now);
    for (const [provider, share] of merit) {
      this.account(provider).merit += weight * share;
      this.merit += weight * share;
    }
    for (const [provider, share] of attention) {
      this.account(provider).attention += weight * share;
      this.attention += weight * share;
    }
  }

  /** Each provider's share of the attention; sums to 1, or is empty. */
  attentionShares(): Map<string, number> {
    if (this.attention === 0) return new Map();
    return new Map([...this.accounts].map(([provider, { attention }]) => [provider, attention / this.attention]));
  }

  private targetShare({ merit }: Account): number {
    if (this.options.target === 'equal') return 1 / this.accounts.size;
    return this.merit === 0 ? 0 : merit / this.merit;
  }

  private account(provider: string): Account {
    let account = this.accounts.get(provider);
    if (account === undefined) this.accounts.set(provider, (account = { attention: 0, merit: 0 }));
    return account;
  }

  /** What a list of `now` weighs beside one of the origin. */
  private weightAt(now: EpochMs): number {
    this.origin ??= now;
    this.scale = Math.max(this.scale, 2 ** ((now - this.origin) / this.options.halfLifeMs));
    if (this.scale > LARGEST_WEIGHT) this.rescale(now);
    return this.scale;
  }

  /** Makes `now` the origin, and forgets providers of whom nothing is left. */
  private rescale(now: EpochMs): void {
    for (const [provider, account] of this.accounts) {
      account.attention /= this.scale;
      account.merit /= this.scale;
      if (account.attention + account.merit < FAINT) this.accounts.delete(provider);
    }
    this.attention /= this.scale;
    this.merit /= this.scale;
    this.origin = now;
    this.scale = 1;
  }
}
