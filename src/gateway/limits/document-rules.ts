import type { ValidationRule } from 'graphql';
import type { GatewayLimits } from '../gateway-deps';
import { documentLimits } from './document-limits';

const MAX_ROOT_FIELDS = 20;
const MAX_FIELDS = 1000;
const MAX_ALIASES = 50;

/** What a document must keep to besides the GraphQL specification, on both transports. */
export const documentRules = ({ maxQueryDepth }: GatewayLimits): ValidationRule[] => [
  documentLimits({ maxDepth: maxQueryDepth, maxRootFields: MAX_ROOT_FIELDS, maxFields: MAX_FIELDS, maxAliases: MAX_ALIASES }),
];
