import type { Clock, EpochMs } from '../platform/clock';
import type { Timeline } from '../push/recommendation-list';

/** How long each stage of a pushed list took, in ms to the µs; undefined where no behaviour caused it. */
export interface StageTimings {
  readonly ingest: number | undefined;
  readonly queue: number | undefined;
  readonly score: number;
  readonly replace: number;
  readonly push: number;
}

const PER_MS = 1000;

/** To the µs. Never negative: the stages are timed by the clocks of several processes, which may differ a little. */
const between = (from: EpochMs, to: EpochMs): number => (to > from ? Math.round((to - from) * PER_MS) / PER_MS : 0);

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

/** An update as far as it is timed. */
interface Timed {
  readonly view: { readonly list: { readonly timeline: Timeline } };
  readonly arrivedAt: EpochMs;
  timings?: StageTimings | undefined;
}

/** The timings of an update, of the moment at which they are asked for first. */
export const timingsOfUpdate = (update: Timed, clock: Clock): StageTimings =>
  (update.timings ??= stageTimings(update.view.list.timeline, { arrivedAt: update.arrivedAt, now: clock.now() }));
