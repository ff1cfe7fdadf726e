/** Writes the JSON of a value, in UTF-8 (src/platform/utf8.ts). @throws NotPlain */
export type Write<Context> = (value: unknown, context: Context) => string;

/** Not for the fast way: graphql-js has to answer. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}
