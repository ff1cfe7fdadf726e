import type { Clock } from '../../src/platform/clock';
import type { Metrics } from '../../src/platform/metrics';
import type { UserKey } from '../../src/platform/keys';
import { isNobody, profileOfNobody } from '../../src/profile/nobody';
import type { Profile, RecentBehaviour } from '../../src/profile/profile';
import { segmentsOf } from '../../src/profile/traits/segments';
import type { ListKey, Lists } from '../../src/push/ports';
import type { PreparedList } from '../../src/push/prepared-texts';
import type { ListBody, ListCause } from '../../src/push/recommendation-list';
import { isPermitted, withoutTaste } from '../../src/privacy/consent';
import { recomputeJob, type RecomputeJob } from '../../src/push/recompute-job';
import type { CostMeter } from '../../src/ranking/cost/cost-meter';
import { rankWithinBudget } from '../../src/ranking/cost/rank-within-budget';
import type { ExposureLedger } from '../../src/ranking/exposure-ledger';
import { impersonalSurface } from '../../src/ranking/impersonal-surface';
import type { RankedList } from '../../src/ranking/rank';
import type { RankingModels } from '../../src/ranking/ranking-models';
import { seededRandom, seedOf } from '../../src/platform/random';
import { storedDecision, type ListDecisions } from '../../src/training/list-decisions';
import { surfaceOf, type TenantSettings } from '../../src/tenants/tenant-settings';
import { writeItems, type ItemWording } from './write-items';

/** What one tenant's lists are made with. */
export interface ListMaker extends ItemWording {
  readonly settings: TenantSettings;
  readonly models: RankingModels;
  readonly digest: string;
  /** By surface; none for those that do not measure. */
  readonly meters: ReadonlyMap<string, CostMeter>;
  /** What this worker's lists gave their providers, by surface; a surface that does not weigh exposure has none. */
  readonly exposure: ReadonlyMap<string, ExposureLedger>;
}

export interface RecomputeDeps {
  readonly readProfile: (user: UserKey) => Promise<Profile>;
  /**
   * Whether no fail-over can take back a user's behaviour up to `seq`, which has been read; if it can, the list is marked for the sweep.
   * @throws BeckonError UNAVAILABLE when that may be known at once.
   */
  readonly isReplicated: (list: ListKey, seq: number) => Promise<boolean>;
  readonly lists: Lists;
  /** What is written of a list for whoever is watching it, before it is announced. */
  readonly prepare: (body: ListBody) => PreparedList;
  /** @throws BeckonError NOT_FOUND for a tenant that this worker does not serve. */
  readonly makerOf: (tenant: string) => ListMaker;
  /** Remembers how the contents of a stored list were chosen, so that what comes of it can be learnt. */
  readonly noteCreatives: (list: ListBody, interests: Profile['interests']) => Promise<void>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly metrics: Metrics;
  /** Keeps lists that explored; absent: they are not kept. */
  readonly decisions?: Pick<ListDecisions, 'append'>;
}

const MOST_CAUSES = 20;

/**
 * Job → fresh, explained list, stored and announced unless a newer one is there, or replicas lack what it would be made of. Returns the list's
 * revision, if it was stored.
 */
export async function recomputeList(deps: RecomputeDeps, data: unknown): Promise<number | undefined> {
  const job = recomputeJob.parse(data);
  const takenAt = deps.clock.now();
  const [profile, appliedBefore] = await Promise.all([profileFor(deps, job), deps.lists.appliedThrough(job)]);
  const readAt = deps.clock.now();
  const newest = newestShown(profile);
  if (newest > appliedBefore && !(await deps.isReplicated(job, newest))) return undefined; // what is shown must not be unsaid
  const startedAt = takenAt + (deps.clock.now() - readAt); // the wait for replicas is told as time in the queue
  const { body, exposure, decision } = makeList(deps, job, { profile, takenAt, startedAt, appliedBefore });
  const stored = await deps.lists.replace(body, deps.prepare(body));
  if (stored !== undefined && exposure !== undefined) deps.makerOf(job.tenant).exposure.get(job.surface)?.record(exposure, startedAt);
  if (stored && deps.makerOf(job.tenant).creatives) await deps.noteCreatives(body, profile.interests);
  if (stored && decision) await deps.decisions?.append(job.tenant, storedDecision(body.id, job.surface, decision));
  observe(deps, body, stored !== undefined);
  return stored?.position.revision;
}

