import { FewAtATime } from '../platform/few-at-a-time';
import type { Metrics } from '../platform/metrics';

/** Watches whose current list is being read: their answers come in one piece from the store, and are decoded in one go. */
const BEGINNING = 64;
const MOST_WAITING = 20_000;

/** Through which watches begin, so that a crowd of them leaves room for everything else. */
export function watchesBeginning(metrics: Metrics): FewAtATime {
  const beginning = new FewAtATime(BEGINNING, MOST_WAITING, 'subscriptions');
  metrics.observed('beckon_gateway_waiting_watches', 'Subscriptions that wait for their first list to be read', () => beginning.waiting);
  return beginning;
}
