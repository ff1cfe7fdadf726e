import type { CatalogueView } from '../../src/catalogue/catalogue';
import type { CreativePolicy } from '../../src/content/creatives/creative-policy';
import type { CreativeWriter } from '../../src/content/creatives/write-creative';
import type { ContentWriter } from '../../src/content/write-content';
import { writeList } from '../../src/content/write-list';
import { isNobody } from '../../src/profile/nobody';
import type { Profile } from '../../src/profile/profile';
import type { Recommendation } from '../../src/push/recommendation-list';
import type { RankedItem } from '../../src/ranking/rank';

/** What words the items of one tenant. */
export interface ItemWording {
  readonly content: ContentWriter;
  /** Absent: the fixed templates word everything. */
  readonly creatives?: { readonly writer: CreativeWriter; readonly policy: CreativePolicy; readonly version: string };
  readonly catalogue: CatalogueView;
}

/** For whom, where and when. */
export interface WordingFor {
  readonly profile: Profile;
  readonly surface: string;
  readonly now: number;
  /** Whether the reader permits that words are tried. @default true */
  readonly tries?: boolean;
}

/**
 * Ranked items with what the reader will see: by creative plans where the tenant chooses its words and the reader is profiled and permits `experiments`,
 * otherwise by the fixed templates; an item that has left the catalogue meanwhile is left out.
 */
export function writeItems(
  { content, creatives, catalogue }: ItemWording,
  items: readonly RankedItem[],
  { profile, surface, now, tries = true }: WordingFor,
): Recommendation[] {
  const reader = { profile, surface, catalogue, now };
  if (creatives && (isNobody(profile) || !tries)) return creatives.writer.writeTemplates(items, reader);
  if (creatives) return creatives.writer.writeList(creatives.policy, creatives.version, items, reader);
  return writeList(content, items, { locale: profile.locale, surface, catalogue });
}
