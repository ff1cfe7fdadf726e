import { CreativeWriter } from '../src/content/creatives/write-creative';
import type { Refusal } from '../src/content/creatives/check-statements';
import { ContentWriter } from '../src/content/write-content';
import type { Metrics } from '../src/platform/metrics';
import type { TenantSettings } from '../src/tenants/tenant-settings';
import { usesCreatives } from './model-options';

/** What words the items of each tenant that chooses its words, counting the plans that it had to refuse. */
export function creativeWriters(settings: ReadonlyMap<string, TenantSettings>, metrics: Metrics): ReadonlyMap<string, CreativeWriter> {
  const refused = metrics.counter('beckon_creatives_refused_total', 'Creative plans that were not shown, by why', ['tenant', 'reason']);
  const writers = new Map<string, CreativeWriter>();
  for (const [tenant, own] of settings) {
    if (!usesCreatives(own)) continue;
    const { preset, content, templates } = own;
    const onRefused = (reason: Refusal): void => refused.inc({ tenant, reason });
    writers.set(tenant, new CreativeWriter(new ContentWriter(templates), { kind: preset, bannedWords: content.bannedWords, onRefused }));
  }
  return writers;
}