/** The newest number that a list of a profile stands for: of behaviour that came while it was read, too. 0: it shows no behaviour, and need not wait. */
const newestShown = ({ seq, recent }: Profile): number =>
  recent.length === 0 ? 0 : Math.max(seq, ...recent.map((behaviour) => behaviour.seq));

/** What a list is made from. Of those who are not profiled, and on surfaces that profile nobody, nothing is read. */
export async function profileFor(
  { readProfile, makerOf }: Pick<RecomputeDeps, 'readProfile' | 'makerOf'>,
  job: UserKey & { readonly surface: string },
): Promise<Profile> {
  const profiled = !isNobody(job) && surfaceOf(makerOf(job.tenant).settings, job.surface).personalisation !== 'never';
  return profiled ? permitted(makerOf(job.tenant).settings, await readProfile(job)) : profileOfNobody(job.tenant);
}

/** What of the profile may be used: see the consent ledger. */
function permitted({ privacy }: TenantSettings, profile: Profile): Profile {
  return isPermitted(privacy.consent, profile, 'personalisation') ? profile : withoutTaste(profile);
}

function makeList(
  deps: RecomputeDeps,
  { tenant, userId, surface, why, requestedAt }: RecomputeJob,
  { profile, takenAt, startedAt, appliedBefore }: { profile: Profile; takenAt: number; startedAt: number; appliedBefore: number },
): { readonly body: ListBody } & Pick<RankedList, 'exposure' | 'decision'> {
  const maker = deps.makerOf(tenant);
  const { settings, models, catalogue, digest, meters, exposure } = maker;
  const id = deps.newId();
  const own = surfaceOf(settings, surface);
  const ledger = exposure.get(surface);
  const tries = isNobody(profile) || isPermitted(settings.privacy.consent, profile, 'experiments');
  const request = {
    ...{ profile, models, catalogue, surface: isNobody(profile) ? impersonalSurface(own) : own, now: startedAt },
    ...(ledger && { exposure: ledger }),
    ...(settings.traits.enabled && { segments: segmentsOf(profile, settings.traits) }),
    ...(own.exploration && tries && { random: seededRandom(seedOf(id)) }),
  };
  const ranked = rankWithinBudget(request, meters.get(surface), takenAt - requestedAt);
  const items = writeItems(maker, ranked.items, { profile, surface, now: startedAt, tries });
  const fresh = profile.recent.filter(({ seq }) => seq > appliedBefore).sort((a, b) => b.seq - a.seq);
  const body: ListBody = {
    id,
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
    ...(ranked.cost && { cost: ranked.cost }),
  };
  return { body, ...(ranked.exposure && { exposure: ranked.exposure }), ...(ranked.decision && { decision: ranked.decision }) };
}

function causeOf(why: RecomputeJob['why'], fresh: readonly RecentBehaviour[]): ListCause {
  const behaviours = fresh
    .slice(0, MOST_CAUSES)
    .map(({ id, type, itemId, seq }) => ({ id, type, seq, ...(itemId !== undefined && { itemId }) }));
  if (behaviours.length > 0) return { kind: 'behaviours', behaviours, itemIds: [] };
  return { kind: why === 'sweep' || why === 'behaviours' ? 'request' : why, behaviours: [], itemIds: [] };
}

function observe({ metrics, clock }: RecomputeDeps, body: ListBody, stored: boolean): void {
  const { timeline, fallback, tenant } = body;
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
  observeCost(metrics, body);
  observeExploration(metrics, body);
}

function observeExploration(metrics: Metrics, { tenant, surface, items }: ListBody): void {
  const explored = items.filter(({ flags }) => flags.includes('explored')).length;
  if (explored === 0) return;
  metrics
    .counter('beckon_explored_places_total', 'Places of lists that were drawn instead of given to the best', ['tenant', 'surface'])
    .inc({ tenant, surface }, explored);
}

function observeCost(metrics: Metrics, { tenant, surface, cost }: ListBody): void {
  if (cost === undefined) return;
  const spent = metrics.counter('beckon_model_cpu_of_lists_seconds_total', 'CPU time that models took for lists', [
    'tenant',
    'surface',
    'model',
  ]);
  for (const { model, cpuMicros } of cost.models) spent.inc({ tenant, surface, model }, cpuMicros / 1e6);
  if (cost.droppedFor === undefined) return;
  const dropped = metrics.counter('beckon_models_dropped_total', 'Lists that a model was left out of to save time, by why', [
    'tenant',
    'surface',
    'model',
    'cause',
  ]);
  for (const model of cost.dropped) dropped.inc({ tenant, surface, model, cause: cost.droppedFor });
}
