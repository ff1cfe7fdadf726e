import { IntlMessageFormat } from 'intl-messageformat';
import type { Recommendation } from '../../push/recommendation-list';
import type { ItemFacts } from './item-facts';
import { insertable } from './plain-text';
import type { Plan, PlanFact } from './plan';
import type { CreativeWording, ProductKind } from './wording';

/** A fact of the catalogue that a text names: its value, and how it stands there. */
export type StatedFact =
  | { readonly field: 'title' | 'category' | 'description' | 'evidence' | 'topic'; readonly value: string; readonly shown: string }
  | { readonly field: 'price'; readonly value: number; readonly currency: string; readonly shown: string }
  | { readonly field: 'stock' | 'publishedAt'; readonly value: number; readonly shown: string };

export interface RenderedPlan {
  readonly content: Recommendation['content'];
  /** Everything that the three texts name, each once. */
  readonly stated: readonly StatedFact[];
}

export interface RenderRequest {
  readonly plan: Plan;
  readonly facts: ItemFacts;
  readonly reason: Pick<Recommendation['reason'], 'code' | 'topic'> & {
    readonly evidence?: { readonly title: string; readonly type: string };
  };
  readonly kind: ProductKind;
  /** BCP 47: money, numbers and dates are written its way. */
  readonly locale: string;
  /** As the reader declared to be addressed. */
  readonly gender?: string;
}

/** Types of behaviour that are said as a view. */
const VIEWS = new Set(['view', 'click', 'dwell']);
/** Formats kept; more locales and currencies than this are made anew. */
const MOST_FORMATS = 512;

const STOPPED = /[.!?。！？]\u2069?$/u;

type Arguments = Record<string, string | number>;

/** Renders plans in one language. Made once: messages are parsed then, formats of money and dates at first use. */
export class PlanRenderer {
  private readonly messages = new Map<string, IntlMessageFormat>();
  private readonly money = new Map<string, Intl.NumberFormat>();
  private readonly days = new Map<string, Intl.DateTimeFormat>();

  constructor(private readonly wording: CreativeWording) {}

  /** The three texts of a plan. What the facts do not hold is not named; where nothing is left of the text, the reason is given. None is empty. */
  render({ plan, facts, reason, kind, locale, gender = '' }: RenderRequest): RenderedPlan {
    const { wording } = this;
    const stated = new Map<string, StatedFact>();
    const args = this.argumentsOf(facts, locale);
    const say = (message: string, extra: Arguments = {}): string => {
      for (const name of argumentsIn(message)) note(stated, name, { facts, args: { ...args, ...extra }, reason });
      return String(this.message(message).format({ ...args, kind, gender, ...extra }));
    };
    const title = say(headlineOf(wording, plan, args));
    const parts = [plan.first, plan.second]
      .filter((fact, k, both) => fact !== 'none' && both.indexOf(fact) === k)
      .map((fact) => this.sayFact(fact as PlanFact, plan, { args, reason, say }))
      .filter((part) => part !== undefined);
    if (parts.length === 0) parts.push(this.sayReason(reason, say));
    if (plan.length === 'long' && facts.description !== undefined) parts.push(say('{description}', { description: facts.description }));
    const joined = parts.join(wording.joiner);
    // A description ends with a stop of its own.
    const text = say(wording.tone[plan.tone === 'brisk' && STOPPED.test(joined) ? 'neutral' : plan.tone], { text: joined });
    const callToAction = say(
      wording.callToAction[plan.callToAction === 'price' && args['price'] === undefined ? 'look' : plan.callToAction],
    );
    const content = {
      title: plan.accent === 'sparkle' ? `✨ ${title}` : title,
      text,
      callToAction: plan.accent === 'arrow' ? `${callToAction} →` : callToAction,
    };
    return { content, stated: [...stated.values()] };
  }

  private sayFact(
    fact: PlanFact,
    { tone }: Plan,
    { args, reason, say }: { args: Arguments; reason: RenderRequest['reason']; say: (message: string, extra?: Arguments) => string },
  ): string | undefined {
    if (fact === 'reason') return this.sayReason(reason, say);
    return args[fact] === undefined ? undefined : say(this.wording.facts[fact][tone]);
  }

  private sayReason({ code, topic, evidence }: RenderRequest['reason'], say: (message: string, extra?: Arguments) => string): string {
    const { about, plain } = this.wording.reason[code];
    const cited = evidence === undefined ? '' : insertable(evidence.title);
    const named = topic === undefined ? '' : insertable(topic);
    if (about?.includes('{evidence}') && cited !== '') {
      const { type } = evidence!;
      return say(about, { evidence: cited, type: VIEWS.has(type) ? 'view' : type });
    }
    return about?.includes('{topic}') && named !== '' ? say(about, { topic: named }) : say(plain);
  }

  private argumentsOf({ title, category, price, stock, publishedAt }: ItemFacts, locale: string): Arguments {
    const shownPrice = price && this.moneyFormat(locale, price.currency)?.format(price.amount);
    return {
      title,
      ...(category !== undefined && { category }),
      ...(shownPrice !== undefined && { price: shownPrice }),
      ...(stock !== undefined && { stock }),
      ...(publishedAt !== undefined && { date: this.dayFormat(locale).format(publishedAt) }),
    };
  }

  private message(text: string): IntlMessageFormat {
    let message = this.messages.get(text);
    if (!message) this.messages.set(text, (message = new IntlMessageFormat(text, this.wording.language, undefined, { ignoreTag: true })));
    return message;
  }

  private moneyFormat(locale: string, currency: string): Intl.NumberFormat | undefined {
    return formatFrom(this.money, `${locale} ${currency}`, () => new Intl.NumberFormat(locale, { style: 'currency', currency }));
  }

  private dayFormat(locale: string): Intl.DateTimeFormat {
    return formatFrom(this.days, locale, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }));
  }
}

function formatFrom<T>(formats: Map<string, T>, key: string, make: () => T): T {
  let format = formats.get(key);
  if (format === undefined) {
    if (formats.size >= MOST_FORMATS) formats.clear();
    formats.set(key, (format = make()));
  }
  return format;
}

/** The headline of the plan, or the plain one where what it needs is not known. */
function headlineOf({ headline }: CreativeWording, plan: Plan, args: Arguments): string {
  const needs = plan.headline === 'category' || plan.headline === 'price' ? plan.headline : 'title';
  return args[needs] === undefined ? headline.plain : headline[plan.headline];
}

const ARGUMENT = /\{(title|category|price|stock|date|description|evidence|topic)\b/g;
const argumentsIn = (message: string): string[] => [...message.matchAll(ARGUMENT)].map(([, name]) => name!);

interface NoteInput {
  readonly facts: ItemFacts;
  readonly args: Arguments;
  readonly reason: RenderRequest['reason'];
}

/** Notes that an argument was named. */
function note(stated: Map<string, StatedFact>, name: string, { facts, args, reason }: NoteInput): void {
  const shown = String(args[name]);
  if (name === 'price') stated.set(name, { field: 'price', value: facts.price!.amount, currency: facts.price!.currency, shown });
  else if (name === 'stock') stated.set(name, { field: 'stock', value: facts.stock!, shown });
  else if (name === 'date') stated.set(name, { field: 'publishedAt', value: facts.publishedAt!, shown });
  else if (name === 'evidence') stated.set(name, { field: 'evidence', value: reason.evidence!.title, shown });
  else if (name === 'topic') stated.set(name, { field: 'topic', value: reason.topic!, shown });
  else stated.set(name, { field: name as 'title' | 'category' | 'description', value: shown, shown });
}
