/** A list as a watcher was sent it, read from the wire. */
export interface SeenList {
  readonly epoch: string;
  readonly revision: number;
  readonly appliedThrough: number;
  readonly recommendationId: string;
  readonly userId: string;
  readonly causeIds: readonly string[];
  readonly evidenceItemIds: readonly string[];
}

/** What the store went through since the list before: what may legitimately reset a place. */
export interface Since {
  /** The watcher subscribed anew. */
  readonly subscribedAnew: boolean;
  /** It said `after` then. */
  readonly resumed: boolean;
  /** Redis was started again since this epoch was first seen here, or lately; its file may have been whole. */
  readonly storeRestarted: boolean;
  /** The tail of its file was cut since the list before: acknowledged behaviour and stored lists of that window are gone. */
  readonly storeCut: boolean;
  /** The list before came shortly after a cut, if not before it: a worker that was held over the cut may have brought what is lost. */
  readonly storeCutLately: boolean;
}

const FALLBACK = 'fallback';

/**
 * Why `next` may not follow `last` on one screen, by docs/protocol.md, or undefined where it may. What a cut file loses is lost, so
 * across a cut anything may follow; across a restart of the store the epoch may be new, but nothing older.
 */
export function orderFault(last: SeenList | undefined, next: SeenList, since: Since): string | undefined {
  if (!last || last.epoch === FALLBACK || since.storeCut) return undefined;
  if (next.epoch === FALLBACK) return 'an impersonal list came after a real one';
  if (next.epoch !== last.epoch && since.storeCutLately) return undefined;
  if (next.appliedThrough < last.appliedThrough)
    return `applied ${next.appliedThrough} (${placeOf(next)}) came after applied ${last.appliedThrough} (${placeOf(last)})`;
  if (next.epoch !== last.epoch) return since.storeRestarted ? undefined : 'another epoch, though the store had lost nothing';
  if (next.revision < last.revision) return `revision ${next.revision} came after ${last.revision}`;
  if (next.revision > last.revision) return undefined;
  if (next.recommendationId !== last.recommendationId) return `two lists have revision ${next.revision}`;
  if (!since.subscribedAnew) return `revision ${next.revision} came twice on one subscription`;
  return since.resumed ? `revision ${next.revision} came again after resuming from it` : undefined;
}

const placeOf = ({ epoch, revision }: SeenList): string => `${epoch.slice(0, 8)}/${revision}`;
