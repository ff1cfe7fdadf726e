import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getOperationAST, parse } from 'graphql';
import type { CatalogueView } from '../../src/catalogue/catalogue';
import { buildSchema } from '../../src/gateway/build-schema';
import type { GatewayContext } from '../../src/gateway/gateway-context';
import { RecommendationUpdates } from '../../src/gateway/recommendation-updates';
import { ListPlans, type ListPlan } from '../../src/gateway/rendering/list-plans';
import { RenderedLists } from '../../src/gateway/rendering/rendered-lists';
import { systemClock } from '../../src/platform/clock';
import { LatestMailbox } from '../../src/push/latest-mailbox';
import { isNewer } from '../../src/push/list-order';
import { keepPlace, type Position, type RecommendationList } from '../../src/push/recommendation-list';
import { SELECTIONS, watchDocument, type Selection } from './delta-documents';
import { round } from './quantiles';

interface Replay {
  /** The lists of each user, oldest first. */
  readonly lists: readonly (readonly RecommendationList[])[];
  readonly items: CatalogueView;
  /** Turns that each way takes. */
  readonly rounds: number;
}

export type WritingCosts = Readonly<Record<Selection, { readonly listCpuUs: number; readonly deltaCpuUs: number }>>;

/** CPU of making the text of a list in µs, whole and as a delta, each for one subscription of a user; both take turns. */
export function writingCosts({ lists, items, rounds }: Replay): WritingCosts {
  const planOf = planner();
  const context = contextOver(items);
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  const costs = SELECTIONS.map((selection) => {
    const ways = (['list', 'delta'] as const).map((way) => ({ plan: planOf(selection, way), us: 0 }));
    for (let k = -1; k < rounds; k++) {
      for (const way of ways) {
        const before = process.cpuUsage();
        for (const own of lists) writeAll(way.plan, own, context);
        const { user, system } = process.cpuUsage(before);
        if (k >= 0) way.us += user + system; // the first warms up
      }
    }
    const [list, delta] = ways.map(({ us }) => round(us / rounds / count));
    return [selection, { listCpuUs: list!, deltaCpuUs: delta! }] as const;
  });
  return Object.fromEntries(costs) as WritingCosts;
}

const SUBSCRIPTIONS = 5_000;

/** Bytes that a subscription which is sent deltas holds beyond one which is sent lists, each with a list of its own. */
export function bytesRemembered({ lists, items }: Pick<Replay, 'lists' | 'items'>): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const planOf = planner();
  const context = contextOver(items);
  const json = JSON.stringify(lists[0]![0]);
  const bytesOf = (plan: ListPlan): number => {
    const rendered = new RenderedLists();
    collect();
    const before = process.memoryUsage().heapUsed;
    const open = Array.from({ length: SUBSCRIPTIONS }, () => writeAll(plan, [JSON.parse(json) as RecommendationList], context, rendered));
    collect();
    return (process.memoryUsage().heapUsed - before) / open.length;
  };
  const [listPlan, deltaPlan] = [planOf('shown', 'list'), planOf('shown', 'delta')];
  for (const plan of [listPlan, deltaPlan]) bytesOf(plan); // warms up
  return Math.round(bytesOf(deltaPlan) - bytesOf(listPlan));
}

function planner(): (selection: Selection, way: 'list' | 'delta') => ListPlan {
  const plans = new ListPlans(buildSchema());
  return (selection, way) => {
    const document = parse(watchDocument(selection, way));
    const plan = plans.planOf(document, getOperationAST(document)!, {});
    if (!plan) throw new Error('not a selection that is compiled');
    return plan;
  };
}

/** Has one subscription take each list as it comes. Returns it. */
function writeAll(
  plan: ListPlan,
  lists: readonly RecommendationList[],
  context: GatewayContext,
  rendered = new RenderedLists(),
): RecommendationUpdates {
  const mailbox = new LatestMailbox<RecommendationList, Position>(isNewer, keepPlace);
  const updates = new RecommendationUpdates(mailbox, {
    surface: 'home',
    first: 10,
    clock: systemClock,
    onUpdate: () => undefined,
    onEnd: () => undefined,
  });
  updates.follow({ onReady: () => undefined, onFailure: () => undefined });
  for (const list of lists) {
    mailbox.offer(list);
    rendered.render(plan, updates.take()!, context);
  }
  return updates;
}

/** No more than what these selections use. */
const contextOver = (items: CatalogueView): GatewayContext =>
  ({ items, identity: { tenant: 'default', userId: '', scopes: new Set() } }) as unknown as GatewayContext;
