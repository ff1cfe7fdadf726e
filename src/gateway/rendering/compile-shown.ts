import { isObjectType, type FieldNode, type GraphQLObjectType } from 'graphql';
import type { ListView } from '../schema-mappers';
import type { Shown } from '../shown';
import { textDigest } from '../text-digest';
import { compileField, rootFields, type SelectionScope } from './compile-selection';
import { NotPlain, type Write } from './write';

/** What a list is to whoever is sent deltas of it. @throws what writing its items throws. */
export type Show<Context> = (view: ListView, context: Context) => Shown;

/**
 * How to find out what a subscription is shown of each item, for deltas: by the texts of what it selects in `delta { changed }`. They are
 * written with the same rank, so that an item which only moves does not count as changed.
 * @param nodes the selection of a RecommendationUpdate.
 * @returns undefined where no delta is selected.
 * @throws NotPlain when the selection cannot be compiled.
 */
export function compileShown<Context>(
  scope: SelectionScope<Context>,
  updateType: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Show<Context> | undefined {
  const deltas = fieldsNamed(scope, updateType, nodes, 'delta');
  if (deltas.length === 0) return undefined;
  const deltaType = scope.schema.getType('ListDelta');
  if (!isObjectType(deltaType)) throw new NotPlain('no type ListDelta');
  const writers = deltas.flatMap((delta) =>
    fieldsNamed(scope, deltaType, delta, 'changed').map((changed) => compileField(scope, deltaType, changed)),
  );
  return ({ list, first }, context) => {
    const items = list.items.slice(0, first);
    const digests = items.map((item) => digestOf(writers, { changed: [{ ...item, rank: 0 }] }, context));
    return { itemIds: items.map(({ itemId }) => itemId), digests };
  };
}

function digestOf<Context>(writers: readonly Write<Context>[], source: object, context: Context): number {
  let text = '';
  for (const write of writers) text += write(source, context);
  return textDigest(text);
}

/** The fields of that name, whatever their aliases: the nodes of each. */
function fieldsNamed<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  name: string,
): (readonly FieldNode[])[] {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return [...rootFields(scope, type, selections).values()].filter(([node]) => node!.name.value === name);
}
