/** Writes the JSON of a value, in UTF-8 (src/platform/utf8.ts). @throws NotPlain */
export type Write<Context> = (value: unknown, context: Context) => string;

/** Takes a text in UTF-8, part by part, as texts or as bytes. */
export interface Utf8Writer {
  text(utf8: string): void;
  bytes(source: Buffer, from: number, to: number): void;
}

/** Not for the fast way: graphql-js has to answer. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}
