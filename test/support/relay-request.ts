import {
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  parse,
  valueFromASTUntyped,
  type ArgumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ConcreteRequest, NormalizationArgument, NormalizationLinkedField, NormalizationScalarField } from 'relay-runtime';

/** Written alike for both sides of the store, which normalises answers and reads them back. */
type Field = NormalizationScalarField | (Omit<NormalizationLinkedField, 'selections'> & { readonly selections: readonly Field[] });

/**
 * What Relay's compiler makes of one operation, for documents of plain fields.
 * @throws Error for fragments and abstract types.
 */
export function relayRequest(schema: GraphQLSchema, text: string): ConcreteRequest {
  const operation = parse(text).definitions[0] as OperationDefinitionNode;
  const name = operation.name?.value ?? 'Unnamed';
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  const selections = fieldsOf(root, operation.selectionSet);
  const argumentDefinitions = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => ({
    kind: 'LocalArgument' as const,
    name: variable.name.value,
    defaultValue: defaultValue ? valueFromASTUntyped(defaultValue) : null,
  }));
  return {
    kind: 'Request',
    params: { id: null, cacheID: text, text, name, operationKind: operation.operation, metadata: {} },
    operation: { kind: 'Operation', name, argumentDefinitions, selections },
    fragment: { kind: 'Fragment', name, type: root.name, metadata: null, abstractKey: null, argumentDefinitions, selections },
  };
}

function fieldsOf(parent: GraphQLObjectType, { selections }: SelectionSetNode): Field[] {
  return selections.map((node) => {
    const field = node.kind === Kind.FIELD ? parent.getFields()[node.name.value] : undefined;
    if (node.kind !== Kind.FIELD || !field) throw new Error('plain fields only');
    const common = { name: node.name.value, alias: node.alias?.value ?? null, args: argumentsOf(node.arguments), storageKey: null };
    const type = getNamedType(field.type);
    if (isLeafType(type)) return { kind: 'ScalarField', ...common };
    if (!isObjectType(type)) throw new Error(`${type.name} is abstract`);
    const plural = isListType(getNullableType(field.type));
    return { kind: 'LinkedField', ...common, concreteType: type.name, plural, selections: fieldsOf(type, node.selectionSet!) };
  });
}

const argumentsOf = (nodes: readonly ArgumentNode[] = []): NormalizationArgument[] =>
  nodes.map(({ name, value }) =>
    value.kind === Kind.VARIABLE
      ? { kind: 'Variable', name: name.value, variableName: value.name.value }
      : { kind: 'Literal', name: name.value, value: valueFromASTUntyped(value) },
  );
