import { join } from 'node:path';
import type { RedisConnection } from '../../platform/redis-connection';
import type { Clock } from '../../platform/clock';
import type { Keys } from '../../platform/keys';
import type { Log } from '../../platform/log';
import { LuaScript } from '../../platform/lua-script';
import type { Metrics } from '../../platform/metrics';
import type { QuotaSettings } from '../../tenants/quota-settings';
import { LeasedPlaces } from './leased-places';
import { LeasedRate } from './leased-rate';
import type { MeteredKind, TenantQuotas } from './tenant-quotas';

export interface RedisTenantQuotasOptions {
  /** For commands: fails fast while Redis is away. */
  readonly redis: RedisConnection;
  readonly keys: Keys;
  /** Unique to this process. */
  readonly name: string;
  readonly quotas: ReadonlyMap<string, QuotaSettings>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** A gateway that has gone without a word gives its places back after this; renewed at a third of it. @default 15_000 // 15 seconds */
  readonly placesLeaseMs?: number;
}

/** Quotas that all gateways of a store share: token buckets and places in Redis, leased in batches. What has no quota costs nothing. */
export class RedisTenantQuotas implements TenantQuotas {
  private readonly rateScript = new LuaScript(join(__dirname, 'lease-rate.lua'));
  private readonly placesScript = new LuaScript(join(__dirname, 'lease-places.lua'));
  private readonly rates = new Map<string, LeasedRate>();
  private readonly places = new Map<string, LeasedPlaces>();
  private readonly timer: NodeJS.Timeout;
  private readonly placesLeaseMs: number;

  constructor(private readonly options: RedisTenantQuotasOptions) {
    const { metrics, clock, log, quotas, placesLeaseMs = 15_000 } = options;
    this.placesLeaseMs = placesLeaseMs;
    const refused = metrics.counter('beckon_quota_refused_total', 'What a quota of a tenant refused', ['tenant', 'kind']);
    const leases = metrics.counter('beckon_quota_leases_total', 'Round trips for leases of quotas', ['tenant', 'kind']);
    const onFailure = (error: unknown): void => log.debug({ err: error }, 'a quota could not be asked for: letting everything pass');
    for (const [tenant, { behavioursPerSecond, operationsPerSecond, burstSeconds, connections }] of quotas) {
      const rates: readonly (readonly [MeteredKind, number | undefined])[] = [
        ['behaviours', behavioursPerSecond],
        ['operations', operationsPerSecond],
      ];
      for (const [kind, rate] of rates) {
        if (rate === undefined) continue;
        const lease = (need: number, want: number) => {
          leases.inc({ tenant, kind });
          return this.leaseRate({ tenant, kind, rate, burst: Math.max(1, rate * burstSeconds), need, want });
        };
        const onRefused = (): void => refused.inc({ tenant, kind });
        this.rates.set(`${kind} ${tenant}`, new LeasedRate({ rate, kind, lease, onRefused, onFailure, clock }));
      }
      if (connections === undefined) continue;
      const lease = (open: number, want: number) => {
        leases.inc({ tenant, kind: 'connections' });
        return this.leasePlaces({ tenant, most: connections, open, want });
      };
      const onRefused = (): void => refused.inc({ tenant, kind: 'connections' });
      this.places.set(tenant, new LeasedPlaces({ most: connections, lease, onRefused, onFailure }));
    }
    this.timer = setInterval(() => void this.renewPlaces(), placesLeaseMs / 3);
    this.timer.unref();
  }

  take(tenant: string, kind: MeteredKind, count: number): Promise<void> | undefined {
    return count === 0 ? undefined : this.rates.get(`${kind} ${tenant}`)?.take(count);
  }

  enter(tenant: string): Promise<void> | undefined {
    return this.places.get(tenant)?.enter();
  }

  leave(tenant: string): void {
    this.places.get(tenant)?.leave();
  }

  /** Renews all leases of places now. */
  async renewPlaces(): Promise<void> {
    await Promise.all([...this.places.values()].map((places) => places.renew()));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async leaseRate(of: { tenant: string; kind: MeteredKind; rate: number; burst: number; need: number; want: number }) {
    const { redis, keys, name } = this.options;
    const { tenant, kind, rate, burst, need, want } = of;
    const [bucket, askers] = [keys.quota(tenant, kind), keys.quota(tenant, `${kind}:gateways`)];
    const reply = await this.rateScript.run(redis, [bucket, askers], [rate, burst, name, need, want]);
    const [granted, waitMs] = reply as [number, number];
    return { granted, waitMs };
  }

  private async leasePlaces({ tenant, most, open, want }: { tenant: string; most: number; open: number; want: number }): Promise<number> {
    const { redis, keys, name } = this.options;
    const [places, ends] = [keys.quota(tenant, 'connections'), keys.quota(tenant, 'connections:ends')];
    return (await this.placesScript.run(redis, [places, ends], [most, name, open, want, this.placesLeaseMs])) as number;
  }
}
