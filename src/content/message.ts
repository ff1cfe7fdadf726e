import { badInput } from '../platform/errors';

/** What a template may name. `item.title` is always known; the others only where the item, its category or its reason has them. */
export const CONTENT_FIELDS = ['item.title', 'item.price', 'item.category', 'evidence.title', 'topic'] as const;
export type ContentField = (typeof CONTENT_FIELDS)[number];

/** Known facts; a field that is absent has nothing to show. No value is empty. */
export type Facts = Readonly<Partial<Record<ContentField, string>>>;

/** A parsed text: literal parts and fields in turn. */
export interface Message {
  readonly parts: readonly (string | { readonly field: ContentField })[];
  /** The fields it names. */
  readonly needs: readonly ContentField[];
}

const isField = (name: string): name is ContentField => (CONTENT_FIELDS as readonly string[]).includes(name);

/**
 * A text such as `Because you viewed {evidence.title}`, parsed; `{{` and `}}` stand for single braces.
 * @throws BeckonError BAD_INPUT naming `where`, the field and the known fields, for an unknown field, a lone brace, or a text that may come out empty.
 */
export function parseMessage(text: string, where: string): Message {
  const parts: (string | { field: ContentField })[] = [];
  const needs: ContentField[] = [];
  for (const [token] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (token === '{{' || token === '}}') {
      parts.push(token[0]!);
    } else if (token === '{' || token === '}') {
      throw badInput(where, `a lone "${token}": write "${token}${token}" to show one, or {field} to show a field`);
    } else if (token.startsWith('{')) {
      const name = token.slice(1, -1).trim();
      if (!isField(name))
        throw badInput(where, `unknown field {${name}}; known fields are ${CONTENT_FIELDS.map((field) => `{${field}}`).join(', ')}`);
      parts.push({ field: name });
      if (!needs.includes(name)) needs.push(name);
    } else {
      parts.push(token);
    }
  }
  if (needs.length === 0 && text.trim() === '') throw badInput(where, 'is empty: nothing would be shown');
  return { parts, needs };
}

/** The text with its fields filled in, or undefined where a field that it needs is not known. */
export function formatMessage({ parts }: Message, facts: Facts): string | undefined {
  let text = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : facts[part.field];
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}
