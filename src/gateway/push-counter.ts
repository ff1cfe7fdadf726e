import type { GatewayDeps } from './gateway-deps';
import { PUSH_STAGES, type GatewayMetrics } from './gateway-metrics';
import type { RecommendationUpdate } from './schema-mappers';
import { stageTimings } from './stage-timings';

/** Counts and times an update on its way out. The first one of a subscription is not a push but an answer: its list may be old. */
export function pushCounter(
  { clock }: Pick<GatewayDeps, 'clock'>,
  { pushedLists, pushMs }: GatewayMetrics,
): (update: RecommendationUpdate) => void {
  return ({ before, view, arrivedAt }) => {
    pushedLists.inc();
    if (!before) return;
    const timings = stageTimings(view.list.timeline, { arrivedAt, now: clock.now() });
    for (let stage = 0; stage < PUSH_STAGES.length; stage++) {
      const ms = timings[PUSH_STAGES[stage]!];
      if (ms !== undefined) pushMs.observe(stage, ms);
    }
  };
}
