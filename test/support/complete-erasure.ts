import type { ApiClient } from '../../src/cli/api-client';
import { eventually } from './eventually';

export interface CompleteReceipt {
  readonly id: string;
  readonly completeAt: string | null;
  /** How many ids the person had. */
  readonly ids: number;
  readonly reached: readonly { readonly place: string; readonly removed: number; readonly doneAt: string | null }[];
}

/** Erases who speaks through this client, and resolves with the receipt when it is complete: then every place is reached. */
export async function completeErasure(client: ApiClient): Promise<CompleteReceipt> {
  const { eraseProfile } = await client.request<{ eraseProfile: { receipt: { id: string } } }>(
    'mutation { eraseProfile { receipt { id } } }',
  );
  const query = 'query Receipt($id: ID!) { erasureReceipt(id: $id) { id completeAt ids reached { place removed doneAt } } }';
  return eventually(
    async () => {
      const { erasureReceipt } = await client.request<{ erasureReceipt: CompleteReceipt }>(query, { id: eraseProfile.receipt.id });
      const left = erasureReceipt.reached.filter(({ doneAt }) => doneAt === null);
      expect(left).toEqual([]); // before the next, so that a failure says where it stands
      expect(erasureReceipt.completeAt).not.toBeNull();
      return erasureReceipt;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
}
