// Controls, line and paragraph separators, marks and overrides of direction, byte order marks. Joiners stay: emoji and Indic scripts need them.
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/** A text of the catalogue on one line, without characters that are not seen but change what is: controls and overrides of direction. */
export const plainText = (text: string): string => text.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();

/**
 * The same, ready to stand in a sentence of another direction: text with right-to-left letters is isolated (Unicode Annex #9, FSI … PDI), so
 * that it cannot reorder what stands around it.
 */
export function insertable(text: string): string {
  const plain = plainText(text);
  return RIGHT_TO_LEFT.test(plain) ? `${ISOLATE}${plain}${END_ISOLATE}` : plain;
}

/** Whether a text holds unseen characters other than isolates in pairs. */
export function hasUnseen(text: string): boolean {
  return UNSEEN_ONCE.test(text.replace(/\u2068[^\u2068\u2069]*\u2069/gu, (isolated) => isolated.slice(1, -1)));
}
const UNSEEN_ONCE = new RegExp(UNSEEN.source, 'u');
