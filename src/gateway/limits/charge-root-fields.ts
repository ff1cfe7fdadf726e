import { defaultFieldResolver, type GraphQLFieldConfig, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../gateway-context';

/** What operators look at when a tenant is over its quota. */
const FREE: ReadonlySet<string> = new Set(['health']);

type Field = Pick<GraphQLFieldConfig<unknown, GatewayContext>, 'resolve' | 'subscribe'>;
type Resolver = GraphQLFieldResolver<unknown, GatewayContext>;

/** The same schema, whose root fields each take one operation of the tenant's quota before they run, whatever they came by. */
export function chargeRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const [name, field] of Object.entries(type?.getFields() ?? {}) as [string, Field][]) {
      if (!FREE.has(name)) field.resolve = charged(field.resolve ?? (defaultFieldResolver as Resolver));
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {}) as Field[]) {
    if (field.subscribe) field.subscribe = charged(field.subscribe);
  }
  return schema;
}

function charged(resolver: Resolver): Resolver {
  return (source, args, context, info) => {
    const waiting = context.deps.quotas?.take(context.identity.tenant, 'operations', 1);
    if (waiting === undefined) return resolver(source, args, context, info);
    return waiting.then(() => resolver(source, args, context, info));
  };
}
