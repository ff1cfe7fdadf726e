import { BeckonError } from '../../platform/errors';
import { isNobody } from '../../profile/nobody';
import type { ListKey } from '../../push/ports';
import { subjectOf } from '../auth/authorise';
import type { GatewayContext } from '../gateway-context';
import type { ScoredItem } from '../gateway-deps';
import type { Resolvers } from '../generated/schema-types';
import { checkFirst, checkIdentifier, checkSurface, checkText } from '../limits/check-arguments';
import { RecommendationUpdates } from '../recommendation-updates';
import type { RankedItem } from '../schema-mappers';
import { timingsOfUpdate } from '../stage-timings';
import { visible } from './catalogue';

const MAX_CATEGORY_CHARS = 128;

export const recommendationResolvers = {
  Query: {
    recommendations: async (_, args, context) => {
      const key = listKeyOf(context, args);
      const first = checkFirst(args.first);
      const minSeq = args.minSeq ?? undefined;
      const { list, stale } = await context.deps.lists.read({ key, ...(minSeq !== undefined && { minSeq }) });
      return { list, first, stale };
    },

    why: async (_, { item, ...args }, context) => {
      const key = listKeyOf(context, args);
      checkIdentifier(item, 'item');
      if (!context.items.get(item)) throw new BeckonError('NOT_FOUND', 'there is no such item', { field: 'item' });
      const { deps } = context;
      const answer = await deps.lists.why(key, item);
      return { itemId: item, personalised: await isPersonalised(deps, key), answer };
    },

    relatedItems: async (_, { item, first }, context) => {
      const { deps, identity } = context;
      const request = { tenant: identity.tenant, itemId: checkIdentifier(item, 'item'), first: checkFirst(first) };
      return ranked(context, await deps.lists.related(request));
    },

    popularItems: async (_, { category, window, first }, context) => {
      const { deps, identity } = context;
      const within = category === null || category === undefined ? {} : { category: checkText(category, 'category', MAX_CATEGORY_CHARS) };
      return ranked(context, await deps.lists.popular({ tenant: identity.tenant, window, first: checkFirst(first), ...within }));
    },
  },

  Subscription: {
    recommendations: {
      subscribe: async (_, args, context) => {
        const key = listKeyOf(context, args);
        const first = checkFirst(args.first);
        const after = args.after ?? undefined;
        if (after) checkText(after.epoch, 'after.epoch', MAX_CATEGORY_CHARS);
        const { deps, metrics, onUpdate } = context;
        const watch = await deps.lists.watch(key, after);
        metrics.openSubscriptions.inc();
        const onEnd = (): void => metrics.openSubscriptions.dec();
        return new RecommendationUpdates(watch, { surface: key.surface, first, clock: deps.clock, onUpdate, onEnd });
      },
    },
  },

  RecommendationUpdate: {
    list: ({ view }) => view,
    full: ({ view, delta }) => (delta ? null : view),
    cause: ({ view }) => view.list.cause,
    position: ({ view }) => view.list,
    appliedThrough: ({ view }) => view.list.appliedThrough,
    timings: (update, _, { deps }) => timingsOfUpdate(update, deps.clock),
  },

  ListDelta: {
    recommendationId: ({ list }) => list.id,
    position: ({ list }) => list,
    appliedThrough: ({ list }) => list.appliedThrough,
    fallback: ({ list }) => list.fallback,
    computedAt: ({ list }) => list.timeline.scoredAt,
  },

  RecommendationList: {
    recommendationId: ({ list }) => list.id,
    userId: ({ list }) => list.userId,
    personalised: ({ list }) => !isNobody(list),
    surface: ({ list }) => list.surface,
    items: ({ list, first }) => list.items.slice(0, first).map((item, index) => ({ ...item, rank: index + 1 })),
    position: ({ list }) => list,
    appliedThrough: ({ list }) => list.appliedThrough,
    fallback: ({ list }) => list.fallback,
    computedAt: ({ list }) => list.timeline.scoredAt,
    cost: ({ list }) => list.cost,
  },

  Explanation: {
    item: ({ itemId }, _, context) => visible(context, itemId),
    rank: ({ answer }) => answer.rank,
    listSize: ({ answer }) => answer.listSize,
    fallback: ({ answer }) => answer.fallback,
    score: ({ answer }) => answer.item?.score,
    sources: ({ answer }) => answer.item?.sources ?? [],
    reason: ({ answer }) => answer.item?.reason,
    leftOut: ({ answer }) => answer.leftOut,
    counterfactuals: ({ answer }) => answer.counterfactuals,
  },

  Counterfactual: { item: ({ itemId }, _, context) => visible(context, itemId) },
  Recommendation: { item: ({ itemId }, _, context) => visible(context, itemId) },
  Evidence: { item: ({ itemId }, _, context) => visible(context, itemId) },
  RankedItem: { item: ({ itemId }, _, context) => visible(context, itemId) },
} satisfies Resolvers;

function listKeyOf(
  { deps, identity }: GatewayContext,
  { surface, userId }: { readonly surface: string; readonly userId?: string | null | undefined },
): ListKey {
  const user = subjectOf(identity, userId, { scope: 'read:any' });
  return { ...user, surface: checkSurface(surface, deps.surfacesOf(user.tenant)) };
}

/** Without what has been hidden since the answer was made: answers are shared for a moment. */
const ranked = (context: GatewayContext, items: readonly ScoredItem[]): RankedItem[] =>
  items.filter(({ itemId }) => visible(context, itemId)).map((item, index) => ({ ...item, rank: index + 1 }));

/** Whether lists of a key are made from the user's profile. */
async function isPersonalised({ choices, personalisationOf }: GatewayContext['deps'], key: ListKey): Promise<boolean> {
  const mode = personalisationOf(key.tenant, key.surface);
  return mode === 'always' || (mode === 'choice' && !(await choices.isOff(key)));
}
