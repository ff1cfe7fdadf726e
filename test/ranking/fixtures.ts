import type { CatalogueView } from '../../src/catalogue/catalogue';
import type { Item } from '../../src/catalogue/item';
import { ItemIndex } from '../../src/models/item-index';
import type { Pull, Scorer } from '../../src/models/model';
import { emptyProfile } from '../../src/profile/empty-profile';
import type { Profile, RecentBehaviour } from '../../src/profile/profile';
import type { ModelName } from '../../src/push/recommendation-list';
import { BlendScratch } from '../../src/ranking/blend';
import type { RankingModels } from '../../src/ranking/ranking-models';
import { surfaceSettings, type SurfaceSettings, type SurfaceSettingsInput } from '../../src/ranking/surface-settings';

export const NOW = 1_700_000_000_000;

export const anItem = (id: string, fields: Partial<Item> = {}): Item => ({
  id,
  title: `Title of ${id}`,
  categories: [],
  tags: [],
  hidden: false,
  promoted: false,
  version: 1,
  ...fields,
});

export function aCatalogue(items: readonly Item[]): CatalogueView {
  const byId = new Map(items.map((item) => [item.id, item]));
  return { get: (id) => byId.get(id), size: byId.size, values: () => byId.values() };
}

/** Recent behaviours, newest first, a second apart. */
export function recentOf(...behaviours: readonly (Partial<RecentBehaviour> & { readonly itemId: string })[]): RecentBehaviour[] {
  return behaviours.map((behaviour, k) => ({
    seq: behaviours.length - k,
    id: `b${behaviours.length - k}`,
    type: 'view',
    weight: 0.1,
    at: NOW - 1000 * (k + 1),
    receivedAt: NOW - 1000 * (k + 1),
    recordedAt: NOW - 1000 * (k + 1),
    ...behaviour,
  }));
}

/** A profile; `history` follows from the positive behaviours of `recent` unless it is given. */
export function aProfile(fields: Partial<Profile> = {}): Profile {
  const recent = fields.recent ?? [];
  const history = new Map<string, number>();
  for (const { itemId, weight, at } of recent) if (itemId !== undefined && weight > 0 && !history.has(itemId)) history.set(itemId, at);
  return {
    ...emptyProfile({ tenant: 'default', userId: 'u' }),
    seq: recent.length,
    recent,
    history,
    ...fields,
  };
}

export const indexOf = (ids: readonly string[]): ItemIndex => {
  const index = new ItemIndex();
  for (const id of ids) index.intern(id);
  return index;
};

/** A scorer that always gives the same scores by item id, and the same pulls (history item id → amount) by candidate id. */
export function fixedScorer(
  name: ModelName,
  index: ItemIndex,
  scores: Readonly<Record<string, number>>,
  pulls?: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Scorer {
  const explain = (_query: unknown, row: number, limit: number): Pull[] =>
    Object.entries(pulls?.[index.idAt(row)] ?? {})
      .map(([id, amount]) => ({ row: index.intern(id), amount }))
      .sort((a, b) => b.amount - a.amount)
      .slice(0, limit);
  return {
    name,
    score: (_query, into, limit) =>
      Object.entries(scores)
        .sort(([, a], [, b]) => b - a)
        .slice(0, limit)
        .forEach(([id, score]) => into.add(index.intern(id), score)),
    ...(pulls === undefined ? {} : { explain }),
  };
}

export const someModels = (index: ItemIndex, scorers: readonly Scorer[], rest: Partial<RankingModels> = {}): RankingModels => ({
  index,
  scorers,
  scratch: new BlendScratch(),
  ...rest,
});

/** A surface without diversity and with scores divided by the largest, so that lists can be reckoned by hand. */
export const aSurface = (input: Partial<SurfaceSettingsInput> = {}): SurfaceSettings =>
  surfaceSettings.parse({
    blend: { weights: { 'item-knn': 1 }, fusion: 'max' },
    size: 3,
    diversity: { lambda: 1 },
    ...input,
  });

/** Equal within half a unit of the given decimal, inside a larger comparison. */
export const near = (value: number, decimals = 5): unknown => expect.closeTo(value, decimals);
