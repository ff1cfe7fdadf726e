import { defaultFieldResolver, type GraphQLFieldConfig, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { MOST_COUNTERFACTUALS } from '../../ranking/explain-item';
import type { GatewayContext } from '../gateway-context';

/** What operators look at when a tenant is over its quota. */
const FREE: ReadonlySet<string> = new Set(['health']);

/** Those that cost workers more than one list: how many operations they count. */
const OPERATIONS: Readonly<Record<string, number>> = { why: 1 + MOST_COUNTERFACTUALS };

type Field = Pick<GraphQLFieldConfig<unknown, GatewayContext>, 'resolve' | 'subscribe'>;
type Resolver = GraphQLFieldResolver<unknown, GatewayContext>;

/** The same schema, whose root fields each take one operation of the tenant's quota, or as many as they are worth, before they run, whatever they came by. */
export function chargeRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const [name, field] of Object.entries(type?.getFields() ?? {}) as [string, Field][]) {
      if (!FREE.has(name)) field.resolve = charged(field.resolve ?? (defaultFieldResolver as Resolver), OPERATIONS[name]);
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {}) as Field[]) {
    if (field.subscribe) field.subscribe = charged(field.subscribe);
  }
  return schema;
}

function charged(resolver: Resolver, operations = 1): Resolver {
  return (source, args, context, info) => {
    const waiting = context.deps.quotas?.take(context.identity.tenant, 'operations', operations);
    if (waiting === undefined) return resolver(source, args, context, info);
    return waiting.then(() => resolver(source, args, context, info));
  };
}
