import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../src/cli/api-client';
import { RECORD_BEHAVIOURS } from '../../src/cli/documents';
import { eventually } from './eventually';

export interface SentBehaviour {
  readonly id?: string;
  readonly userId?: string;
  readonly type: string;
  readonly itemId?: string;
  /** follow: whom. */
  readonly target?: string;
  readonly at?: string;
  readonly recommendationId?: string;
}

export interface RecordPayload {
  readonly recordBehaviours: {
    readonly recorded: readonly {
      readonly index: number;
      readonly id: string;
      readonly userId: string;
      readonly status: string;
      readonly seq: number;
    }[];
    readonly rejections: readonly { readonly index: number; readonly code: string; readonly field: string; readonly message: string }[];
    readonly users: readonly { readonly userId: string; readonly seq: number }[];
  };
}

const CATEGORIES = ['garden', 'kitchen', 'music', 'books'] as const;

/** Id of the n-th item of a small shop, from 0. */
export const itemId = (n: number): string => `item-${String(n).padStart(3, '0')}`;
/** Its category: items of a category are every fourth. */
export const categoryOf = (id: string): string => CATEGORIES[Number(id.slice(-3)) % CATEGORIES.length]!;

/** Fills the catalogue with `count` plain items over four categories, and resolves when workers make lists of them. */
export async function stockShop(client: ApiClient, count = 60): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => {
    const id = itemId(n);
    const category = categoryOf(id);
    return {
      id,
      title: `${category} thing ${n}`,
      categories: [category],
      tags: [`tag-${n % 7}`],
      price: 5 + n,
      currency: 'EUR',
      sellerId: `s${n % 9}`,
    };
  });
  await upsert(client, items);
  // Each worker hears of items by itself: several strangers in a row must be served, so that all of them have.
  await eventually(async () => {
    for (let n = 0; n < 8; n++)
      if ((await listOf(client, randomUUID())).length !== Math.min(10, count)) throw new Error('the shop is not on the lists yet');
  });
}

/** The ids on the list of a user, best first. */
export async function listOf(client: ApiClient, userId: string, options: { minSeq?: number } = {}): Promise<string[]> {
  const { recommendations } = await client.request<{ recommendations: { items: { itemId: string }[] } }>(
    'query List($userId: ID, $minSeq: Int) { recommendations(userId: $userId, minSeq: $minSeq) { items { itemId } } }',
    { userId, ...options },
  );
  return recommendations.items.map((item) => item.itemId);
}

export async function upsert(client: ApiClient, items: readonly object[]): Promise<void> {
  const { upsertItems } = await client.request<{ upsertItems: { rejections: { message: string }[] } }>(
    'mutation Stock($items: [ItemInput!]!) { upsertItems(items: $items) { rejections { index field message } } }',
    { items },
  );
  if (upsertItems.rejections.length > 0) throw new Error(`refused: ${upsertItems.rejections[0]!.message}`);
}

/** Records behaviours, all of which must be taken. @returns the payload. */
export async function record(client: ApiClient, behaviours: readonly SentBehaviour[]): Promise<RecordPayload['recordBehaviours']> {
  const { recordBehaviours } = await client.request<RecordPayload>(RECORD_BEHAVIOURS, { behaviours });
  if (recordBehaviours.rejections.length > 0) throw new Error(`rejected: ${recordBehaviours.rejections[0]!.message}`);
  return recordBehaviours;
}
