import { tooMuch } from './tenant-quotas';

export interface LeasedPlacesOptions {
  /** Most connections, over all gateways. */
  readonly most: number;
  /** Asks for places, and tells how many are open. @returns how many this gateway has now; at least those that are open */
  readonly lease: (open: number, want: number) => Promise<number>;
  readonly onRefused: () => void;
  readonly onFailure: (error: unknown) => void;
}

const RETRY_AFTER_MS = 1000;

/** Places for connections, leased in batches of a hundredth of all: most connections find one here and pay no round trip. */
export class LeasedPlaces {
  private readonly spare: number;
  private open = 0;
  private places = 0;
  private leasing: Promise<'decided' | 'failed'> | undefined;

  constructor(private readonly options: LeasedPlacesOptions) {
    this.spare = Math.floor(options.most / 100);
  }

  /** Takes a place; undefined: at once. Rejects with BeckonError RATE_LIMITED. While the store is away everybody is let in, and counted. */
  enter(): Promise<void> | undefined {
    if (this.open >= this.places) return this.enterLater();
    this.open += 1;
    return undefined;
  }

  leave(): void {
    this.open -= 1;
  }

  /** Renews the lease, and gives back what is not needed. */
  async renew(): Promise<void> {
    if (this.open > 0 || this.places > 0) await this.ask(this.open === 0 ? 0 : this.open + this.spare);
  }

  private async enterLater(): Promise<void> {
    for (;;) {
      const before = this.open;
      const result = await this.ask(this.open + 1 + this.spare);
      if (result === 'failed' || this.open < this.places) {
        this.open += 1;
        return;
      }
      if (this.open > before) continue; // others were quicker: there may be more
      this.options.onRefused();
      throw tooMuch(`${this.options.most} connections`, 'connection', RETRY_AFTER_MS);
    }
  }

  private ask(want: number): Promise<'decided' | 'failed'> {
    const { lease, onFailure } = this.options;
    return (this.leasing ??= lease(this.open, want)
      .then(
        (places) => {
          this.places = places;
          return 'decided' as const;
        },
        (error: unknown) => {
          onFailure(error);
          return 'failed' as const;
        },
      )
      .finally(() => (this.leasing = undefined)));
  }
}
