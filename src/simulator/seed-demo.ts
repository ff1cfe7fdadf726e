import type { BehaviourDraft, RecordOutcome } from '../behaviour/outcome';
import type { Catalogue } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import { BeckonError } from '../platform/errors';
import { simulateCatalogue } from './catalogue';
import { simulateHistory } from './history';

export interface SeedDemoDeps {
  readonly catalogue: Pick<Catalogue, 'upsert'>;
  /** The use-case of the gateway, with the policy that takes old times. */
  readonly record: (tenant: string, drafts: BehaviourDraft[]) => Promise<RecordOutcome>;
}

export interface SeedDemoOptions {
  readonly tenant: string;
  readonly seed: number;
  readonly now: EpochMs;
  /** @default 1_000 */
  readonly items?: number;
  /** @default 500 */
  readonly users?: number;
  /** @default 90 */
  readonly days?: number;
  /** Called after each batch, with behaviours and items together. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface SeedDemoOutcome {
  readonly items: number;
  readonly behaviours: number;
  /** Already there from a run that was broken off. */
  readonly duplicates: number;
}

const ITEM_BATCH = 250;
const BEHAVIOUR_BATCH = 1_000;

/**
 * Fills a store with the demo shop. May be broken off and started again: ids are the same, so nothing is counted twice.
 * @throws BeckonError INTERNAL when the store refuses something: the simulator and the store then disagree.
 */
export async function seedDemo(deps: SeedDemoDeps, options: SeedDemoOptions): Promise<SeedDemoOutcome> {
  const { tenant, seed, now, items = 1_000, users = 500, days = 90, onProgress } = options;
  const shop = simulateCatalogue(seed, items, now);
  const history = simulateHistory(shop, { seed, users, days, endAt: now });
  const total = shop.items.length + history.length;
  let done = 0;
  for (const batch of chunks(shop.items, ITEM_BATCH)) {
    const { rejected } = await deps.catalogue.upsert(
      tenant,
      batch.map(({ item }) => item),
    );
    refuseRejections(rejected);
    done += batch.length;
    onProgress?.(done, total);
  }
  let duplicates = 0;
  for (const batch of chunks(history, BEHAVIOUR_BATCH)) {
    const { recorded, rejected } = await deps.record(
      tenant,
      batch.map(({ position: _position, ...draft }) => draft),
    );
    refuseRejections(rejected);
    duplicates += recorded.filter(({ status }) => status === 'duplicate').length;
    done += batch.length;
    onProgress?.(done, total);
  }
  return { items: shop.items.length, behaviours: history.length, duplicates };
}

function refuseRejections(rejected: readonly { readonly field: string; readonly message: string }[]): void {
  const [first] = rejected;
  if (first)
    throw new BeckonError('INTERNAL', `the demo shop was refused: ${first.field}: ${first.message} (and ${rejected.length - 1} more)`);
}

function* chunks<T>(things: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < things.length; start += size) yield things.slice(start, start + size);
}
