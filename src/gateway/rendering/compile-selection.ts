import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  typeFromAST,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';
import { leafWriter } from './leaf-writer';
import { quote } from './quote';
import { NotPlain, type Write } from './write';

/** Compiles a field in its own way, given the usual one; undefined: it has none for this field. */
export type OtherWay<Context> = (
  scope: SelectionScope<Context>,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
  usual: Write<Context>,
) => Write<Context> | undefined;

/** What a selection is compiled against. Variables are coerced; those that the selection does not use make no difference. */
export interface SelectionScope<Context> {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Carries the type of the context that the resolvers are given. */
  readonly contextType?: Context;
  readonly otherWay?: OtherWay<Context>;
}

/** A resolver that uses no more than its three first arguments. */
type PlainResolver<Context> = (source: unknown, args: Readonly<Record<string, unknown>>, context: Context) => unknown;

const NO_ARGUMENTS: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * Writes the JSON of one field of an object as graphql-js would answer it, or throws `NotPlain` where its answer would not be that of
 * plain data: an error, a promise, a value of a wrong kind. Whoever gets that asks graphql-js. Compiled once, run for every answer.
 * @throws NotPlain when the selection itself cannot be compiled: an abstract type, a resolver that wants `info`, an unknown directive.
 */
export function compileField<Context>(
  scope: SelectionScope<Context>,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Write<Context> {
  const usual = compileUsually(scope, parent, nodes);
  return scope.otherWay?.(scope, parent, nodes, usual) ?? usual;
}

function compileUsually<Context>(scope: SelectionScope<Context>, parent: GraphQLObjectType, nodes: readonly FieldNode[]): Write<Context> {
  const [node] = nodes;
  const field = parent.getFields()[node!.name.value] as GraphQLField<unknown, unknown> | undefined;
  if (!field) throw new NotPlain(`no field ${parent.name}.${node!.name.value}`);
  const write = compileValue(scope, field.type, nodes);
  if (!field.resolve) {
    const { name } = field;
    return (source, context) => write(propertyOf(source, name), context);
  }
  const resolve = plainResolver<Context>(field);
  const args = field.args.length === 0 ? NO_ARGUMENTS : getArgumentValues(field, node!, scope.variables);
  return (source, context) => write(resolve(source, args, context), context);
}

/** As graphql-js takes it: from objects only. */
const propertyOf = (source: unknown, name: string): unknown =>
  typeof source === 'object' ? (source as Readonly<Record<string, unknown>>)[name] : undefined;

/** @throws NotPlain for one that wants `info`. */
export function plainResolver<Context>(field: GraphQLField<unknown, unknown>): PlainResolver<Context> {
  const resolve = field.resolve!;
  if (resolve.length > 3) throw new NotPlain(`${field.name} wants more than plain data`);
  const noInfo = undefined as unknown as GraphQLResolveInfo; // not looked at: see above
  return (source, args, context) => resolve(source, args, context, noInfo);
}

/** Writes a value of a type. @throws NotPlain when it cannot be compiled. */
export function compileValue<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
): Write<Context> {
  if (isNonNullType(type)) {
    const write = compileValue(scope, type.ofType, nodes);
    return (value, context) => {
      if (value === null || value === undefined) throw new NotPlain('null where there must be a value');
      return write(value, context);
    };
  }
  if (isListType(type)) return nullOr(listWriter(compileValue(scope, type.ofType, nodes)));
  if (isLeafType(type)) return nullOr(leafWriter(type));
  if (isAbstractType(type) || type.isTypeOf) throw new NotPlain(`${getNamedType(type).name} is resolved for each value`);
  return nullOr(objectWriter(scope, type, nodes));
}

const nullOr =
  <Context>(write: Write<Context>): Write<Context> =>
  (value, context) =>
    value === null || value === undefined ? 'null' : write(value, context);

const listWriter =
  <Context>(write: Write<Context>): Write<Context> =>
  (value, context) => {
    if (!Array.isArray(value)) throw new NotPlain('not an array');
    let text = '[';
    for (let k = 0; k < value.length; k++) text += k === 0 ? write(value[k], context) : `,${write(value[k], context)}`;
    return `${text}]`;
  };

interface Member<Context> {
  readonly head: string;
  readonly write: Write<Context>;
}

function objectWriter<Context>(scope: SelectionScope<Context>, type: GraphQLObjectType, nodes: readonly FieldNode[]): Write<Context> {
  const members: Member<Context>[] = [...fieldsByKey(scope, type, nodes)].map(([key, fields], index) => ({
    head: `${index === 0 ? '{' : ','}${quote(key)}:`,
    write: fields[0]!.name.value === '__typename' ? () => quote(type.name) : compileField(scope, type, fields),
  }));
  if (members.length === 0) return () => '{}';
  return (value, context) => {
    if (!isPlainSource(value)) throw new NotPlain('not a plain object');
    let text = '';
    for (const { head, write } of members) text += head + write(value, context);
    return `${text}}`;
  };
}

/** An object, or the text that a type with resolvers only is: the id of a topic. */
const isPlainSource = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && !(value instanceof Error) && !('then' in value!));

/** What is selected of an object, by response key. */
export function fieldsByKey<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const byKey = new Map<string, FieldNode[]>();
  for (const node of nodes) collect(scope, type, node.selectionSet?.selections ?? [], byKey, new Set());
  return byKey;
}

/** CollectFields of the specification, for a type that is known. */
function collect<Context>(
  scope: SelectionScope<Context>,
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  byKey: Map<string, FieldNode[]>,
  visited: Set<string>,
): void {
  for (const node of selections) {
    if (!included(scope, node)) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      const known = byKey.get(key);
      if (known) known.push(node);
      else byKey.set(key, [node]);
      continue;
    }
    if (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value)) continue;
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? scope.fragments[node.name.value] : node;
    if (node.kind === Kind.FRAGMENT_SPREAD) visited.add(node.name.value);
    if (fragment && applies(scope.schema, type, fragment.typeCondition)) {
      collect(scope, type, fragment.selectionSet.selections, byKey, visited);
    }
  }
}

function included<Context>({ variables }: SelectionScope<Context>, node: SelectionNode): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: FragmentDefinitionNode['typeCondition'] | undefined): boolean {
  if (!condition) return true;
  const named = typeFromAST(schema, condition);
  return named === type || (isAbstractType(named) && schema.isSubType(named, type));
}

/** The fields of an operation's top, by response key. @throws GraphQLError for a directive without its variable. */
export function rootFields<Context>(
  scope: SelectionScope<Context>,
  root: GraphQLObjectType,
  selections: readonly SelectionNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  if (!isObjectType(root)) throw new NotPlain('no such kind of operation');
  const byKey = new Map<string, FieldNode[]>();
  collect(scope, root, selections, byKey, new Set());
  return byKey;
}
