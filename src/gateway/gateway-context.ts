import type { CatalogueView } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import type { Identity } from './auth/identity';
import type { GatewayDeps, GatewayLimits } from './gateway-deps';
import type { GatewayMetrics } from './gateway-metrics';
import type { RecommendationUpdate } from './schema-mappers';

/** What a resolver may use. Made anew for each operation. */
export interface GatewayContext {
  readonly deps: GatewayDeps;
  readonly metrics: GatewayMetrics;
  readonly limits: GatewayLimits;
  /** How long a revocation of tokens is remembered unless it says otherwise. */
  readonly revocationTtlMs: number;
  readonly identity: Identity;
  /** The catalogue of the caller's tenant. */
  readonly items: CatalogueView;
  /** When the request reached this process. */
  readonly receivedAt: EpochMs;
  /** Subscriptions: called with each update that is about to be sent. */
  readonly onUpdate: (update: RecommendationUpdate) => void;
}
