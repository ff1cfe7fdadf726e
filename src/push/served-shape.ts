import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What makes two subscriptions get the same text of the same list: what they select of it, how much, and who may see what. */
export const servedShape = z.object({
  surface: z.string(),
  document: z.string(),
  operationName: z.string().optional(),
  /** Those that change what is selected. */
  variables: z.record(z.string(), z.unknown()),
  first: z.int(),
  /** In alphabetical order. */
  scopes: z.array(z.string()),
});
export type ServedShape = z.infer<typeof servedShape>;

/** How many subscriptions of one gateway have a shape. */
export const servedCount = z.object({ id: z.string(), shape: servedShape, count: z.int() });
export type ServedCount = z.infer<typeof servedCount>;

/**
 * The name of a shape: equal for equal ones under the same schema.
 * @param contract what the schema is: a process with another one writes other texts, so it must not find its shapes among these.
 */
export const shapeId = (shape: ServedShape, contract: string): string =>
  createHash('sha256')
    .update(JSON.stringify([contract, shape.surface, shape.document, shape.operationName, shape.variables, shape.first, shape.scopes]))
    .digest('base64url')
    .slice(0, 16);
