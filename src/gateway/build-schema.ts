import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { auditMutations } from './auth/audit-mutations';
import { chargeRootFields } from './limits/charge-root-fields';
import { behaviourResolvers } from './resolvers/behaviour';
import { catalogueResolvers } from './resolvers/catalogue';
import { dateTimeScalar } from './resolvers/date-time';
import { enumValues } from './resolvers/enums';
import { operationResolvers } from './resolvers/operations';
import { participationResolvers } from './resolvers/participation';
import { consentResolvers } from './resolvers/consent';
import { profileResolvers } from './resolvers/profile';
import { recommendationResolvers } from './resolvers/recommendations';
import { tokenResolvers } from './resolvers/tokens';
import { traitResolvers } from './resolvers/traits';
import { topicResolvers } from './resolvers/topic';

/**
 * The public contract with its resolvers.
 * @throws Error when a resolver and the SDL disagree.
 */
export function buildSchema(): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: readTypeDefs(),
    resolvers: [
      { DateTime: dateTimeScalar },
      enumValues,
      topicResolvers,
      behaviourResolvers,
      recommendationResolvers,
      catalogueResolvers,
      profileResolvers,
      participationResolvers,
      traitResolvers,
      consentResolvers,
      operationResolvers,
      tokenResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  return chargeRootFields(auditMutations(schema));
}

/** Which contract this build has: processes with the same one give the same answers to the same document. */
export const contractDigest = (): string => createHash('sha256').update(readTypeDefs().join('\n')).digest('base64url');

/** The SDL under schema/, one text a file. */
export function readTypeDefs(folder = schemaFolder()): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** schema/ in the root of the package, from wherever under it this file runs (src/ or dist/). */
function schemaFolder(): string {
  for (let at = __dirname; ; at = dirname(at)) {
    const folder = join(at, 'schema');
    if (existsSync(join(folder, 'scalars.graphql'))) return folder;
    if (dirname(at) === at) throw new Error('the folder schema/ is missing from this installation');
  }
}
