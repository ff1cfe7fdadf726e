import type { Config } from '../platform/config';
import { startHealthServer } from '../platform/health-server';
import type { GatewayDeps } from './gateway-deps';

/** Serves health and metrics of this one process of a group: requests to the shared port are answered by any of them. */
export async function startOwnPort(
  { HOST, PROCESS_PORT }: Pick<Config, 'HOST' | 'PROCESS_PORT'>,
  { metrics, checkHealth }: Pick<GatewayDeps, 'metrics' | 'checkHealth'>,
  place: number,
): Promise<{ readonly port: number; close: () => Promise<void> }> {
  const ready = async (): Promise<{ ready: boolean; checks: Record<string, boolean> }> => {
    const checks = Object.fromEntries((await checkHealth()).map(({ name, status }) => [name, status !== 'down']));
    return { ready: Object.values(checks).every(Boolean), checks };
  };
  return startHealthServer({ host: HOST, port: PROCESS_PORT === 0 ? 0 : PROCESS_PORT + place, metrics, ready });
}
