import type { BehaviourDraft, RecordOutcome } from '../behaviour/outcome';
import type { Catalogue } from '../catalogue/catalogue';
import type { EpochMs } from '../platform/clock';
import { BeckonError } from '../platform/errors';
import type { PresetName } from '../tenants/presets';
import { DEMOS, simulateDomain } from './simulate-domain';

export interface SeedDemoDeps {
  readonly catalogue: Pick<Catalogue, 'upsert'>;
  /** The use-case of the gateway, with the policy that takes old times. */
  readonly record: (tenant: string, drafts: BehaviourDraft[]) => Promise<RecordOutcome>;
}

export interface SeedDemoOptions {
  readonly tenant: string;
  readonly seed: number;
  readonly now: EpochMs;
  /** Whose demo. @default 'shop' */
  readonly preset?: PresetName;
  /** Without bundles. @default by preset, see `DEMOS` */
  readonly items?: number;
  /** @default 500 */
  readonly users?: number;
  /** @default by preset, see `DEMOS` */
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
 * Fills a store with the demo of a preset. May be broken off and started again: ids are the same, so nothing is counted twice.
 * @throws BeckonError INTERNAL when the store refuses something: the simulator and the store then disagree.
 */
export async function seedDemo(deps: SeedDemoDeps, options: SeedDemoOptions): Promise<SeedDemoOutcome> {
  const { tenant, preset = 'shop', onProgress } = options;
  const { items, history } = simulateDomain(preset, options);
  const total = items.length + history.length;
  let done = 0;
  for (const batch of chunks(items, ITEM_BATCH)) {
    const { rejected } = await deps.catalogue.upsert(tenant, batch);
    refuseRejections(rejected, preset);
    done += batch.length;
    onProgress?.(done, total);
  }
  let duplicates = 0;
  for (const batch of chunks(history, BEHAVIOUR_BATCH)) {
    const { recorded, rejected } = await deps.record(
      tenant,
      batch.map(({ position: _position, ...draft }) => draft),
    );
    refuseRejections(rejected, preset);
    duplicates += recorded.filter(({ status }) => status === 'duplicate').length;
    done += batch.length;
    onProgress?.(done, total);
  }
  return { items: items.length, behaviours: history.length, duplicates };
}

function refuseRejections(rejected: readonly { readonly field: string; readonly message: string }[], preset: PresetName): void {
  const [first] = rejected;
  if (first)
    throw new BeckonError(
      'INTERNAL',
      `${DEMOS[preset].title} was refused: ${first.field}: ${first.message} (and ${rejected.length - 1} more)`,
    );
}

function* chunks<T>(things: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < things.length; start += size) yield things.slice(start, start + size);
}
