/** Runs of scripts that are written without spaces: they are cut into overlapping pairs of characters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}+/gu;

/** Text beyond this many characters is not read: a listing's first pages say what it is. */
const MOST_CHARACTERS = 20_000;

/**
 * Words of a text in their order: lower case, without accents, at least two characters. Text without spaces
 * gives overlapping pairs of characters, the usual substitute for a dictionary.
 */
export function tokenize(text: string): string[] {
  const plain = text.slice(0, MOST_CHARACTERS).normalize('NFKD').replace(MARKS, '').toLowerCase();
  const tokens: string[] = [];
  const spaced = plain.replace(UNSPACED, (run) => {
    const characters = [...run];
    if (characters.length === 1) tokens.push(run);
    for (let k = 0; k + 1 < characters.length; k++) tokens.push(characters[k]! + characters[k + 1]!);
    return ' ';
  });
  for (const [word] of spaced.matchAll(WORD)) if (word.length > 1) tokens.push(word);
  return tokens;
}
