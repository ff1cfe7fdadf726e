import type { GatewayDeps } from './gateway-deps';
import { PUSH_STAGES, type GatewayMetrics, type PushStage } from './gateway-metrics';
import type { RecommendationUpdate } from './schema-mappers';
import { timingsOfUpdate } from './stage-timings';

/** Counts and times an update on its way out. The first one of a subscription is not a push but an answer: its list may be old. */
export function pushCounter(
  { clock }: Pick<GatewayDeps, 'clock'>,
  { pushedLists, pushMs }: GatewayMetrics,
): (update: RecommendationUpdate) => void {
  return (update) => {
    pushedLists.add();
    if (!update.before) return;
    const { ingest, queue, score, replace, push } = timingsOfUpdate(update, clock);
    if (ingest !== undefined) pushMs.observe(STAGE.ingest, ingest);
    if (queue !== undefined) pushMs.observe(STAGE.queue, queue);
    pushMs.observe(STAGE.score, score);
    pushMs.observe(STAGE.replace, replace);
    pushMs.observe(STAGE.push, push);
  };
}

const placeOf = (stage: PushStage): number => PUSH_STAGES.indexOf(stage);
const STAGE = {
  ...{ ingest: placeOf('ingest'), queue: placeOf('queue'), score: placeOf('score') },
  ...{ replace: placeOf('replace'), push: placeOf('push') },
};
