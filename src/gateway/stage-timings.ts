import type { EpochMs } from '../platform/clock';
import type { Timeline } from '../push/recommendation-list';

/** How long each stage of a pushed list took, in ms; undefined where no behaviour caused it. */
export interface StageTimings {
  readonly ingest: number | undefined;
  readonly queue: number | undefined;
  readonly score: number;
  readonly replace: number;
  readonly push: number;
}

/** Never negative: the stages are timed by the clocks of several processes, which may differ a little. */
const between = (from: EpochMs, to: EpochMs): number => Math.max(0, to - from);

/** @param arrivedAt when the list reached this process. @param now when it is handed to the socket. */
export function stageTimings(
  { receivedAt, recordedAt, startedAt, scoredAt }: Timeline,
  { arrivedAt, now }: { readonly arrivedAt: EpochMs; readonly now: EpochMs },
): StageTimings {
  return {
    ingest: receivedAt === undefined || recordedAt === undefined ? undefined : between(receivedAt, recordedAt),
    queue: recordedAt === undefined ? undefined : between(recordedAt, startedAt),
    score: between(startedAt, scoredAt),
    replace: between(scoredAt, arrivedAt),
    push: between(arrivedAt, now),
  };
}
