import { z } from 'zod';
import { badInput } from '../platform/errors';
import { REASON_CODES, type ReasonCode } from '../push/recommendation-list';
import { parseMessage, type Message } from './message';

/** The locale whose templates serve when a reader's own has none. */
export const FALLBACK_LOCALE = 'en';

const locale = z.string().refine(isLocale, { message: 'must be a BCP 47 locale, e.g. "en" or "zh-Hant"' });
const variants = z.union([z.string(), z.array(z.string()).min(1)]);

/**
 * One way to word a recommendation. Each of the three texts is one text or several in order of preference: the first whose
 * fields are all known is shown.
 */
export const contentTemplate = z.strictObject({
  locale,
  reason: z.union([z.enum(REASON_CODES), z.array(z.enum(REASON_CODES)).min(1)]),
  surfaces: z.array(z.string().min(1)).min(1).optional().describe('Only on these surfaces; absent: on all.'),
  evidenceTypes: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Only when the first evidence is a behaviour of one of these types; absent: any.'),
  title: variants,
  text: variants,
  callToAction: variants,
});
export type ContentTemplate = z.output<typeof contentTemplate>;

/** A template, parsed. */
export interface LoadedTemplate {
  readonly surfaces: readonly string[] | undefined;
  readonly evidenceTypes: readonly string[] | undefined;
  readonly title: readonly Message[];
  readonly text: readonly Message[];
  readonly callToAction: readonly Message[];
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);
const keyOf = (language: string, reason: ReasonCode): string => `${language.toLowerCase()} ${reason}`;

/** Whether some variant of each text can be shown for every item, whatever else is known. */
function isCertain({ surfaces, evidenceTypes, title, text, callToAction }: LoadedTemplate): boolean {
  const certain = (messages: readonly Message[]): boolean => messages.some(({ needs }) => needs.every((field) => field === 'item.title'));
  return surfaces === undefined && evidenceTypes === undefined && [title, text, callToAction].every(certain);
}

/** Templates ready to write from. */
export class ContentTemplates {
  private readonly byKey = new Map<string, LoadedTemplate[]>();
  /** Locale in lower case → as written. */
  private readonly locales = new Map<string, string>();

  /**
   * @param templates in order of preference among those of one locale and reason; any one for the surface goes before one for all.
   * @param where how errors name the list, e.g. `content.templates`.
   * @throws BeckonError BAD_INPUT naming the template: an unknown field or a broken text, or a reason for which some item would get
   * nothing in the fallback locale.
   */
  constructor(templates: readonly ContentTemplate[], where: string) {
    templates.forEach((template, k) => this.add(template, `${where}[${k}]`));
    for (const reason of REASON_CODES) {
      if (!this.of(FALLBACK_LOCALE, reason).some(isCertain)) {
        throw badInput(
          where,
          `no template for the reason "${reason}" in "${FALLBACK_LOCALE}" that serves every surface and item; one may name {item.title} only`,
        );
      }
    }
  }

  /** The templates of exactly that locale and reason, those for single surfaces first, each group in the given order. */
  of(language: string, reason: ReasonCode): readonly LoadedTemplate[] {
    return this.byKey.get(keyOf(language, reason)) ?? [];
  }

  /** Locales to try for a reader, best first: the tag, its parents (zh-Hant-TW, zh-Hant, zh), the fallback; only those with templates. */
  localesFor(tag: string | undefined): string[] {
    const chain: string[] = [];
    for (let rest = tag?.toLowerCase() ?? ''; rest !== ''; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')))) chain.push(rest);
    if (!chain.includes(FALLBACK_LOCALE)) chain.push(FALLBACK_LOCALE);
    return chain.map((key) => this.locales.get(key)).filter((known) => known !== undefined);
  }

  private add(template: ContentTemplate, where: string): void {
    const parse = (name: 'title' | 'text' | 'callToAction'): Message[] =>
      listOf(template[name]).map((text, k) =>
        parseMessage(text, Array.isArray(template[name]) ? `${where}.${name}[${k}]` : `${where}.${name}`),
      );
    const loaded: LoadedTemplate = {
      surfaces: template.surfaces,
      evidenceTypes: template.evidenceTypes,
      title: parse('title'),
      text: parse('text'),
      callToAction: parse('callToAction'),
    };
    this.locales.set(template.locale.toLowerCase(), template.locale);
    for (const reason of listOf(template.reason)) {
      const key = keyOf(template.locale, reason);
      const known = this.byKey.get(key) ?? [];
      const rank = (one: LoadedTemplate): number => (one.surfaces === undefined ? 1 : 0);
      this.byKey.set(
        key,
        [...known, loaded].sort((a, b) => rank(a) - rank(b)),
      );
    }
  }
}
