import type { CatalogueView } from '../../catalogue/catalogue';
import { unavailability, type Item } from '../../catalogue/item';
import type { EpochMs } from '../../platform/clock';
import type { Profile } from '../../profile/profile';
import { surfaceRule, type ItemRule } from '../rules';
import type { RuleSettings } from '../surface-settings';

interface RuleBasis {
  readonly profile: Profile;
  readonly catalogue: Pick<CatalogueView, 'get'>;
  readonly now: EpochMs;
}

/** Every rule of a surface about single items: `surfaceRule`, then age, stock, price and bundles where the surface names them. */
export function listRule(settings: RuleSettings, basis: RuleBasis): ItemRule {
  const surface = surfaceRule(settings, basis.profile, basis.now);
  const own = [ageRule(settings, basis), stockRule(settings), priceRule(settings, basis), bundleRule(settings, basis)].filter(
    (rule): rule is ItemRule => rule !== undefined,
  );
  if (own.length === 0) return surface;
  return (item) => {
    for (const rule of own) {
      const exclusion = rule(item);
      if (exclusion !== undefined) return exclusion;
    }
    return surface(item);
  };
}

function ageRule({ maxAgeMs }: RuleSettings, { now }: RuleBasis): ItemRule | undefined {
  if (maxAgeMs === undefined) return undefined;
  return ({ publishedAt }) => (publishedAt !== undefined && now - publishedAt > maxAgeMs ? 'too_old' : undefined);
}

function stockRule({ minStock }: RuleSettings): ItemRule | undefined {
  if (minStock === undefined) return undefined;
  return ({ stock }) => (stock !== undefined && stock < minStock ? 'low_stock' : undefined);
}

/** Prices are compared within one currency; in a currency in which the user has had nothing, any price will do. */
function priceRule({ maxPriceRatio }: RuleSettings, { profile, catalogue }: RuleBasis): ItemRule | undefined {
  if (maxPriceRatio === undefined) return undefined;
  const dearest = new Map<string | undefined, number>();
  for (const { itemId, weight } of profile.recent) {
    const had = itemId === undefined || weight <= 0 ? undefined : catalogue.get(itemId);
    if (had?.price !== undefined && had.price > (dearest.get(had.currency) ?? 0)) dearest.set(had.currency, had.price);
  }
  if (dearest.size === 0) return undefined;
  return ({ price, currency }) =>
    price !== undefined && price > maxPriceRatio * (dearest.get(currency) ?? Infinity) ? 'too_dear' : undefined;
}

function bundleRule({ bundles }: RuleSettings, { profile, catalogue, now }: RuleBasis): ItemRule | undefined {
  if (bundles === undefined) return undefined;
  const spoils = (part: string): boolean => {
    const item: Item | undefined = catalogue.get(part);
    // Bundles are few: looking each part up costs less than a set of what was bought for every list.
    const bought = profile.recent.some(({ itemId, type }) => itemId === part && type === 'purchase');
    return bought || item === undefined || unavailability(item, now) !== undefined;
  };
  return ({ parts }) => (parts?.some(spoils) ? 'bundle' : undefined);
}
