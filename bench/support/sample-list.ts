import type { Item } from '../../src/catalogue/item';
import type { ListBody, Recommendation } from '../../src/push/recommendation-list';

const SIZE = 10;

/** A list of ten as a worker makes it, with content, reasons and evidence: the `n`-th of its user, which differs from the one before. */
export function sampleList({
  tenant,
  userId,
  n,
  catalogue,
  now,
}: {
  tenant: string;
  userId: string;
  n: number;
  catalogue: readonly Item[];
  now: number;
}): ListBody {
  const itemAt = (place: number): Item => catalogue[(n * 3 + place) % catalogue.length]!;
  return {
    id: `sample-${userId}-${n}`,
    tenant,
    userId,
    surface: 'home',
    appliedThrough: n,
    digest: 'sample',
    fallback: { level: 0, name: 'hybrid' },
    items: Array.from({ length: SIZE }, (_, place) => sampleItem(itemAt(place), itemAt(place + SIZE), place, now)),
    cause: { kind: 'behaviours', behaviours: [{ id: `b-${n}`, type: 'view', itemId: itemAt(SIZE).id, seq: n }], itemIds: [] },
    timeline: { receivedAt: now - 5, recordedAt: now - 4, startedAt: now - 3, scoredAt: now },
  };
}

function sampleItem({ id, title, price }: Item, because: Item, place: number, now: number): Recommendation {
  return {
    itemId: id,
    score: 1 - place * 0.0731,
    sources: [
      { model: 'item-knn', share: 0.5213 },
      { model: 'factor', share: 0.3121 },
      { model: 'content-based', share: 0.1666 },
    ],
    reason: {
      code: 'because_you',
      evidence: [
        { itemId: because.id, type: 'view', at: now - 60_000, share: 0.7 },
        { itemId: id, type: 'click', at: now - 90_000, share: 0.3 },
      ],
    },
    flags: [],
    content: { title, text: `Goes well with ${because.title}, which you looked at. Now for ${price ?? 0} €.`, callToAction: 'Have a look' },
  };
}
