import type { Clock, EpochMs } from '../../platform/clock';
import { tooMuch } from './tenant-quotas';

export interface RateLease {
  /** 0, or at least what was needed. */
  readonly granted: number;
  /** Ms until it is worth asking again, when nothing was granted. */
  readonly waitMs: number;
}

export interface LeasedRateOptions {
  /** Tokens a second, over all gateways. */
  readonly rate: number;
  /** Named in the refusal: `behaviours`. */
  readonly kind: string;
  /** Asks for tokens of the shared bucket. A failure lets everything pass: a quota must not be one more thing that can be away. */
  readonly lease: (need: number, want: number) => Promise<RateLease>;
  readonly onRefused: () => void;
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
}

/** As many tokens are leased at a time as flow in within this. */
const BATCH_MS = 100;
/** Tokens that are not used by then are lost: others may need them. */
const KEPT_MS = 1000;
/** For so long a refusal is repeated without asking again: less, and every token that flows in would cost a round trip. */
const LEAST_REFUSAL_MS = 25;
const MOST_REFUSAL_MS = 100;
/** After a failed lease nothing is asked for as long. */
const FAILURE_MS = 250;

/**
 * Tokens of one shared bucket, leased in batches: most requests find some here and pay no round trip, and the next batch is on its way
 * before they are used up. Refusals are remembered for a moment too, so that whoever is over the limit costs the store nothing.
 */
export class LeasedRate {
  private readonly batch: number;
  private tokens = 0;
  private keptUntil: EpochMs = 0;
  private refused: { readonly until: EpochMs; readonly againAt: EpochMs } | undefined;
  private openUntil: EpochMs = 0;
  private leasing: Promise<void> | undefined;

  constructor(private readonly options: LeasedRateOptions) {
    this.batch = Math.max(1, Math.ceil((options.rate * BATCH_MS) / 1000));
  }

  /** Takes tokens; undefined: at once. @throws BeckonError RATE_LIMITED, or rejects with it */
  take(count: number): Promise<void> | undefined {
    if (this.takeNow(count)) {
      if (this.tokens < this.batch / 2 && this.refused === undefined) void this.askFor(1);
      return undefined;
    }
    if (this.refused) throw this.refusal(this.refused.againAt);
    return this.takeLater(count);
  }

  private async takeLater(count: number): Promise<void> {
    for (;;) {
      await this.askFor(count);
      if (this.takeNow(count)) return;
      if (this.refused) throw this.refusal(this.refused.againAt);
    }
  }

  private takeNow(count: number): boolean {
    const now = this.options.clock.now();
    if (now >= this.keptUntil) this.tokens = 0;
    if (this.refused && now >= this.refused.until) this.refused = undefined;
    if (now < this.openUntil) return true;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }

  /** Resolves when a lease has been decided; the one that is under way, if any. */
  private askFor(need: number): Promise<void> {
    return (this.leasing ??= this.ask(need).finally(() => (this.leasing = undefined)));
  }

  private async ask(need: number): Promise<void> {
    const { clock, lease, onFailure } = this.options;
    try {
      const { granted, waitMs } = await lease(need, Math.max(need, this.batch));
      const now = clock.now();
      if (now >= this.keptUntil) this.tokens = 0;
      this.tokens += granted;
      if (granted > 0) this.keptUntil = now + KEPT_MS;
      else this.refused = refusedFor(waitMs, now);
    } catch (error) {
      this.openUntil = clock.now() + FAILURE_MS;
      onFailure(error);
    }
  }

  private refusal(againAt: EpochMs): Error {
    const { rate, kind, clock, onRefused } = this.options;
    onRefused();
    return tooMuch(`${rate} ${kind} a second`, kind, againAt - clock.now());
  }
}

function refusedFor(waitMs: number, now: EpochMs): { until: EpochMs; againAt: EpochMs } {
  const until = now + Math.min(Math.max(waitMs, LEAST_REFUSAL_MS), MOST_REFUSAL_MS);
  return { until, againAt: Math.max(until, now + waitMs) };
}
