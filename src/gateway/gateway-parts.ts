import type { GraphQLSchema } from 'graphql';
import type { LivingIdentities } from './auth/living-identities';
import type { ClientErrorDeps } from './errors/to-client-error';
import type { GatewayDeps, GatewaySettings } from './gateway-deps';
import type { GatewayMetrics } from './gateway-metrics';
import type { ConnectionLimits } from './limits/connection-limits';
import type { Prepare } from './pipeline/prepare';

/** What every transport is made of: one of each for a gateway process. */
export interface GatewayParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
  readonly schema: GraphQLSchema;
  readonly errorDeps: ClientErrorDeps;
  readonly prepare: Prepare;
  readonly connections: ConnectionLimits;
  readonly identities: LivingIdentities;
}
