import type { CatalogueView } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import type { Recommendation } from '../push/recommendation-list';
import { formatMessage, type ContentField, type Facts, type Message } from './message';
import type { ContentTemplates, LoadedTemplate } from './templates';

export type Content = Recommendation['content'];

export interface ContentRequest {
  readonly item: Item;
  readonly reason: Recommendation['reason'];
  /** The reader's BCP 47 locale; absent or without templates: the fallback's. */
  readonly locale: string | undefined;
  readonly surface: string;
  /** Where titles of the evidence are found. */
  readonly catalogue: Pick<CatalogueView, 'get'>;
}

/** Formats of money, kept because making one costs more than using it. */
const MAX_FORMATS = 256;

/** Writes the title, text and call to action of recommendations. */
export class ContentWriter {
  private readonly formats = new Map<string, Intl.NumberFormat | undefined>();

  constructor(private readonly templates: ContentTemplates) {}

  /**
   * The content from the first template of the reader's locale, then of its parents, then of the fallback, that fits reason, surface and
   * evidence and of which every text has a variant whose fields are known. Nothing in it is empty.
   */
  write({ item, reason, locale, surface, catalogue }: ContentRequest): Content {
    for (const language of this.templates.localesFor(locale)) {
      const facts = this.factsOf(item, reason, isOf(locale, language) ? locale! : language, catalogue);
      for (const template of this.templates.of(language, reason.code)) {
        if (!fits(template, surface, reason)) continue;
        const title = firstKnown(template.title, facts);
        const text = firstKnown(template.text, facts);
        const callToAction = firstKnown(template.callToAction, facts);
        if (title !== undefined && text !== undefined && callToAction !== undefined) return { title, text, callToAction };
      }
    }
    // Loading made sure of a template that every item satisfies.
    throw new RangeError(`no template for the reason ${reason.code}`);
  }

  private factsOf(item: Item, reason: ContentRequest['reason'], locale: string, catalogue: ContentRequest['catalogue']): Facts {
    const facts: Partial<Record<ContentField, string>> = {};
    const know = (field: ContentField, value: string | undefined): void => {
      if (value !== undefined && value.trim() !== '') facts[field] = value;
    };
    know('item.title', item.title.trim() === '' ? item.id : item.title);
    know('item.price', this.priceOf(item, locale));
    know('item.category', item.categories.length > 0 ? labelOf(item.categories.at(-1)!) : undefined);
    const [first] = reason.evidence;
    know('evidence.title', first === undefined ? undefined : catalogue.get(first.itemId)?.title);
    know('topic', reason.topic === undefined ? undefined : labelOf(reason.topic.replace(/^[ct]:/, '')));
    return facts;
  }

  private priceOf({ price, currency }: Item, locale: string): string | undefined {
    if (price === undefined || currency === undefined || !Number.isFinite(price)) return undefined;
    const key = `${locale} ${currency}`;
    if (!this.formats.has(key)) {
      if (this.formats.size >= MAX_FORMATS) this.formats.clear();
      this.formats.set(key, moneyFormat(locale, currency));
    }
    return this.formats.get(key)?.format(price);
  }
}

/** undefined: not a currency code, so the price is not shown. */
function moneyFormat(locale: string, currency: string): Intl.NumberFormat | undefined {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return undefined;
  }
}

/** The last part of a path: `garden/pots` → `pots`. */
const labelOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function fits({ surfaces, evidenceTypes }: LoadedTemplate, surface: string, { evidence }: ContentRequest['reason']): boolean {
  if (surfaces !== undefined && !surfaces.includes(surface)) return false;
  return evidenceTypes === undefined || (evidence[0] !== undefined && evidenceTypes.includes(evidence[0].type));
}

function firstKnown(messages: readonly Message[], facts: Facts): string | undefined {
  for (const message of messages) {
    const text = formatMessage(message, facts);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Whether a reader's locale is the template's or a kind of it, so that numbers may be written the reader's way. */
function isOf(locale: string | undefined, language: string): boolean {
  const own = locale?.toLowerCase();
  return own !== undefined && (own === language.toLowerCase() || own.startsWith(`${language.toLowerCase()}-`));
}
