import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';

export interface RepeatLimits {
  /** Most times that a field may be asked for at one place of the answer, each use of a fragment counted. */
  readonly maxRepeats: number;
  /** After so many fields the counting ends: the document is past another limit. */
  readonly maxFields: number;
}

/**
 * A validation rule that refuses documents which ask for the same field at the same place over and over. The specification has every two
 * fields of one place compared with each other, and what is below them too: a thousand of them, in two kilobytes, cost a quarter of a second.
 */
export function fieldRepeats({ maxRepeats, maxFields }: RepeatLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const name = mostRepeated(context, node.selectionSet, { maxRepeats, maxFields });
      if (name === undefined) return;
      const message = `The document is too large: it asks for ${name} more than ${maxRepeats} times at one place. Ask once.`;
      context.reportError(new GraphQLError(message, { nodes: [node] }));
    },
  });
}

/** One place of the answer: how often each field is asked for there, and the places below. */
type Place = Map<string, { times: number; readonly below: Place }>;

function mostRepeated(context: ValidationContext, root: SelectionSetNode, { maxRepeats, maxFields }: RepeatLimits): string | undefined {
  const open = new Set<string>();
  let left = maxFields;
  const count = ({ selections }: SelectionSetNode, place: Place): string | undefined => {
    for (const node of selections) {
      if (left <= 0) return undefined;
      let found: string | undefined;
      if (node.kind === Kind.INLINE_FRAGMENT) found = count(node.selectionSet, place);
      else if (node.kind === Kind.FRAGMENT_SPREAD) found = countFragment(node.name.value, place);
      else {
        left--;
        const name = (node.alias ?? node.name).value;
        const field = place.get(name) ?? { times: 0, below: new Map() };
        place.set(name, field);
        if (++field.times > maxRepeats) return name;
        if (node.selectionSet) found = count(node.selectionSet, field.below);
      }
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const countFragment = (name: string, place: Place): string | undefined => {
    const fragment = open.has(name) ? undefined : context.getFragment(name); // unknown, or a cycle: other rules report those
    if (!fragment) return undefined;
    open.add(name);
    const found = count(fragment.selectionSet, place);
    open.delete(name);
    return found;
  };
  return count(root, new Map());
}
