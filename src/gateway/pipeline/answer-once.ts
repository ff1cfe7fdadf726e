import { execute, type FormattedExecutionResult } from 'graphql';
import type { EpochMs } from '../../platform/clock';
import type { Identity } from '../auth/identity';
import { createContext } from '../create-context';
import type { GatewayParts } from '../gateway-parts';
import { clientErrors, clientResult } from './client-result';
import type { Preparation } from './prepare';

/** Who asks, and since when. */
export interface Caller {
  readonly identity: Identity;
  readonly receivedAt: EpochMs;
}

/** The whole answer to a query or mutation, or what it is refused with, as the client sees it. */
export async function answerOnce(parts: GatewayParts, prepared: Preparation, caller: Caller): Promise<FormattedExecutionResult> {
  if (!prepared.ok) return { errors: clientErrors(prepared.errors, parts.errorDeps) };
  const contextValue = createContext(parts, caller);
  return clientResult(await execute({ ...prepared.execution, contextValue }), parts.errorDeps);
}
