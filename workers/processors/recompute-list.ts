import type { Clock } from '../../src/platform/clock';
import type { CatalogueView } from '../../src/catalogue/catalogue';
import type { ContentWriter } from '../../src/content/write-content';
import { writeList } from '../../src/content/write-list';
import type { Metrics } from '../../src/platform/metrics';
import type { UserKey } from '../../src/platform/keys';
import type { Profile, RecentBehaviour } from '../../src/profile/profile';
import type { Lists } from '../../src/push/ports';
import type { ListBody, ListCause } from '../../src/push/recommendation-list';
import { recomputeJob, type RecomputeJob } from '../../src/push/recompute-job';
import { rank } from '../../src/ranking/rank';
import type { RankingModels } from '../../src/ranking/ranking-models';
import { surfaceOf, type TenantSettings } from '../../src/tenants/tenant-settings';

/** What one tenant's lists are made with. */
export interface ListMaker {
  readonly settings: TenantSettings;
  readonly models: RankingModels;
  readonly catalogue: CatalogueView;
  readonly content: ContentWriter;
  readonly digest: string;
}

export interface RecomputeDeps {
  readonly readProfile: (user: UserKey) => Promise<Profile>;
  readonly lists: Lists;
  /** @throws BeckonError NOT_FOUND for a tenant that this worker does not serve. */
  readonly makerOf: (tenant: string) => ListMaker;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly metrics: Metrics;
}

const MOST_CAUSES = 20;

/** Job → fresh, explained list, stored and announced unless a newer one is there. Returns the list's revision, if it was stored. */
export async function recomputeList(deps: RecomputeDeps, data: unknown): Promise<number | undefined> {
  const job = recomputeJob.parse(data);
  const startedAt = deps.clock.now();
  const [profile, appliedBefore] = await Promise.all([deps.readProfile(job), deps.lists.appliedThrough(job)]);
  const body = makeList(deps, job, { profile, startedAt, appliedBefore });
  const stored = await deps.lists.replace(body);
  observe(deps, body, stored !== undefined);
  return stored?.position.revision;
}

function makeList(
  deps: RecomputeDeps,
  { tenant, userId, surface, why }: RecomputeJob,
  { profile, startedAt, appliedBefore }: { profile: Profile; startedAt: number; appliedBefore: number },
): ListBody {
  const { settings, models, catalogue, content, digest } = deps.makerOf(tenant);
  const ranked = rank({ profile, models, catalogue, surface: surfaceOf(settings, surface), now: startedAt });
  const items = writeList(content, ranked.items, { locale: profile.locale, surface, catalogue });
  const fresh = profile.recent.filter(({ seq }) => seq > appliedBefore).sort((a, b) => b.seq - a.seq);
  return {
    id: deps.newId(),
    tenant,
    userId,
    surface,
    appliedThrough: profile.seq,
    digest,
    fallback: ranked.fallback,
    items,
    cause: causeOf(why, fresh),
    timeline: {
      ...(fresh[0] && { receivedAt: fresh[0].receivedAt, recordedAt: fresh[0].recordedAt }),
      startedAt,
      scoredAt: deps.clock.now(),
    },
  };
}

function causeOf(why: RecomputeJob['why'], fresh: readonly RecentBehaviour[]): ListCause {
  const behaviours = fresh
    .slice(0, MOST_CAUSES)
    .map(({ id, type, itemId, seq }) => ({ id, type, seq, ...(itemId !== undefined && { itemId }) }));
  if (behaviours.length > 0) return { kind: 'behaviours', behaviours, itemIds: [] };
  return { kind: why === 'sweep' || why === 'behaviours' ? 'request' : why, behaviours: [], itemIds: [] };
}

function observe({ metrics, clock }: RecomputeDeps, { timeline, fallback, tenant }: ListBody, stored: boolean): void {
  const stage = metrics.stage('beckon_loop_stage_ms', 'Time in each stage of the loop, in ms', ['stage']);
  if (timeline.receivedAt !== undefined && timeline.recordedAt !== undefined) {
    stage.observe({ stage: 'ingest' }, Math.max(0, timeline.recordedAt - timeline.receivedAt));
    stage.observe({ stage: 'queue' }, Math.max(0, timeline.startedAt - timeline.recordedAt));
  }
  stage.observe({ stage: 'score' }, timeline.scoredAt - timeline.startedAt);
  stage.observe({ stage: 'replace' }, clock.now() - timeline.scoredAt);
  metrics
    .counter('beckon_lists_total', 'Lists computed, by outcome and by the level of the fallback chain', ['tenant', 'outcome', 'level'])
    .inc({
      tenant,
      outcome: stored ? 'stored' : 'refused_as_older',
      level: fallback.name,
    });
}
