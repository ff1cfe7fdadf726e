import type { GatewayDeps } from './gateway-deps';
import type { GatewayMetrics, PushStage } from './gateway-metrics';
import type { RecommendationUpdate } from './schema-mappers';
import { stageTimings } from './stage-timings';

const STAGES: readonly PushStage[] = ['ingest', 'queue', 'score', 'replace', 'push'];

/** Counts and times an update on its way out. The first one of a subscription is not a push but an answer: its list may be old. */
export function pushCounter(
  { clock }: Pick<GatewayDeps, 'clock'>,
  { pushedLists, pushMs }: GatewayMetrics,
): (update: RecommendationUpdate) => void {
  const stages = STAGES.map((stage) => ({ stage, times: pushMs.labels(stage) }));
  return ({ before, view, arrivedAt }) => {
    pushedLists.inc();
    if (!before) return;
    const timings = stageTimings(view.list.timeline, { arrivedAt, now: clock.now() });
    for (const { stage, times } of stages) {
      const ms = timings[stage];
      if (ms !== undefined) times.observe(ms);
    }
  };
}
