import type { GatewayDeps } from './gateway-deps';
import type { GatewayMetrics, PushStage } from './gateway-metrics';
import type { RecommendationUpdate } from './schema-mappers';
import { stageTimings } from './stage-timings';

/** Counts and times an update on its way out. The first one of a subscription is not a push but an answer: its list may be old. */
export function countPush(
  { deps, metrics }: { readonly deps: Pick<GatewayDeps, 'clock'>; readonly metrics: GatewayMetrics },
  { change, view, arrivedAt }: RecommendationUpdate,
): void {
  metrics.pushedLists.inc();
  if (!change) return;
  const timings = stageTimings(view.list.timeline, { arrivedAt, now: deps.clock.now() });
  for (const stage of Object.keys(timings) as PushStage[]) {
    const ms = timings[stage];
    if (ms !== undefined) metrics.pushMs.observe({ stage }, ms);
  }
}
