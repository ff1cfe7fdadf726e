import type { ApolloServerPlugin, DocumentStore } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { HttpContext } from './http-context';

const HASH_CHARS = 64;
/** It is asked for right after it was put in. */
const MAX_HELD = 100;
const MAX_HELD_CHARS = 64 * 1024;

/**
 * The document store of Apollo Server, which parses and validates what is not in it: here is what `prepare` has let through, under the hash
 * that Apollo reckons, and nothing that Apollo has prepared by itself.
 */
export class PreparedDocuments implements DocumentStore {
  private readonly byHash = new LRUCache<string, DocumentNode>({
    max: MAX_HELD,
    maxSize: MAX_HELD_CHARS,
    sizeCalculation: ({ loc }) => (loc?.end ?? 0) + 1,
  });

  /** Has the document of each request in the store before Apollo looks for it. */
  readonly plugin: ApolloServerPlugin<HttpContext> = {
    requestDidStart: async () => ({
      didResolveSource: async ({ queryHash, contextValue }) => {
        this.byHash.set(queryHash, contextValue.prepared.execution.document);
      },
    }),
  };

  /** @param key a prefix of Apollo's, then the SHA-256 of the text. */
  async get(key: string): Promise<DocumentNode | undefined> {
    return this.byHash.get(key.slice(-HASH_CHARS));
  }

  async set(): Promise<void> {
    // what Apollo has parsed by itself has not been through `prepare`
  }

  async delete(key: string): Promise<boolean> {
    return this.byHash.delete(key.slice(-HASH_CHARS));
  }
}
