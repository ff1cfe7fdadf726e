/** What JSON escapes: quotes, backslashes, control characters, halves of surrogate pairs. (A few more than it must.) */
const SPECIAL = /["\\\p{Cc}\p{Cs}]/u;

/** The JSON of a text, as `JSON.stringify` gives it. */
export const quote = (text: string): string => (SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`);
