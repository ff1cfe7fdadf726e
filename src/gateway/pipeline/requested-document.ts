import { GraphQLError } from 'graphql';
import type { TrustedDocuments } from '../gateway-deps';
import type { OperationRequest } from './operation-request';
import { sha256 } from './trusted-documents';

/**
 * The text of the document that is asked for: as sent, or by its hash, which is `documentId` or `extensions.persistedQuery.sha256Hash`.
 * @throws GraphQLError with the code that says why there is none: BAD_REQUEST, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_NOT_FOUND or
 * DOCUMENT_NOT_TRUSTED.
 */
export function requestedDocument(request: OperationRequest, trusted: TrustedDocuments | undefined): string {
  const { query } = request;
  const hash = requestedHash(request);
  if (query) {
    if (hash !== undefined && hash !== sha256(query))
      throw refusal('BAD_REQUEST', 'the hash is not that of the document that came with it');
    if (trusted?.only && !trusted.byHash.has(hash ?? sha256(query)))
      throw refusal('DOCUMENT_NOT_TRUSTED', 'this gateway runs only documents that it was told of: this is none of them');
    return query;
  }
  if (hash === undefined) throw refusal('BAD_REQUEST', 'there is no document: send one as `query`');
  if (!trusted) throw refusal('PERSISTED_QUERY_NOT_SUPPORTED', 'this gateway was told of no documents: send the document as `query`');
  const text = trusted.byHash.get(hash);
  if (text === undefined) throw refusal('PERSISTED_QUERY_NOT_FOUND', 'there is no document of this hash');
  return text;
}

function requestedHash({ documentId, extensions }: OperationRequest): string | undefined {
  const persisted = extensions?.['persistedQuery'];
  const hash: unknown = documentId ?? (isRecord(persisted) ? persisted['sha256Hash'] : persisted);
  if (hash === undefined || hash === null) return undefined;
  if (typeof hash !== 'string') throw refusal('BAD_REQUEST', 'the hash of a document must be text');
  return hash.replace(/^sha256:/, '').toLowerCase();
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const refusal = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } });
