/** Text that JSON carries as it is: no quote, backslash, control character or half of a surrogate pair. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;

/** The JSON of a text, as `JSON.stringify` gives it. */
export const quote = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
