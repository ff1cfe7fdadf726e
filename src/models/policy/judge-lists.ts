import type { EpochMs } from '../../platform/clock';
import type { JudgedDecision, ListDecision } from './decision';
import type { PolicyOptions } from './policy-options';

/** A list that was seen, with what its user did with each place of it. */
export interface SeenDecision extends ListDecision {
  /** Small non-negative number of the user. */
  readonly user: number;
  readonly at: EpochMs;
  /** [places] what was earned there: the sum of the rewards of the behaviours. */
  readonly earned: Float64Array;
}

const SESSION_GAP_MS = 1_800_000;

/**
 * The discounted reward of each place of each list. With r the earned of the places of list t of a session, G(t) = Σ r + γ · G(t + 1) is what the session
 * brings from there; after its last list comes the reward for coming back within `returnMs`. A place from which something was taken gets r + γ · G(t + 1): it
 * led there; one from which nothing was taken gets what it earned. Where a session ends with a list of which nothing was taken, its places share the
 * reward for quitting. Sessions too close to `until` to know whether the user came back are left out. Lists may come in any order; by user, then time.
 */
export function judgeLists(
  lists: readonly SeenDecision[],
  { discount, return: ofReturn, quit, returnMs }: Pick<PolicyOptions, 'discount' | 'return' | 'quit' | 'returnMs'>,
  until: EpochMs,
): JudgedDecision[] {
  const judged: JudgedDecision[] = [];
  for (const sessions of sessionsOf(lists)) {
    sessions.forEach((session, s) => {
      const endAt = session.at(-1)!.at;
      const nextAt = sessions[s + 1]?.[0]!.at ?? Infinity;
      const returned = nextAt - endAt <= returnMs;
      if (!returned && endAt + returnMs > until) return;
      let later = returned ? ofReturn : 0;
      for (let t = session.length - 1; t >= 0; t--) {
        const list = session[t]!;
        const total = list.earned.reduce((sum, earned) => sum + earned, 0);
        const isLeft = t === session.length - 1 && !list.earned.some((earned) => earned > 0);
        const shareOfQuit = isLeft ? quit / list.earned.length : 0;
        const rewards = list.earned.map((earned) => earned + (earned > 0 ? discount * later : 0) + shareOfQuit);
        judged.push({ ...list, rewards });
        later = total + (isLeft ? quit : 0) + discount * later;
      }
    });
  }
  return judged;
}

/** By user, then by session, each in the order of time. */
function sessionsOf(lists: readonly SeenDecision[]): SeenDecision[][][] {
  const byUser = new Map<number, SeenDecision[]>();
  for (const list of lists) {
    const own = byUser.get(list.user);
    if (own) own.push(list);
    else byUser.set(list.user, [list]);
  }
  return [...byUser.values()].map((own) => {
    const sessions: SeenDecision[][] = [];
    let lastAt = -Infinity;
    for (const list of own.sort((a, b) => a.at - b.at)) {
      if (list.at - lastAt > SESSION_GAP_MS) sessions.push([]);
      sessions.at(-1)!.push(list);
      lastAt = list.at;
    }
    return sessions;
  });
}
