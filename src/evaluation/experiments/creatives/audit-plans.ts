import type { Item } from '../../../catalogue/item';
import { checkStatements, REFUSALS, type Refusal } from '../../../content/creatives/check-statements';
import { BannedWords } from '../../../content/creatives/banned-words';
import { itemFacts } from '../../../content/creatives/item-facts';
import { canonical, PLAN_SIZES, planOf, type PlanIndices } from '../../../content/creatives/plan';
import { PlanRenderer } from '../../../content/creatives/render-plan';
import { contextOf, tasteOf } from '../../../content/creatives/taste';
import type { ProductKind } from '../../../content/creatives/wording';
import { WORDING_EN } from '../../../content/creatives/wording-en';
import { WORDING_RU } from '../../../content/creatives/wording-ru';
import { WORDING_ZH } from '../../../content/creatives/wording-zh';
import { drawPlan, type PlanGenerator } from '../../../content/gan/plan-generator';
import type { EpochMs } from '../../../platform/clock';
import { seededRandom, type Random } from '../../../platform/random';
import { REASON_CODES, type ReasonCode } from '../../../push/recommendation-list';
import { pick } from '../../../simulator/draw';
import { AUDIT_BANNED_WORDS } from './adversarial-items';
import { auditContent, type AuditedContent } from './audit-content';

export interface AuditOptions {
  readonly plans: number;
  readonly kind: ProductKind;
  readonly items: readonly Item[];
  /** Draws half of the plans; the others are any plan, all equally likely. Absent: all are. */
  readonly generator?: PlanGenerator;
  readonly seed: number;
  readonly now: EpochMs;
}

export interface AuditResult {
  readonly plans: number;
  /** Plans that the check kept from being shown, by why. */
  readonly refused: Readonly<Record<Refusal, number>>;
  readonly shown: number;
  /** Shown contents that say something untrue, by the auditor. */
  readonly untrue: number;
  /** Of these, the first few in words. */
  readonly examples: readonly string[];
}

/** Share of the plans that are worded from facts that have changed since: as by a worker whose catalogue is behind. */
const BEHIND_SHARE = 0.1;
const EVIDENCE_TYPES = ['view', 'click', 'dwell', 'purchase', 'add_to_cart', 'like', 'share', 'rate', 'pin'] as const;
const LANGUAGES = [WORDING_EN, WORDING_ZH, WORDING_RU] as const;
const LOCALES = { en: ['en', 'en-GB', 'en-IN'], zh: ['zh', 'zh-Hant-TW'], ru: ['ru', 'ru-RU'] } as const;
const EXAMPLES = 5;

/** Words plans for items as the writer does, one part of them from facts that have changed since, and audits what the check lets through. */
export function auditPlans({ plans, kind, items, generator, seed, now }: AuditOptions): AuditResult {
  const random = seededRandom(seed ^ 0xa0d17);
  const renderers = LANGUAGES.map((wording) => ({
    language: wording.language as AuditedContent['language'],
    renderer: new PlanRenderer(wording),
  }));
  const banned = new BannedWords(AUDIT_BANNED_WORDS);
  const refused = Object.fromEntries(REFUSALS.map((refusal) => [refusal, 0])) as Record<Refusal, number>;
  const examples: string[] = [];
  let [shown, untrue] = [0, 0];
  for (let k = 0; k < plans; k++) {
    const item = pick(random, items);
    const { language, renderer } = pick(random, renderers);
    const about = drawReason(random, items);
    const plan = planOf(drawIndices(random, item, generator, now));
    const facts = itemFacts(random() < BEHIND_SHARE ? asItWas(item, random) : item);
    const gender = pick(random, ['feminine', 'masculine', '']);
    const rendered = renderer.render({ plan, facts, reason: about.reason, kind, locale: pick(random, LOCALES[language]), gender });
    const refusal = checkStatements(rendered, item, banned, about.citable);
    if (refusal !== undefined) {
      refused[refusal]++;
      continue;
    }
    shown++;
    const faults = auditContent({ texts: rendered.content, item, language, bannedWords: AUDIT_BANNED_WORDS, ...about.said });
    if (faults.length === 0) continue;
    untrue++;
    if (examples.length < EXAMPLES) examples.push(`${item.id} ${language}: ${faults.join('; ')} — ${JSON.stringify(rendered.content)}`);
  }
  return { plans, refused, shown, untrue, examples };
}

function drawIndices(random: Random, item: Item, generator: PlanGenerator | undefined, now: EpochMs): PlanIndices {
  if (!generator || random() < 0.5) return canonical(PLAN_SIZES.map((size) => Math.floor(random() * size)));
  const liked = item.categories.map((category) => ({ topic: `c:${category}`, value: random() }));
  return canonical(drawPlan(generator.served(contextOf(tasteOf({ short: liked, long: [] }), item, now)), random));
}

/** A reason with what it cites, in the forms that the renderer, the check and the auditor take. */
function drawReason(random: Random, items: readonly Item[]) {
  const code: ReasonCode = pick(random, REASON_CODES);
  const cited = random() < 0.8 ? pick(random, items) : undefined;
  const evidence = cited && cited.title.trim() !== '' ? { title: cited.title, type: pick(random, EVIDENCE_TYPES) } : undefined;
  const topic = random() < 0.8 ? pick(random, ['pots', 'world news', 'étude', '园艺', '50 % {off}']) : undefined;
  const named = { ...(topic !== undefined && { topic }), ...(evidence && { evidence }) };
  return {
    reason: { code, ...named },
    citable: { ...(topic !== undefined && { topic }), ...(evidence && { evidenceTitle: evidence.title }) },
    said: named,
  };
}

/** The item with another price, another stock, another title, or without its price: what a catalogue that is behind may hold. */
function asItWas(item: Item, random: Random): Item {
  const { price = 10, stock = 5 } = item;
  const kind = Math.floor(random() * 4);
  if (kind === 0) return { ...item, price: price + 1 + Math.floor(random() * 9), currency: item.currency ?? 'EUR' };
  if (kind === 1) return { ...item, stock: Math.max(1, Math.floor(stock) - 1 - Math.floor(random() * 3)) + 7 };
  if (kind === 2) return { ...item, title: `Former ${item.title}` };
  return { ...item, publishedAt: (item.publishedAt ?? Date.UTC(2024, 1, 1)) - 86_400_000 * 400 };
}
