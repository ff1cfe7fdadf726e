import type { Canary } from '../push/canary.redis';
import type { HealthCheck } from './gateway-deps';

const NAME = 'canary';

/**
 * Whether canaries come back. A gateway that does not hear them by its own subscription pushes nothing and is `down`. Where only the way
 * through queue and workers is broken it is `down` while canaries of another gateway come back, since that one can do better; when none
 * do, letting go of all gateways would make an outage of lists that are late: `degraded`.
 */
export async function checkCanary(canary: Pick<Canary, 'check'>): Promise<HealthCheck> {
  const report = await canary.check().catch(() => undefined);
  if (!report) return { name: NAME, status: 'degraded', message: 'not known while the store does not answer' };
  if (report.feed === 'broken') return { name: NAME, status: 'down', message: 'nothing is heard of what is announced' };
  if (report.queue === 'ok') return { name: NAME, status: 'ok' };
  return report.passesSomewhere
    ? { name: NAME, status: 'down', message: 'nothing comes back from the queue here, as it does on another gateway' }
    : { name: NAME, status: 'degraded', message: 'nothing comes back from the queue: workers are away, stuck or cut off' };
}
