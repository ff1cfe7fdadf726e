import {
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../gateway-context';
import type { RecommendationUpdate } from '../schema-mappers';
import { timingsOfUpdate, type StageTimings } from '../stage-timings';
import { compileAnnouncedCause, compileAnnouncedItems } from './compile-announced';
import { compilePieces, type Pieces } from './compile-pieces';
import { compileChange, compileTimings } from './compile-sent';
import { compileField, rootFields, type OtherWay, type SelectionScope } from './compile-selection';
import { compileShown, type Show } from './compile-shown';
import { NotPlain, type Write } from './write';

/** The subscription whose answers are compiled. */
const ROOT_FIELD = 'recommendations';
/** Variables inside a selection make a plan for each of their values; a document with more than this goes the slow way. */
const MOST_PLANS = 50;

/** How to write every answer of one selection; the same object for every subscription that selects the same. */
export interface ListPlan {
  /** The payload of `next`, in UTF-8: `{"data":{…}}`. @throws NotPlain, or what a resolver throws: graphql-js has to answer. */
  write(update: RecommendationUpdate, context: GatewayContext): string;
  /** Absent: no delta is asked for. */
  readonly show?: Show<GatewayContext> | undefined;
  /** The same in pieces, of which most can be written before; absent: not to be had so. */
  readonly pieces?: Pieces<GatewayContext> | undefined;
  /** What the plan was made of: whoever has the same schema makes the same plan of it. */
  readonly source: PlanSource;
}

export interface PlanSource {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** Those that change what is selected. */
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Plans {
  /** Variables that change what is selected, in alphabetical order; those of the arguments at the top do not. */
  readonly variables: readonly string[];
  readonly byValues: Map<string, ListPlan | undefined>;
}

/** Compiles subscriptions to lists, each distinct selection once, for as long as its document is kept. */
export class ListPlans {
  private readonly plans = new WeakMap<OperationDefinitionNode, Plans>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** The plan of an operation that has been validated; undefined where graphql-js has to answer each event. */
  planOf(document: DocumentNode, operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>): ListPlan | undefined {
    const { coerced } = getVariableValues(this.schema, operation.variableDefinitions ?? [], given);
    return coerced && this.planOfSelection(document, operation, coerced); // otherwise graphql-js will say what is wrong
  }

  /** @param coerced only those variables that are inside the selection are looked at. */
  planOfSelection(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    coerced: Readonly<Record<string, unknown>>,
  ): ListPlan | undefined {
    let plans = this.plans.get(operation);
    if (!plans) {
      plans = { variables: variablesThatSelect(document, operation), byValues: new Map() };
      this.plans.set(operation, plans);
    }
    const { variables, byValues } = plans;
    const values = variables.length === 0 ? '' : JSON.stringify(variables.map((name) => [name, coerced[name]]));
    if (byValues.has(values)) return byValues.get(values);
    if (byValues.size >= MOST_PLANS) return undefined;
    const used = Object.fromEntries(variables.map((name) => [name, coerced[name]]));
    const plan = this.compile(operation, { document, operationName: operation.name?.value, variables: used });
    byValues.set(values, plan);
    return plan;
  }

  private compile(operation: OperationDefinitionNode, source: PlanSource): ListPlan | undefined {
    const { schema } = this;
    const { document, variables } = source;
    const scope: SelectionScope<GatewayContext> = { schema, variables, fragments: fragmentsOf(document), otherWay: announced };
    const root = schema.getSubscriptionType();
    if (!root) return undefined;
    try {
      const [top, ...others] = rootFields<GatewayContext>(scope, root, operation.selectionSet.selections);
      if (!top || others.length > 0) return undefined;
      const [key, nodes] = top;
      if (nodes[0]!.name.value !== ROOT_FIELD) return undefined;
      return { ...planFor(scope, root, key, nodes), source };
    } catch (error) {
      if (error instanceof NotPlain) return undefined;
      throw error;
    }
  }
}

/** Most of an update is its items; what differs between sockets is written most often. */
const announced: OtherWay<GatewayContext> = (scope, parent, nodes, usual) => {
  const { value: name } = nodes[0]!.name;
  const type = getNamedType(parent.getFields()[name]!.type);
  if (!isObjectType(type)) return undefined;
  switch (`${parent.name}.${name}`) {
    case 'RecommendationList.items':
      return compileAnnouncedItems(scope, type, nodes, usual);
    case 'RecommendationUpdate.cause':
      return compileAnnouncedCause(scope, type, nodes, usual);
    case 'RecommendationUpdate.timings':
      return compileTimings(scope, type, nodes, timingsOf);
    case 'RecommendationUpdate.change':
      return compileChange(scope, type, nodes);
    default:
      return undefined;
  }
};

const timingsOf = (update: RecommendationUpdate, { deps }: GatewayContext): StageTimings => timingsOfUpdate(update, deps.clock);

function planFor(
  scope: SelectionScope<GatewayContext>,
  root: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): Omit<ListPlan, 'source'> {
  const before = `{"data":{${JSON.stringify(key)}:`;
  const after = '}}';
  const write: Write<GatewayContext> = compileField(scope, root, nodes);
  const type = getNamedType(root.getFields()[ROOT_FIELD]!.type);
  if (!isObjectType(type)) throw new NotPlain('an update is no object');
  return {
    write: (update, context) => `${before}${write({ [ROOT_FIELD]: update }, context)}${after}`,
    show: compileShown(scope, type, nodes),
    pieces: compilePieces(scope, type, nodes, [before, after]),
  };
}

const fragmentsOf = ({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> =>
  Object.fromEntries(
    definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
  );

function variablesThatSelect(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  const atTop = new Set<unknown>(operation.selectionSet.selections.filter((node) => node.kind === Kind.FIELD));
  const argumentsAtTop = new Set<unknown>([...atTop].flatMap((field) => [...((field as FieldNode).arguments ?? [])]));
  const look = {
    Argument: (node: unknown) => (argumentsAtTop.has(node) ? false : undefined),
    VariableDefinition: () => false,
    Variable: (node: { readonly name: { readonly value: string } }) => void names.add(node.name.value),
  };
  for (const definition of document.definitions) {
    if (definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION) visit(definition, look);
  }
  return [...names].sort();
}
