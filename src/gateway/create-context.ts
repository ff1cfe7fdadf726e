import type { EpochMs } from '../platform/clock';
import type { Identity } from './auth/identity';
import type { GatewayContext } from './gateway-context';
import type { GatewayDeps, GatewaySettings } from './gateway-deps';
import type { GatewayMetrics } from './gateway-metrics';

interface ContextParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
}

interface Request {
  readonly identity: Identity;
  readonly receivedAt: EpochMs;
  readonly onUpdate?: GatewayContext['onUpdate'];
}

export function createContext(
  { deps, settings, metrics }: ContextParts,
  { identity, receivedAt, onUpdate = () => undefined }: Request,
): GatewayContext {
  const { limits, revocationTtlMs } = settings;
  return { deps, metrics, limits, revocationTtlMs, identity, items: deps.itemsOf(identity.tenant), receivedAt, onUpdate };
}
