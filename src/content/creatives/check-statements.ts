import type { Item } from '../../catalogue/item';
import type { BannedWords } from './banned-words';
import { itemFacts, type ItemFacts } from './item-facts';
import { hasUnseen } from './plain-text';
import type { RenderedPlan, StatedFact } from './render-plan';

export const REFUSALS = ['price', 'stock', 'fact', 'number', 'banned_word', 'unseen_character', 'length'] as const;
/**
 * `price`, `stock`: it is another one now; `fact`: the catalogue does not say so (any more); `number`: a figure that no fact accounts for;
 * `banned_word`; `unseen_character`: a control or an override of direction; `length`: empty, or longer than a screen takes.
 */
export type Refusal = (typeof REFUSALS)[number];

const LONGEST_TEXT = 600;
const FIGURE = /[\p{N}\p{Sc}%]/u;

/** What else a text may cite: titles of the evidence and the topic come from the reason, not from the item. */
export interface Citable {
  readonly evidenceTitle?: string;
  readonly topic?: string;
}

/**
 * Why a rendered plan must not be shown of this item as it is now; undefined: everything it says holds. Each stated fact is compared with the
 * item; what is left of the texts without the stated facts may hold no figure, whatever the wording says.
 */
export function checkStatements(
  { content, stated }: RenderedPlan,
  item: Item,
  banned: BannedWords,
  citable: Citable = {},
): Refusal | undefined {
  const facts = itemFacts(item);
  for (const fact of stated) {
    if (!holds(fact, facts, citable)) return fact.field === 'price' || fact.field === 'stock' ? fact.field : 'fact';
  }
  const shown = stated.map((fact) => fact.shown).sort((a, b) => b.length - a.length);
  for (const text of Object.values(content)) {
    if (text.trim() === '' || text.length > LONGEST_TEXT) return 'length';
    if (hasUnseen(text)) return 'unseen_character';
    if (banned.find(text) !== undefined) return 'banned_word';
    if (FIGURE.test(without(text, shown))) return 'number';
  }
  return undefined;
}

function holds(fact: StatedFact, facts: ItemFacts, { evidenceTitle, topic }: Citable): boolean {
  switch (fact.field) {
    case 'price':
      return facts.price?.amount === fact.value && facts.price.currency === fact.currency;
    case 'stock':
      return facts.stock === fact.value;
    case 'publishedAt':
      return facts.publishedAt === fact.value;
    case 'evidence':
      return evidenceTitle === fact.value;
    case 'topic':
      return topic === fact.value;
    default:
      return facts[fact.field] === fact.value;
  }
}

const without = (text: string, shown: readonly string[]): string => shown.reduce((rest, part) => rest.split(part).join(' '), text);
