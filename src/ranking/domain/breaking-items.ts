import type { Item } from '../../catalogue/item';
import type { LevelContext } from '../level-candidates';
import { newestItems } from '../level-candidates';
import { ListCaps } from './list-caps';

/** How many of the newest items are looked through for breaking ones. */
const LOOKED_AT = 200;

/**
 * The items that stand at the top of a list: breaking, young enough, let through by the rules and the caps; newest first. None where the surface
 * has no such rule.
 */
export function breakingItems(
  { surface, models, catalogue, now }: Pick<LevelContext, 'surface' | 'models' | 'catalogue' | 'now'>,
  admits: (item: Item) => boolean,
): Item[] {
  const { breaking } = surface.rules;
  if (breaking === undefined) return [];
  const newest = models.newest?.(now, LOOKED_AT).map((id) => catalogue.get(id)) ?? newestItems(catalogue, LOOKED_AT, () => true);
  const caps = new ListCaps(surface.rules);
  const pinned: Item[] = [];
  for (const item of newest) {
    if (pinned.length === Math.min(breaking.most, surface.size)) break;
    if (item === undefined || !isBreaking(item, breaking, now) || !admits(item) || !caps.admits(item)) continue;
    caps.take(item);
    pinned.push(item);
  }
  return pinned;
}

const isBreaking = ({ tags, publishedAt }: Item, { tag, forMs }: { readonly tag: string; readonly forMs: number }, now: number): boolean =>
  publishedAt !== undefined && now - publishedAt <= forMs && tags.includes(tag);
