import { extractFeatures } from '../../src/catalogue/features/extract-features';
import type { FeatureStore } from '../../src/catalogue/features/feature-store.redis';
import { computesFeatures } from '../../src/catalogue/features/feature-settings';
import type { MediaSandbox } from '../../src/catalogue/features/media/media-sandbox';
import { readMedia, stateOfMedia } from '../../src/catalogue/features/media/read-media';
import type { RedisCatalogue } from '../../src/catalogue/catalogue.redis';
import type { Log } from '../../src/platform/log';
import type { Metrics } from '../../src/platform/metrics';
import type { TenantSettings } from '../../src/tenants/tenant-settings';

export interface FeaturesDeps {
  readonly settings: ReadonlyMap<string, TenantSettings>;
  readonly store: FeatureStore;
  readonly sandbox: MediaSandbox;
  readonly catalogue: Pick<RedisCatalogue, 'mergeVectors'>;
  /** Folder that uploads lie in. */
  readonly uploads: string | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Job → the vectors of every item that has changed since the last one, tenant by tenant. */
export async function extractAllFeatures(deps: FeaturesDeps): Promise<void> {
  for (const [tenant, { features }] of deps.settings) if (computesFeatures(features)) await extractOfTenant(deps, tenant);
}

async function extractOfTenant(
  { settings, store, sandbox, catalogue, uploads, log, metrics }: FeaturesDeps,
  tenant: string,
): Promise<void> {
  const { features } = settings.get(tenant)!;
  const sources = { uploads, hosts: features.hosts };
  const outcomes = metrics.counter('beckon_features_total', 'Files of items that were described, by how that ended', [
    'tenant',
    'kind',
    'outcome',
  ]);
  await store.followChanges(tenant, async (items) => {
    for (const item of items) {
      await extractFeatures(
        {
          store,
          sources,
          stateOf: (source) => stateOfMedia(source, sources),
          read: (kind, source) => readMedia(kind, source, sources, features),
          describe: (kind, bytes) => sandbox.describe(kind, bytes, features, features.encoder),
          mergeVectors: (itemId, vectors) => catalogue.mergeVectors(tenant, itemId, vectors),
          onOutcome: ({ id }, kind, outcome, message) => {
            outcomes.inc({ tenant, kind, outcome });
            if (message !== undefined) log.warn({ tenant, item: id, kind, reason: outcome }, message);
          },
        },
        tenant,
        item,
        features,
      );
    }
  });
}
