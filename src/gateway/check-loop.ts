import type { HealthCheck } from './gateway-deps';

/** A process whose event loop was held up for `limitMs` or longer serves everybody late: others should take what is new. */
export function checkLoop(worstMs: number, limitMs: number): HealthCheck {
  if (worstMs < limitMs) return { name: 'loop', status: 'ok' };
  return { name: 'loop', status: 'down', message: `the event loop was held up for ${Math.round(worstMs)} ms` };
}
