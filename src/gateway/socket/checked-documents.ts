import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { withRequestCode } from '../errors/to-client-error';
import type { GatewaySettings } from '../gateway-deps';
import { documentRules } from '../limits/document-rules';

export type CheckedDocument =
  { readonly ok: true; readonly document: DocumentNode } | { readonly ok: false; readonly errors: readonly GraphQLError[] };

const MAX_CACHED_CHARS = 4 * 1024 * 1024;
const MAX_ERRORS = 20;

/** Parses and validates documents, each distinct text once: a thousand watchers send the same one. */
export class CheckedDocuments {
  private readonly cache = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_CACHED_CHARS,
    sizeCalculation: (_checked, text) => text.length + 1,
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly settings: Pick<GatewaySettings, 'limits' | 'introspection'>,
  ) {}

  check(text: string): CheckedDocument {
    const known = this.cache.get(text);
    if (known) return known;
    const checked = this.parseAndValidate(text);
    this.cache.set(text, checked);
    return checked;
  }

  private parseAndValidate(text: string): CheckedDocument {
    const { limits, introspection } = this.settings;
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.maxQueryTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { ok: false, errors: [withRequestCode(error, 'GRAPHQL_PARSE_FAILED')] };
    }
    const rules = [...specifiedRules, ...documentRules(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
    const errors = validate(this.schema, document, rules, { maxErrors: MAX_ERRORS });
    if (errors.length === 0) return { ok: true, document };
    return { ok: false, errors: errors.map((error) => withRequestCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
  }
}
