import { BeckonError } from '../../platform/errors';

/** What is counted by rate: behaviours that are sent, and operations, one for each root field that is asked for. */
export type MeteredKind = 'behaviours' | 'operations';

/** How much of a gateway a tenant may use, over all gateways together. */
export interface TenantQuotas {
  /** Takes `count` of what the tenant may use; undefined: at once. @throws BeckonError RATE_LIMITED, or rejects with it */
  take(tenant: string, kind: MeteredKind, count: number): Promise<void> | undefined;
  /** Takes a place for a connection, to be given back with `leave`. Throws as `take` does. */
  enter(tenant: string): Promise<void> | undefined;
  leave(tenant: string): void;
}

export const tooMuch = (what: string, field: string, retryAfterMs: number): BeckonError =>
  new BeckonError('RATE_LIMITED', `this tenant may have no more than ${what}, over all of its users: try again later`, {
    field,
    retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)),
  });
