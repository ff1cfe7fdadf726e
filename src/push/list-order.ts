import type { Position } from './recommendation-list';

/** Whether a list at `next` may follow one at `last`: a higher revision, or another epoch (the store began anew). */
export const isNewer = (next: Position, last: Position): boolean => next.epoch !== last.epoch || next.revision > last.revision;
