import type { Config } from '../platform/config';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { TenantSettings } from '../tenants/tenant-settings';

/** What a gateway is started with. */
export interface GatewayProcess {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tenants: ReadonlyMap<string, TenantSettings>;
}
