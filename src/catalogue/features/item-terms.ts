import { topicsOf, type Item } from '../item';
import type { TermCounts } from './term-space';
import { tokenize } from './tokenize';

/** What of an item terms are made of. */
export type DescribedItem = Pick<Item, 'title' | 'categories' | 'tags' | 'text'>;

const TITLE_COUNTS = 3;

/** Words of title and text; those of the title count three times. */
export function wordsOf({ title, text }: DescribedItem): TermCounts {
  const counts = new Map<string, number>();
  const count = (word: string, times: number): void => void counts.set(word, (counts.get(word) ?? 0) + times);
  for (const word of tokenize(title)) count(word, TITLE_COUNTS);
  for (const word of tokenize(text ?? '')) count(word, 1);
  return counts;
}

/** Categories and tags, each once. */
export const topicCountsOf = (item: DescribedItem): TermCounts => new Map(topicsOf(item).map((topic) => [topic, 1]));
