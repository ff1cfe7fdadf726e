import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface DocumentLimits {
  /** Deepest nesting of fields; introspection is left out of account (graphql-js bounds it itself). */
  readonly maxDepth: number;
  /** Most fields at the top: each one is work of its own. */
  readonly maxRootFields: number;
  /** Most fields in all, each use of a fragment counted. */
  readonly maxFields: number;
  /** Most aliases, each use of a fragment counted. */
  readonly maxAliases: number;
  /** Most directives, each use of a fragment counted. */
  readonly maxDirectives: number;
}

/** Size of what a selection set expands to. Counts stop growing at `CEILING`, so nested fragments cannot overflow them. */
interface Extent {
  readonly depth: number;
  readonly rootFields: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const CEILING = 1_000_000;
const NOTHING: Extent = { depth: 0, rootFields: 0, fields: 0, aliases: 0, directives: 0 };

const both = (a: Extent, b: Extent): Extent => ({
  depth: Math.max(a.depth, b.depth),
  rootFields: Math.min(CEILING, a.rootFields + b.rootFields),
  fields: Math.min(CEILING, a.fields + b.fields),
  aliases: Math.min(CEILING, a.aliases + b.aliases),
  directives: Math.min(CEILING, a.directives + b.directives),
});

const directivesOf = (node: { readonly directives?: readonly unknown[] | undefined }): Extent => ({
  ...NOTHING,
  directives: node.directives?.length ?? 0,
});

/** Measures selection sets; each fragment once, so that the cost is that of the text, not of what it expands to. */
class Ruler {
  private readonly known = new Map<string, Extent>();
  private readonly open = new Set<string>();

  constructor(private readonly fragment: (name: string) => FragmentDefinitionNode | null | undefined) {}

  measure({ selections }: SelectionSetNode): Extent {
    let total = NOTHING;
    for (const node of selections) {
      if (node.directives?.length) total = both(total, directivesOf(node));
      if (node.kind === Kind.INLINE_FRAGMENT) total = both(total, this.measure(node.selectionSet));
      else if (node.kind === Kind.FRAGMENT_SPREAD) total = both(total, this.measureFragment(node.name.value));
      else {
        const inside = node.selectionSet ? this.measure(node.selectionSet) : NOTHING;
        const depth = node.name.value.startsWith('__') ? 1 : inside.depth + 1;
        const aliases = inside.aliases + (node.alias ? 1 : 0);
        total = both(total, { depth, rootFields: 1, fields: inside.fields + 1, aliases, directives: inside.directives });
      }
    }
    return total;
  }

  private measureFragment(name: string): Extent {
    const known = this.known.get(name);
    if (known) return known;
    const definition = this.fragment(name);
    if (!definition || this.open.has(name)) return NOTHING; // unknown, or a cycle: other rules report those
    this.open.add(name);
    const extent = both(directivesOf(definition), this.measure(definition.selectionSet));
    this.open.delete(name);
    this.known.set(name, extent);
    return extent;
  }
}

/** A validation rule that refuses documents which ask for too much at once. */
export function documentLimits({ maxDepth, maxRootFields, maxFields, maxAliases, maxDirectives }: DocumentLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => {
    const ruler = new Ruler((name) => context.getFragment(name));
    return {
      OperationDefinition(node) {
        const heads = [node, ...(node.variableDefinitions ?? [])].map(directivesOf);
        const extent = heads.reduce(both, ruler.measure(node.selectionSet));
        const refuse = (what: string, found: number, most: number): void => {
          if (found <= most) return;
          context.reportError(
            new GraphQLError(`The document is too large: ${what} ${found}, at most ${most} is allowed. Ask for less at once.`, {
              nodes: [node],
            }),
          );
        };
        refuse('its depth is', extent.depth, maxDepth);
        refuse('its number of fields at the top is', extent.rootFields, maxRootFields);
        refuse('its number of fields is', extent.fields, maxFields);
        refuse('its number of aliases is', extent.aliases, maxAliases);
        refuse('its number of directives is', extent.directives, maxDirectives);
        return undefined;
      },
    };
  };
}
