import type { ValidationRule } from 'graphql';
import type { GatewayLimits } from '../gateway-deps';
import { documentLimits } from './document-limits';
import { fieldRepeats } from './field-repeats';

/** What a document must keep to besides the GraphQL specification, on every transport. */
export const documentRules = (limits: GatewayLimits): ValidationRule[] => [
  documentLimits({
    maxDepth: limits.maxQueryDepth,
    maxRootFields: limits.maxQueryRootFields,
    maxFields: limits.maxQueryFields,
    maxAliases: limits.maxQueryAliases,
    maxDirectives: limits.maxQueryDirectives,
  }),
  fieldRepeats({ maxRepeats: limits.maxQueryRepeats, maxFields: limits.maxQueryFields }),
];
