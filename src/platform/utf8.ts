/**
 * Texts in UTF-8 with a character for each byte, as `latin1` reads it. What is cut out of bytes and put together again need not be decoded
 * so, and goes out without being encoded. ASCII is the same either way.
 */

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** A text in UTF-8. */
export const toUtf8 = (text: string): string => (BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text);

/** The text that is said by one in UTF-8. */
export const fromUtf8 = (utf8: string): string => (BEYOND_ASCII.test(utf8) ? Buffer.from(utf8, 'latin1').toString('utf8') : utf8);

/** Whether a text, which is ASCII, stands at this place. */
export function standsAt(bytes: Buffer, from: number, text: string): boolean {
  for (let k = 0; k < text.length; k++) if (bytes[from + k] !== text.charCodeAt(k)) return false;
  return true;
}
