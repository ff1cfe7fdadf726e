import { gini } from '../src/evaluation/metrics/concentration';
import type { Metrics } from '../src/platform/metrics';
import { ExposureLedger } from '../src/ranking/exposure-ledger';
import type { TenantSettings } from '../src/tenants/tenant-settings';

/** What one tenant's lists gave their providers, by surface; surfaces that do not weigh exposure have none. */
export type SurfaceLedgers = ReadonlyMap<string, ExposureLedger>;

/**
 * Ledgers of the lists that this worker makes, empty at its start. Workers do not tell each other: the recompute queues give each of them a fair
 * sample of the lists, and a share needs no more (docs/decisions/0023-exposure-in-the-workers-memory.md).
 */
export function exposureLedgers(settings: ReadonlyMap<string, TenantSettings>, metrics: Metrics): ReadonlyMap<string, SurfaceLedgers> {
  const ledgers = new Map(
    [...settings].map(([tenant, { surfaces }]) => [
      tenant,
      new Map([...surfaces].flatMap(([name, { exposure }]) => (exposure.weight > 0 ? [[name, new ExposureLedger(exposure)]] : []))),
    ]),
  );
  metrics.observedEach(
    'beckon_exposure_gini',
    'How unevenly the lists of this worker show providers: 0, all the same; 1, one alone',
    ['tenant', 'surface'],
    () =>
      [...ledgers].flatMap(([tenant, own]) =>
        [...own].map(([surface, ledger]) => ({ labels: { tenant, surface }, value: gini([...ledger.attentionShares().values()]) })),
      ),
  );
  return ledgers;
}
