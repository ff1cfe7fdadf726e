import { readListBody } from '../../src/push/is-list-body';
import type { RecommendationList } from '../../src/push/recommendation-list';

/** A list as the stock server answers with it: what the schema asks for that an announcement does not hold by the same name. */
export interface AnnouncedList extends RecommendationList {
  readonly timings: { readonly score: number; readonly replace: number; readonly push: number };
  readonly change: null;
}

/** Reads an announcement: the user, surface, epoch and revision, a line each, then the list. */
export function announcedList(message: string): AnnouncedList {
  const [, , epoch, revision] = message.split('\n', 4);
  const body = readListBody(message.slice(message.indexOf('{')));
  const { startedAt, scoredAt } = body.timeline;
  return {
    ...body,
    items: body.items.map((item, index) => ({ ...item, rank: index + 1 })),
    epoch: epoch!,
    revision: Number(revision),
    timings: { score: scoredAt - startedAt, replace: 0, push: 0 },
    change: null,
  };
}
