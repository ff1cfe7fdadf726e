import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BeckonError } from '../../platform/errors';
import type { TrustedDocuments } from '../gateway-deps';

const HASH = /^[0-9a-f]{64}$/;

/** `{"<sha256>": "<document>"}`, as GraphQL Code Generator and Relay write it, or the manifest of Apollo's tools. */
const fileSchema = z.union([
  z.object({ format: z.literal('apollo-persisted-query-manifest'), operations: z.array(z.object({ id: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

/**
 * The documents of a parsed file, each under the SHA-256 of its text, whatever hash the file gives it: tools hash other forms of a text than
 * the one they write down, so the name in the file is good as well.
 * @throws BeckonError BAD_INPUT when the file has another form.
 */
export function trustedDocuments(file: unknown, { only }: { readonly only: boolean }): TrustedDocuments {
  const parsed = fileSchema.safeParse(file);
  if (!parsed.success) {
    const message = 'TRUSTED_DOCUMENTS_FILE: must be {"<sha256>": "<document>"} or a persisted-query manifest of Apollo';
    throw new BeckonError('BAD_INPUT', message, { field: 'TRUSTED_DOCUMENTS_FILE' });
  }
  const operations = Array.isArray(parsed.data['operations'])
    ? parsed.data['operations'].map(({ id, body }) => [id, body] as const)
    : Object.entries(parsed.data as Record<string, string>);
  const byHash = new Map<string, string>();
  for (const [given, text] of operations) {
    const hash = given.replace(/^sha256:/, '').toLowerCase();
    if (!HASH.test(hash)) {
      const message = `TRUSTED_DOCUMENTS_FILE: ${JSON.stringify(given)} is not the SHA-256 of a document in hexadecimals`;
      throw new BeckonError('BAD_INPUT', message, { field: 'TRUSTED_DOCUMENTS_FILE' });
    }
    byHash.set(hash, text);
    byHash.set(sha256(text), text);
  }
  return { byHash, only };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
