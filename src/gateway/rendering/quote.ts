import { toUtf8 } from '../../platform/utf8';

/** Printable ASCII but the quote and the backslash: what JSON says as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The JSON of a text, as `JSON.stringify` gives it, in UTF-8. */
export const quote = (text: string): string => (PLAIN.test(text) ? `"${text}"` : toUtf8(JSON.stringify(text)));
