import { createContext } from '../create-context';
import type { Identity } from '../auth/identity';
import type { GatewayContext } from '../gateway-context';
import type { GatewayDeps, GatewaySettings } from '../gateway-deps';
import type { GatewayMetrics } from '../gateway-metrics';

interface AudienceParts {
  readonly deps: GatewayDeps;
  readonly settings: GatewaySettings;
  readonly metrics: GatewayMetrics;
}

/**
 * One context for everybody of a tenant with the same scopes, to write lists with: it names no user, so nothing that is written with
 * it can depend on who asked, and what was written for one may be sent to the others.
 */
export class Audiences {
  private readonly known = new Map<string, GatewayContext>();

  constructor(private readonly parts: AudienceParts) {}

  of({ tenant, scopes }: Identity): GatewayContext {
    const name = `${tenant}\n${[...scopes].sort().join(' ')}`;
    const held = this.known.get(name);
    if (held) return held;
    const identity: Identity = { tenant, userId: '', scopes };
    const context = createContext(this.parts, { identity, receivedAt: this.parts.deps.clock.now() });
    this.known.set(name, context);
    return context;
  }
}
