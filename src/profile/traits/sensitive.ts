/**
 * Words that make an attribute sensitive: the special categories of GDPR article 9, what anti-discrimination law protects besides, and what
 * stands for them.
 */
export const SENSITIVE_WORDS: readonly string[] = [
  ...['gender', 'sex', 'sexual', 'sexuality', 'orientation', 'pregnancy', 'pregnant', 'marital'],
  ...['age', 'birth', 'birthday', 'birthdate', 'birthyear', 'dob'],
  ...['ethnicity', 'ethnic', 'race', 'racial', 'nationality', 'citizenship', 'origin', 'migration', 'caste', 'skin'],
  ...['religion', 'religious', 'belief', 'beliefs', 'faith', 'philosophy'],
  ...['politics', 'political', 'party', 'union', 'vote', 'voting'],
  ...['health', 'medical', 'disability', 'disease', 'illness', 'genetic', 'biometric', 'weight', 'addiction'],
  ...['criminal', 'conviction', 'income', 'salary', 'debt'],
];

/** The words of a name in lower case: `ageGroup`, `age_group` and `Age group` are age and group. */
const wordsOf = (attribute: string): string[] =>
  attribute
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);

/** Whether one of its words is on the built-in list or on the operator's. */
export function isSensitive(attribute: string, more: readonly string[] = []): boolean {
  const words = wordsOf(attribute);
  return words.some((word) => SENSITIVE_WORDS.includes(word)) || more.some((name) => wordsOf(name).every((word) => words.includes(word)));
}
