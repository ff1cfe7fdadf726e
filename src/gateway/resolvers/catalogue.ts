import type { Item } from '../../catalogue/item';
import { badInput } from '../../platform/errors';
import { requireScope } from '../auth/authorise';
import type { GatewayContext } from '../gateway-context';
import type { CatalogueOutcome } from '../../catalogue/catalogue';
import type { ItemVectorInput, QueryItemsArgs, Resolvers } from '../generated/schema-types';
import { checkBatch, checkCount, checkFirst, checkIdentifier, checkText } from '../limits/check-arguments';
import { cursorOf, itemIdOfCursor, pageOfItems, type ItemPage } from '../page-of-items';

const MAX_CATEGORY_CHARS = 128;
const MAX_CURSOR_CHARS = 512;

export const catalogueResolvers = {
  Query: {
    item: (_, { id }, context) => visible(context, checkIdentifier(id, 'id')),

    items: (_, args, context) => {
      const { nodes, hasNextPage } = args.ids ? itemsById(context, args, args.ids) : itemsByPage(context, args);
      const edges = nodes.map((node) => ({ node, cursor: cursorOf(node.id) }));
      return { edges, nodes, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor } };
    },
  },

  Mutation: {
    upsertItems: async (_, { items }, context) => {
      const { tenant } = writer(context, items, 'items');
      return payload(await context.deps.catalogue.upsert(tenant, items.map(withVectorRecord)));
    },
    patchItems: async (_, { patches }, context) => {
      const { tenant } = writer(context, patches, 'patches');
      return payload(await context.deps.catalogue.patch(tenant, patches.map(withVectorRecord)));
    },
    hideItems: async (_, { ids }, context) => {
      const { tenant } = writer(context, ids, 'ids');
      return payload(await context.deps.catalogue.setHidden(tenant, ids, true));
    },
    showItems: async (_, { ids }, context) => {
      const { tenant } = writer(context, ids, 'ids');
      return payload(await context.deps.catalogue.setHidden(tenant, ids, false));
    },
  },

  Item: {
    parts: ({ parts = [] }) => parts,
    vectors: ({ vectors = {} }) => Object.entries(vectors).map(([modality, values]) => ({ modality, values })),
  },
} satisfies Resolvers;

/** An item as this caller may see it: hidden ones are for those who write the catalogue. */
export function visible({ items, identity }: GatewayContext, itemId: string): Item | undefined {
  const item = items.get(itemId);
  return item?.hidden && !identity.scopes.has('catalogue:write') ? undefined : item;
}

function itemsById(
  context: GatewayContext,
  { category, after }: Pick<QueryItemsArgs, 'category' | 'after'>,
  ids: readonly string[],
): ItemPage {
  if (category !== null && category !== undefined) throw badInput('category', 'category cannot be combined with ids');
  if (after !== null && after !== undefined) throw badInput('after', 'after cannot be combined with ids: they come in one page');
  checkCount(ids, 'ids', context.limits.maxBatch);
  const nodes = ids.map((id, index) => visible(context, checkIdentifier(id, `ids[${index}]`))).filter((item) => item !== undefined);
  return { nodes, hasNextPage: false };
}

function itemsByPage(
  context: GatewayContext,
  { category, first, after }: Pick<QueryItemsArgs, 'category' | 'after'> & { readonly first: number },
): ItemPage {
  const wanted = category === null || category === undefined ? undefined : checkText(category, 'category', MAX_CATEGORY_CHARS);
  const showHidden = context.identity.scopes.has('catalogue:write');
  return pageOfItems(context.items, {
    first: checkFirst(first),
    after: after === null || after === undefined ? undefined : placeOf(after),
    accepts: ({ hidden, categories }) => (showHidden || !hidden) && (wanted === undefined || categories.includes(wanted)),
  });
}

function placeOf(cursor: string): string {
  const itemId = itemIdOfCursor(checkText(cursor, 'after', MAX_CURSOR_CHARS));
  if (itemId === undefined) throw badInput('after', 'after must be a cursor from pageInfo.endCursor');
  return itemId;
}

function writer({ identity, limits }: GatewayContext, batch: readonly unknown[], field: string): GatewayContext['identity'] {
  requireScope(identity, 'catalogue:write');
  checkBatch(batch, field, limits.maxBatch);
  return identity;
}

const payload = ({ items, rejected }: CatalogueOutcome) => ({ items, rejections: rejected });

/** Embeddings by modality, as the catalogue keeps them. */
function withVectorRecord<T extends { readonly vectors?: readonly ItemVectorInput[] | null | undefined }>({ vectors, ...rest }: T): object {
  if (vectors === undefined) return rest;
  return { ...rest, vectors: vectors && Object.fromEntries(vectors.map(({ modality, values }) => [modality, values])) };
}
