import type { CatalogueView } from '../catalogue/catalogue';
import type { Recommendation } from '../push/recommendation-list';
import type { RankedItem } from '../ranking/rank';
import type { ContentWriter } from './write-content';

/** Ranked items with what the reader will see; an item that has left the catalogue meanwhile is left out. */
export function writeList(
  writer: ContentWriter,
  items: readonly RankedItem[],
  reader: { readonly locale: string | undefined; readonly surface: string; readonly catalogue: Pick<CatalogueView, 'get'> },
): Recommendation[] {
  const written: Recommendation[] = [];
  for (const ranked of items) {
    const item = reader.catalogue.get(ranked.itemId);
    if (item !== undefined) written.push({ ...ranked, content: writer.write({ item, reason: ranked.reason, ...reader }) });
  }
  return written;
}
