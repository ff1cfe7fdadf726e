import type { CatalogueView } from '../../catalogue/catalogue';
import type { Item } from '../../catalogue/item';
import type { EpochMs } from '../../platform/clock';
import { seededRandom } from '../../platform/random';
import type { Profile } from '../../profile/profile';
import type { Recommendation } from '../../push/recommendation-list';
import type { RankedItem } from '../../ranking/rank';
import type { Content, ContentWriter } from '../write-content';
import { BannedWords } from './banned-words';
import { checkStatements, type Citable, type Refusal } from './check-statements';
import type { CreativeDecision, CreativePolicy } from './creative-policy';
import { TEMPLATE_ARM } from './hand-written-plans';
import { itemFacts, labelOf } from './item-facts';
import { codeOf, planOf } from './plan';
import { PlanRenderer, type RenderedPlan } from './render-plan';
import { contextOf, segmentOf, tasteOf } from './taste';
import type { ProductKind } from './wording';
import { WORDING_EN } from './wording-en';
import { WORDING_RU } from './wording-ru';
import { WORDING_ZH } from './wording-zh';

const WORDINGS = [WORDING_EN, WORDING_ZH, WORDING_RU];
const FALLBACK_LANGUAGE = 'en';
/** The attribute of a profile by which a reader declares how to be addressed: `feminine` or `masculine`. */
const ADDRESS_ATTRIBUTE = 'addressAs';

export interface CreativeReader {
  readonly profile: Pick<Profile, 'userId' | 'locale' | 'interests' | 'attributes'>;
  readonly surface: string;
  readonly catalogue: Pick<CatalogueView, 'get'>;
  readonly now: EpochMs;
}

export interface CreativeWriterOptions {
  readonly kind: ProductKind;
  readonly bannedWords: readonly string[];
  /** Told why a plan was not shown. */
  readonly onRefused?: (refusal: Refusal) => void;
}

/** Words items by creative plans; whatever is refused falls back to what the fixed templates say. */
export class CreativeWriter {
  private readonly renderers = new Map(WORDINGS.map((wording) => [wording.language, new PlanRenderer(wording)]));
  private readonly banned: BannedWords;

  constructor(
    private readonly templates: ContentWriter,
    private readonly options: CreativeWriterOptions,
  ) {
    this.banned = new BannedWords(options.bannedWords);
  }

  /**
   * Ranked items with what the reader will see, each with the plan that was chosen and how likely that was; an item that has left the catalogue is left out. A
   * reader sees the same plan of an item until `version`, that of the policy, changes: so a list that is made anew does not flicker.
   */
  writeList(policy: CreativePolicy, version: string, items: readonly RankedItem[], reader: CreativeReader): Recommendation[] {
    const renderer = this.rendererFor(reader.profile.locale);
    if (!renderer) return this.writeTemplates(items, reader);
    const taste = tasteOf(reader.profile.interests);
    const segment = segmentOf(taste);
    return present(items, reader).map(({ ranked, item }) => {
      const random = seededRandom(hashOf(`${version}\n${reader.profile.userId}\n${item.id}`));
      const decision = policy.decide(segment, contextOf(taste, item, reader.now), random);
      return { ...ranked, ...this.write(decision, segment, { item, reason: ranked.reason, reader, renderer }) };
    });
  }

  /** The same as the fixed templates say, without banned words: for everybody alike, and for readers in whose language there are no plans. */
  writeTemplates(items: readonly RankedItem[], reader: CreativeReader): Recommendation[] {
    return present(items, reader).map(({ ranked, item }) => ({ ...ranked, content: this.fixed({ item, reason: ranked.reason, reader }) }));
  }

  /** The templates' words, without banned ones. */
  private fixed({ item, reason, reader }: Omit<Wanted, 'renderer'>): Content {
    const { profile, surface, catalogue } = reader;
    const content = this.templates.write({ item, reason, locale: profile.locale, surface, catalogue });
    return {
      title: this.banned.mask(content.title),
      text: this.banned.mask(content.text),
      callToAction: this.banned.mask(content.callToAction),
    };
  }

  private write(decision: CreativeDecision, segment: string, wanted: Wanted): Pick<Recommendation, 'content' | 'creative'> {
    const rendered = decision.indices === undefined ? undefined : this.rendered(decision.indices, wanted);
    const { arm, share, propensity, indices } = decision;
    const creative = { arm, segment, share, propensity, ...(indices && { plan: codeOf(indices) }) };
    if (rendered === undefined) return { content: this.fixed(wanted), creative: { ...creative, shown: TEMPLATE_ARM } };
    const price = rendered.stated.find(({ field }) => field === 'price')?.value;
    const stock = rendered.stated.find(({ field }) => field === 'stock')?.value;
    return {
      content: rendered.content,
      creative: { ...creative, ...(price !== undefined && { price: Number(price) }), ...(stock !== undefined && { stock: Number(stock) }) },
    };
  }

  /** Undefined: the plan may not be shown. */
  private rendered(indices: readonly number[], { item, reason, reader, renderer }: Wanted): RenderedPlan | undefined {
    const { locale = FALLBACK_LANGUAGE, attributes } = reader.profile;
    const { citable, ...rest } = citedBy(reason, reader.catalogue);
    const gender = attributes[ADDRESS_ATTRIBUTE];
    const request = { plan: planOf(indices), facts: itemFacts(item), reason: rest, kind: this.options.kind, locale };
    const rendered = renderer.render({ ...request, ...(gender !== undefined && { gender }) });
    const refusal = checkStatements(rendered, item, this.banned, citable);
    if (refusal === undefined) return rendered;
    this.options.onRefused?.(refusal);
    return undefined;
  }

  private rendererFor(locale = FALLBACK_LANGUAGE): PlanRenderer | undefined {
    try {
      return this.renderers.get(new Intl.Locale(locale).language);
    } catch {
      return undefined;
    }
  }
}

interface Wanted {
  readonly item: Item;
  readonly reason: Recommendation['reason'];
  readonly reader: CreativeReader;
  readonly renderer: PlanRenderer;
}

/** The items that the catalogue still holds. */
const present = (items: readonly RankedItem[], { catalogue }: CreativeReader): { ranked: RankedItem; item: Item }[] =>
  items.flatMap((ranked) => {
    const item = catalogue.get(ranked.itemId);
    return item === undefined ? [] : [{ ranked, item }];
  });

/** What a reason lets a text cite: the title of its first evidence, and its topic. */
function citedBy({ code, topic, evidence }: Recommendation['reason'], catalogue: CreativeReader['catalogue']) {
  const [first] = evidence;
  const title = first && catalogue.get(first.itemId)?.title;
  const label = topic === undefined ? undefined : labelOf(topic.replace(/^[ct]:/u, ''));
  const citable: Citable = { ...(title && { evidenceTitle: title }), ...(label !== undefined && { topic: label }) };
  return {
    code,
    ...(label !== undefined && { topic: label }),
    ...(first && title && { evidence: { title, type: first.type } }),
    citable,
  };
}

/** FNV-1a: 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193) >>> 0;
  return hash;
}
