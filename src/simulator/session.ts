import type { EpochMs } from '../platform/clock';
import { gaussian, type Random } from '../platform/random';
import type { DemoCatalogue, DemoItem } from './catalogue';
import { geometric, pick, pickWeighted, sampleWeighted } from './draw';
import { seasonOf } from './season';
import { affinity, chooseShelf, type Shopper } from './shopper';
import { Visit, type SimulatedBehaviour } from './visit';

/** Items in one list on the screen. */
const SLATE = 8;
const MEAN_FURTHER_VIEWS = 4;
/** Where the next list comes from: what goes with the item in view, the shelf in mind, what everybody looks at. */
const COMPANION_SHARE = 0.35;
const POPULAR_SHARE = 0.1;

export interface SessionPlan {
  /** Ids are `<idPrefix>-<k>`, k from 1. */
  readonly idPrefix: string;
  readonly startAt: EpochMs;
}

/** One visit, in time order, behaviours at least two seconds apart: search or home page, lists, views, sometimes a cart, sometimes a purchase. Never empty. */
export function simulateSession(
  catalogue: DemoCatalogue,
  shopper: Shopper,
  random: Random,
  { idPrefix, startAt }: SessionPlan,
): SimulatedBehaviour[] {
  const visit = new Visit(shopper.userId, idPrefix, startAt, random);
  const shelf = chooseShelf(shopper, random, (category) => seasonOf(category, startAt));
  if (random() < 0.15) visit.did('search', { query: (shelf ?? shopper.tag).split('/').pop()!.replace('-', ' '), surface: 'search' });

  const cart: DemoItem[] = [];
  let current: DemoItem | undefined;
  for (let left = 1 + geometric(random, MEAN_FURTHER_VIEWS); left > 0; left--) {
    const chosen = chooseNext(catalogue, shopper, random, { current, shelf, at: visit.at });
    if (!chosen) break;
    look(visit, random, chosen, affinity(shopper, chosen.item));
    if (random() < Math.min(0.5, 0.09 * affinity(shopper, chosen.item)) && !cart.includes(chosen.item)) {
      visit.did('add_to_cart', { itemId: chosen.item.item.id, surface: 'product' });
      cart.push(chosen.item);
    }
    current = chosen.item;
  }
  checkOut(visit, random, cart);
  return visit.behaviours;
}

interface Choice {
  readonly item: DemoItem;
  readonly position: number;
  readonly surface: string;
}

interface Situation {
  readonly current: DemoItem | undefined;
  readonly shelf: string | undefined;
  readonly at: EpochMs;
}

/** Draws the list on the screen by popularity and picks from it: chance ∝ affinity / log₂(position + 1), the usual attention curve. */
function chooseNext(catalogue: DemoCatalogue, shopper: Shopper, random: Random, { current, shelf, at }: Situation): Choice | undefined {
  const companions = current && random() < COMPANION_SHARE ? catalogue.companions.get(current.item.id) : undefined;
  const onShelf = shelf !== undefined && random() >= POPULAR_SHARE ? catalogue.byCategory.get(shelf) : undefined;
  const pool = (companions ?? onShelf ?? catalogue.popular).filter((item) => item !== current && (item.item.publishedAt ?? 0) <= at);
  // The first companion is shown first: an order that a transition model can learn.
  const slate = companions ? pool : sampleWeighted(random, pool, SLATE, ({ popularity }) => popularity);
  const item = pickWeighted(random, slate, (candidate, k) => affinity(shopper, candidate) / Math.log2(k + 2));
  if (!item) return undefined;
  return { item, position: slate.indexOf(item) + 1, surface: companions ? 'product' : shelf === undefined ? 'home' : 'category' };
}

/** A click on the list, the view, and what an interested person does next. */
function look(visit: Visit, random: Random, { item: { item }, position, surface }: Choice, liking: number): void {
  const itemId = item.id;
  if (random() < 0.4) visit.did('click', { itemId, surface, position });
  visit.did('view', { itemId, surface, position });
  if (random() < 0.3) {
    const seconds = Math.min(600, Math.round(12 * Math.sqrt(liking) * Math.exp(0.6 * gaussian(random))) + 1);
    visit.did('dwell', { itemId, value: seconds, surface: 'product' });
  }
  if (random() < 0.03 * liking) visit.did(pick(random, ['like', 'like', 'share']), { itemId, surface: 'product' });
  else if (liking < 0.3 && random() < 0.04) visit.did(pick(random, ['dislike', 'not_interested']), { itemId, surface: 'product' });
}

function checkOut(visit: Visit, random: Random, cart: readonly DemoItem[]): void {
  const kept = cart.filter(({ item }) => {
    if (random() >= 0.12) return true;
    visit.did('remove_from_cart', { itemId: item.id, surface: 'cart' });
    return false;
  });
  if (kept.length === 0 || random() >= 0.6) return;
  for (const { item } of kept) {
    const quantity = 1 + (random() < 0.15 ? geometric(random, 1) : 0);
    visit.did('purchase', { itemId: item.id, quantity, price: item.price, surface: 'cart' });
    if (random() < 0.15) visit.did('rate', { itemId: item.id, value: random() < 0.75 ? 5 : 2 + Math.floor(random() * 3) });
  }
}
