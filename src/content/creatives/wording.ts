import type { ReasonCode } from '../../push/recommendation-list';
import type { Plan, PlanFact } from './plan';

/** Kinds of product: what people do with an item differs. */
export type ProductKind = 'shop' | 'news' | 'social';

/**
 * How plans are worded in one language: ICU MessageFormat. Arguments: `title`, `category`, `price` (money, written the reader's way), `stock`
 * (a number), `date` (a day, UTC), `evidence` (a title), `type` (of the behaviour that is cited), `topic`, `kind` (of product), `gender` (as the reader
 * declared to be addressed: feminine, masculine, or anything else), `text` (of the parts before). Texts of the catalogue are arguments, never part of a message:
 * braces in them mean nothing.
 */
export interface CreativeWording {
  /** The language, which is also that of plural rules. */
  readonly language: string;
  readonly headline: Readonly<Record<Plan['headline'], string>>;
  /** With what it is about (`evidence` or `topic`), and without. */
  readonly reason: Readonly<Record<ReasonCode, { readonly about?: string; readonly plain: string }>>;
  readonly facts: Readonly<Record<Exclude<PlanFact, 'reason'>, Readonly<Record<Plan['tone'], string>>>>;
  readonly tone: Readonly<Record<Plan['tone'], string>>;
  readonly joiner: string;
  readonly callToAction: Readonly<Record<Plan['callToAction'], string>>;
}
