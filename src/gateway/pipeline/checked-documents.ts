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
import { checkNesting } from '../limits/check-nesting';
import { documentRules } from '../limits/document-rules';

export type CheckedDocument =
  { readonly ok: true; readonly document: DocumentNode } | { readonly ok: false; readonly errors: readonly GraphQLError[] };

/** A parsed document is some hundred times as large as its text. */
const MAX_CACHED_CHARS = 256 * 1024;
const MAX_CACHED = 500;
/** More are of no help to who wrote the document. */
const MAX_ERRORS = 5;

/** Parses and validates documents, each good one once: a thousand watchers send the same. Bad ones are not kept. */
export class CheckedDocuments {
  private readonly cache = new LRUCache<string, CheckedDocument>({
    max: MAX_CACHED,
    maxSize: MAX_CACHED_CHARS,
    sizeCalculation: (_checked, text) => text.length + 1,
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly settings: Pick<GatewaySettings, 'limits' | 'introspection'>,
  ) {}

  /** How many documents are kept. */
  get size(): number {
    return this.cache.size;
  }

  check(text: string): CheckedDocument {
    const known = this.cache.get(text);
    if (known) return known;
    const checked = this.parseAndValidate(text);
    if (checked.ok) this.cache.set(text, checked);
    return checked;
  }

  private parseAndValidate(text: string): CheckedDocument {
    const { limits, introspection } = this.settings;
    let document: DocumentNode;
    try {
      checkNesting(text, limits.maxQueryTokens);
      document = parse(text, { maxTokens: limits.maxQueryTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { ok: false, errors: [withRequestCode(error, 'GRAPHQL_PARSE_FAILED')] };
    }
    // The limits go first: the rules of the specification are dear on a document that is past them.
    const limiting = [...documentRules(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
    const past = validate(this.schema, document, limiting, { maxErrors: MAX_ERRORS });
    const errors = past.length > 0 ? past : validate(this.schema, document, specifiedRules, { maxErrors: MAX_ERRORS });
    if (errors.length === 0) return { ok: true, document };
    return { ok: false, errors: errors.map((error) => withRequestCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
  }
}
