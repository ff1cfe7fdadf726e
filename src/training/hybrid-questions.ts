import type { TrainingEvents } from '../models/model';
import type { EpochMs } from '../platform/clock';
import type { BlendQuestion } from '../ranking/learnt-blend/case-builder';
import { queryBefore, type HoldOut } from './hold-out';
import type { ShownList } from './shown-lists';

/** A question with the time at which it was open. */
export interface DatedQuestion extends BlendQuestion {
  readonly at: EpochMs;
}

/** What each user liked next, as questions: of these cases one item is right. */
export const nextItemQuestions = (cases: HoldOut['cases']): DatedQuestion[] =>
  cases.map(({ user, query, targets, excluded, at }) => ({ user, query, positives: targets, excluded, at }));

/**
 * Lists of one surface that were shown after `from`, to a user with a history, as questions: what of the list was taken? Rows are numbers of
 * `itemIds`; items without a behaviour have none, and are left out. At most `most`, the newest.
 */
export function shownQuestions(
  events: TrainingEvents,
  lists: readonly ShownList[],
  { surface, from, most }: { readonly surface: string; readonly from: EpochMs; readonly most: number },
): DatedQuestion[] {
  const wanted = lists.filter((list) => list.surface === surface && list.at > from).slice(-most);
  const users = new Map(events.userIds.map((id, number) => [id, number]));
  const rows = new Map(events.itemIds.map((id, number) => [id, number]));
  const timelines = new Map<number, number[]>();
  for (const { userId } of wanted) if (users.has(userId)) timelines.set(users.get(userId)!, []);
  for (let event = 0; event < events.users.length; event++) timelines.get(events.users[event]!)?.push(event);
  const rowsOf = (ids: ReadonlySet<string>): number[] => [...ids].flatMap((id) => rows.get(id) ?? []);
  return wanted.flatMap(({ userId, at, shown, taken }): DatedQuestion[] => {
    const user = users.get(userId);
    if (user === undefined) return [];
    const timeline = timelines.get(user)!;
    const later = timeline.findIndex((event) => events.times[event]! >= at);
    const query = queryBefore(events, timeline, later < 0 ? timeline.length : later, at);
    return query.history.length === 0 ? [] : [{ user, query, positives: rowsOf(taken), given: rowsOf(shown), at }];
  });
}
