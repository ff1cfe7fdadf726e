const WRITTEN_WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/**
 * Words that no content may hold. Compared without regard to case and compatibility forms (NFKC): whole words, or any place in the text
 * for words of scripts that are written without spaces.
 */
export class BannedWords {
  private readonly pattern: RegExp | undefined;

  constructor(words: readonly string[]) {
    const parts = words
      .map((word) => word.normalize('NFKC').trim())
      .filter((word) => word !== '')
      .map((word) =>
        WRITTEN_WITHOUT_SPACES.test(word) ? escapeForPattern(word) : `(?<![\\p{L}\\p{N}])${escapeForPattern(word)}(?![\\p{L}\\p{N}])`,
      );
    this.pattern = parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'giu');
  }

  /** The first banned word in the text, as it stands there; undefined: none. */
  find(text: string): string | undefined {
    if (!this.pattern) return undefined;
    this.pattern.lastIndex = 0;
    return this.pattern.exec(text.normalize('NFKC'))?.[0];
  }

  /** The text with `…` in the place of every banned word; the same text when there is none. */
  mask(text: string): string {
    return this.find(text) === undefined ? text : text.normalize('NFKC').replace(this.pattern!, '…');
  }
}
