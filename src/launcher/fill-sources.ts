import { basename, join } from 'node:path';
import type { Store } from '../cli/compose';
import { importHistory } from '../cli/import-history';
import { datasetSource } from '../cli/import-source';
import { isBadRow } from '../datasets/row';
import { badInput } from '../platform/errors';
import { seedDemo } from '../simulator/seed-demo';
import { DEMOS } from '../simulator/simulate-domain';
import type { PresetName } from '../tenants/presets';
import type { FillSource } from './fill-store';

interface FillParts {
  readonly tenant: string;
  /** Opened only if there is something to do. */
  readonly openStore: () => Promise<Store>;
  readonly onProgress: (phase: string, done: number, total?: number) => void;
}

export interface DemoSize {
  readonly preset: PresetName;
  readonly seed: number;
  readonly items: number | undefined;
  readonly users: number | undefined;
}

/** The demo of a preset out of its simulator: the same seed and size give the same one. */
export function demoSource({ tenant, openStore, onProgress }: FillParts, { preset, seed, items, users }: DemoSize): FillSource {
  const { title, ...demo } = DEMOS[preset];
  return {
    name: [preset === 'shop' ? 'demo' : `demo-${preset}`, seed, items ?? 'all', users ?? 'all'].join(':'),
    title,
    example: async () => ({ userId: 'user-1', itemId: demo.itemId(items ?? demo.items) }),
    fill: (startedAt) =>
      withStore(openStore, async (store) => {
        await seedDemo(store, {
          tenant,
          preset,
          seed,
          now: startedAt,
          ...(items !== undefined && { items }),
          ...(users !== undefined && { users }),
          onProgress: (done, total) => onProgress(title.replace(/^the /, ''), done, total),
        });
      }),
  };
}

/** A data set, its newest behaviour moved to the time of the import. `stateDir`: where the import notes how far it is. */
export function datasetFillSource({ tenant, openStore, onProgress }: FillParts, dataset: string, stateDir: string): FillSource {
  const name = basename(dataset);
  return {
    name: `dataset:${name}`,
    title: name,
    example: async () => {
      const source = await datasetSource(dataset);
      for await (const row of source.behaviours()) {
        if (!isBadRow(row) && row.record.itemId !== undefined) return { userId: row.record.userId, itemId: row.record.itemId };
      }
      throw badInput('dataset', `${name} holds no behaviour that can be used`);
    },
    fill: () =>
      withStore(openStore, async (store) => {
        await importHistory(store, await datasetSource(dataset), {
          tenant,
          checkpointFile: join(stateDir, `${tenant}.checkpoint.json`),
          rejectsFile: join(stateDir, `${tenant}.rejects.jsonl`),
          times: 'shift',
          onProgress,
        });
      }),
  };
}

async function withStore(openStore: () => Promise<Store>, use: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore();
  try {
    await use(store);
  } finally {
    await store.close().catch(() => undefined); // already gone: the failure of `use` says so
  }
}
