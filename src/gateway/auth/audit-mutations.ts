import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../gateway-context';
import { pseudonymOf } from '../../privacy/erasure';
import type { EraseProfilePayload } from '../generated/schema-types';
import { AUDITED, inShort, isAudited, outcomeOf } from './audit';

/** An erasure is written down without the one who is erased: what is written now would be there when the erasure is through. */
function noteErasure({ identity: { tenant, userId }, deps }: GatewayContext, { userId: erased, receipt }: EraseProfilePayload): void {
  const pseudonym = pseudonymOf(receipt.id);
  deps.audit.note({
    at: deps.clock.now(),
    tenant,
    userId: userId === erased ? pseudonym : userId,
    mutation: 'eraseProfile',
    outcome: 'OK',
    arguments: { userId: pseudonym },
  });
}

/** Has every mutation of operators written to the audit log with how it ended. Changes the schema's resolvers in place. */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  const fields = schema.getMutationType()!.getFields();
  for (const mutation of AUDITED) {
    const field = fields[mutation];
    if (!field) throw new Error(`the schema has no mutation ${mutation} to audit`);
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args: Readonly<Record<string, unknown>>, context: GatewayContext, info): Promise<unknown> => {
      const { identity, deps } = context;
      if (!isAudited(mutation, args, identity)) return resolve(source, args, context, info);
      const { tenant, userId } = identity;
      const note = (outcome: string): void =>
        deps.audit.note({ at: deps.clock.now(), tenant, userId, mutation, outcome, arguments: inShort(args) });
      try {
        const result: unknown = await resolve(source, args, context, info);
        if (mutation === 'eraseProfile') noteErasure(context, result as EraseProfilePayload);
        else note('OK');
        return result;
      } catch (error) {
        note(outcomeOf(error));
        throw error;
      }
    };
  }
  return schema;
}
