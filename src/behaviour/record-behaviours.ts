import type { Counter } from 'prom-client';
import type { Clock, EpochMs } from '../platform/clock';
import { BeckonError } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { RecomputeRequester } from './recompute-requester';
import type { AppendedBehaviours, BehaviourLog } from './behaviour-log';
import type { BehaviourSettings } from './behaviour-settings';
import { cleanBehaviour, type CleanBehaviour, type TimePolicy } from './clean';
import type { BehaviourDraft, RecordedBehaviour, RecordOutcome, Rejection } from './outcome';

export interface RecordDeps {
  readonly log: BehaviourLog;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly settingsOf: (tenant: string) => BehaviourSettings;
  readonly topicsOf: (tenant: string, itemId: string) => readonly string[];
  readonly recompute: RecomputeRequester;
  /** Throws OVERLOADED while too much is waiting. */
  readonly admit: () => void;
  readonly cleaned: Counter<'step' | 'outcome'>;
  readonly warn: Log;
  readonly maxClockSkewMs: number;
  readonly maxLatenessMs: number;
}

export interface RecordRequest {
  readonly tenant: string;
  readonly drafts: readonly BehaviourDraft[];
  /** When the request arrived. */
  readonly receivedAt: EpochMs;
  readonly policy?: TimePolicy;
}

interface Indexed {
  readonly index: number;
  readonly clean: CleanBehaviour;
}

export function cleaningCounter(metrics: Metrics): Counter<'step' | 'outcome'> {
  return metrics.counter('beckon_cleaning_total', 'Behaviours by the last step of the cleaning pipeline that they reached', [
    'step',
    'outcome',
  ]);
}

/**
 * Cleans a batch, appends each user's part to the log in one atomic step, then asks for the lists that somebody watches.
 * Resolves when everything accepted is in the log. A bad behaviour is rejected by index; the others are kept. Users are
 * independent: when the store fails for some of them, or in the midst of a long batch of one, what is not known to be kept
 * is rejected as UNAVAILABLE and may be sent again.
 * @throws BeckonError OVERLOADED before anything is kept; UNAVAILABLE when nothing could be kept.
 */
export async function recordBehaviours(
  deps: RecordDeps,
  { tenant, drafts, receivedAt, policy = 'live' }: RecordRequest,
): Promise<RecordOutcome> {
  if (policy === 'live') deps.admit();
  const { byUser, rejected } = cleanAll(deps, { tenant, drafts, receivedAt, policy });
  const settings = deps.settingsOf(tenant);
  const topicsOf = (itemId: string): readonly string[] => deps.topicsOf(tenant, itemId);
  const { shortHalfLifeMs, longHalfLifeMs } = settings;
  const appended = await Promise.allSettled(
    [...byUser].map(([userId, batch]) =>
      deps.log.append({
        user: { tenant, userId },
        behaviours: batch.map(({ clean }) => clean),
        receivedAt,
        shortHalfLifeMs,
        longHalfLifeMs,
        topicsOf,
      }),
    ),
  );
  const failures = appended.filter((result) => result.status === 'rejected');
  if (failures.length > 0 && failures.length === appended.length) throw failures[0]!.reason;

  const recorded: RecordedBehaviour[] = [];
  const users: { userId: string; seq: number }[] = [];
  [...byUser].forEach(([userId, batch], k) => {
    const result = appended[k]!;
    const kept = result.status === 'rejected' ? 0 : result.value.verdicts.length;
    const failure = result.status === 'rejected' ? (result.reason as unknown) : result.value.failure;
    if (failure !== undefined) deps.warn.warn({ err: failure, tenant }, 'one user of a batch could not be recorded, or not all of it');
    rejected.push(...batch.slice(kept).map(unavailable));
    if (result.status === 'rejected') return;
    users.push({ userId, seq: result.value.seq });
    recorded.push(...verdicts(deps, userId, batch.slice(0, kept), result.value));
    for (const surface of result.value.watched) deps.recompute.request({ tenant, userId, surface }, 'behaviours');
  });
  const byIndex = (a: { index: number }, b: { index: number }): number => a.index - b.index;
  return { recorded: recorded.sort(byIndex), rejected: rejected.sort(byIndex), users };
}

function cleanAll(
  deps: RecordDeps,
  { tenant, drafts, receivedAt, policy = 'live' }: RecordRequest,
): { byUser: Map<string, Indexed[]>; rejected: Rejection[] } {
  const { newId, maxClockSkewMs, maxLatenessMs } = deps;
  const rules = { settings: deps.settingsOf(tenant), policy, now: receivedAt, maxClockSkewMs, maxLatenessMs, newId };
  const byUser = new Map<string, Indexed[]>();
  const rejected: Rejection[] = [];
  drafts.forEach((draft, index) => {
    const result = cleanBehaviour(draft, rules);
    if (!result.ok) {
      deps.cleaned.inc({ step: result.step, outcome: 'rejected' });
      rejected.push({ index, ...result.rejection });
      return;
    }
    const batch = byUser.get(result.clean.userId);
    if (batch) batch.push({ index, clean: result.clean });
    else byUser.set(result.clean.userId, [{ index, clean: result.clean }]);
  });
  return { byUser, rejected };
}

function verdicts(deps: RecordDeps, userId: string, batch: readonly Indexed[], appended: AppendedBehaviours): RecordedBehaviour[] {
  return batch.map(({ index, clean }, n) => {
    const { status, seq } = appended.verdicts[n]!;
    const step = status === 'accepted' ? 'weigh' : status;
    deps.cleaned.inc({ step, outcome: status === 'accepted' ? 'accepted' : 'dropped' });
    return { index, id: clean.behaviour.id, userId, status, seq };
  });
}

const unavailable = ({ index, clean: { behaviour, sentId } }: Indexed): Rejection => ({
  index,
  code: 'UNAVAILABLE',
  field: 'userId',
  message: 'the store did not answer for this user: send it again with the same id',
  ...(!sentId && { id: behaviour.id }),
});

/** Refuses work while more recompute jobs are waiting than the limit allows. */
export function admitBelow(limit: number, depth: () => number): () => void {
  return () => {
    const waiting = depth();
    if (waiting <= limit) return;
    throw new BeckonError('OVERLOADED', `${waiting} recomputes are waiting, the limit is ${limit}: try again later`, {
      retryAfterMs: 1000,
    });
  };
}
