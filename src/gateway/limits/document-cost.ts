import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  Kind,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { MAX_FIRST } from './check-arguments';

export type Variables = Readonly<Record<string, unknown>>;
/** What an operation costs with these variables: the number of fields that its answer may hold, and of list entries that it sends. */
export type OperationCost = (variables: Variables) => number;

/** Root fields that are work for a worker, by how many fields of an answer they count besides. */
const WORK: Readonly<Record<string, number>> = { why: 1_000 };

/** How long a list is taken to be of which the caller does not say. */
const UNSAID_LIST = 10;

interface CostRules {
  readonly schema: GraphQLSchema;
  /** Longest list that a mutation takes; a longer one is refused by its resolver before any work. */
  readonly maxBatch: number;
}

/**
 * The cost of an operation of a document that has been validated and is within the other limits. A field costs 1; what is below a list
 * costs as often as the list is long: `first`, or the length of a list among the arguments, of the nearest field that has one, else 10.
 * Lists below that list count 10. What has a worker make lists anew counts as much as it says (`WORK`). A list that is sent costs its length besides. `@skip` and `@include` are left out of account.
 */
export function operationCost(document: DocumentNode, operation: OperationDefinitionNode, rules: CostRules): OperationCost {
  const root = rules.schema.getRootType(operation.operation);
  return root ? new Reckoner(document, operation, rules).selection(operation.selectionSet, root, undefined) : () => 0;
}

/** Length of a list, by the variables. */
type Size = (variables: Variables) => number;

class Reckoner {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly defaults = new Map<string, unknown>();

  constructor(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    private readonly rules: CostRules,
  ) {
    for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue?.kind === Kind.INT) this.defaults.set(variable.name.value, Number(defaultValue.value));
  }

  /** @param size length of the next list below; undefined: not said. */
  selection({ selections }: SelectionSetNode, type: GraphQLNamedType, size: Size | undefined): OperationCost {
    const costs = selections.map((node): OperationCost => {
      if (node.kind === Kind.FIELD) return this.field(node, type, size);
      if (node.kind === Kind.INLINE_FRAGMENT)
        return this.selection(node.selectionSet, this.named(node.typeCondition?.name.value, type), size);
      const fragment = this.fragments.get(node.name.value);
      return fragment ? this.selection(fragment.selectionSet, this.named(fragment.typeCondition.name.value, type), size) : () => 0;
    });
    return (variables) => costs.reduce((sum, cost) => sum + cost(variables), 0);
  }

  private field(node: FieldNode, parent: GraphQLNamedType, inherited: Size | undefined): OperationCost {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return () => 1; // __typename, __schema, __type: graphql-js bounds what is below itself
    const sent = this.sent(node, field);
    const size = this.first(node, field) ?? sent ?? inherited;
    const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const type = getNamedType(field.type);
    const inside =
      node.selectionSet && isCompositeType(type) ? this.selection(node.selectionSet, type, isList ? undefined : size) : () => 0;
    const work = parent === this.rules.schema.getQueryType() ? (WORK[node.name.value] ?? 0) : 0;
    const times = isList ? (size ?? (() => UNSAID_LIST)) : () => 1;
    return (variables) => 1 + work + (sent?.(variables) ?? 0) + times(variables) * inside(variables);
  }

  private first(node: FieldNode, field: GraphQLField<unknown, unknown>): Size | undefined {
    const declared = field.args.find(({ name }) => name === 'first');
    if (!declared) return undefined;
    return this.argument(node, 'first', (value) => {
      const asked = value ?? declared.defaultValue;
      return typeof asked === 'number' && asked >= 0 ? Math.min(asked, MAX_FIRST) : UNSAID_LIST; // past 50 it is refused before any work
    });
  }

  private sent(node: FieldNode, field: GraphQLField<unknown, unknown>): Size | undefined {
    const lists = field.args.filter(({ type }) => isListOf(type)).map(({ name }) => name);
    if (!lists.some((name) => node.arguments?.some((argument) => argument.name.value === name))) return undefined;
    const lengthOf = (value: unknown): number => (Array.isArray(value) ? Math.min(value.length, this.rules.maxBatch) : 1);
    const sizes = lists.map((name) => this.argument(node, name, lengthOf));
    return (variables) => sizes.reduce((most, size) => Math.max(most, size(variables)), 0);
  }

  /** The size that `read` makes of an argument: of an integer or a list, or undefined where it is not given. */
  private argument(node: FieldNode, name: string, read: (value: unknown) => number): Size {
    const value = node.arguments?.find((argument: ArgumentNode) => argument.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      const unset = this.defaults.get(variable);
      return (variables) => read(variables[variable] ?? unset);
    }
    const size = read(value?.kind === Kind.INT ? Number(value.value) : value?.kind === Kind.LIST ? value.values : undefined);
    return () => size;
  }

  private named(name: string | undefined, otherwise: GraphQLNamedType): GraphQLNamedType {
    return (name !== undefined && this.rules.schema.getType(name)) || otherwise;
  }
}

const isListOf = (type: GraphQLType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
