import type { Item } from '../catalogue/item';
import { ItemIndex } from '../models/item-index';
import type { Scorer, Snapshot, TrainingEvents } from '../models/model';
import type { TrainableModel } from '../models/model-catalogue';
import type { Clock } from '../platform/clock';
import { collectHistory } from './collect-history';
import { compareScorers, scoresOf } from './compare-scorers';
import { FEWEST_CASES, holdOutNewest, type HoldOut } from './hold-out';
import { publishVersion } from './publish-version';
import { backendOf, isHeld, versionAt, type ProcessUsage, type RunResult } from './training-result';
import { learntThroughOf, type ModelCheck, type ModelRecord, type ModelStore, type TrainingCause } from './model-store';
import type { LearnableDeps } from './learnable-history';
import { refuseNonFinite } from './refuse-non-finite';

export interface TrainingDeps extends LearnableDeps {
  readonly store: ModelStore;
  readonly clock: Clock;
  /** Every item of the tenant, for models that read the catalogue. */
  readonly catalogue: (tenant: string) => Promise<readonly Item[]>;
  /** What this process has used so far. */
  readonly usage: () => ProcessUsage;
}

export interface TrainingRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  readonly model: TrainableModel;
  /** With fewer behaviours than this the model is not trained. */
  readonly fewestEvents: number;
  /** `off`: a worse version is published too. */
  readonly check: 'auto' | 'off';
  readonly optionsDigest: string;
}

export interface TrainingListener {
  onVersion?(version: string): void;
  onProgress?(done: number, total: number): void;
  /** Something worth a line of the log. */
  onNote?(line: string): void;
}

/**
 * One training run: history → fit → compare with the live version on what neither has learnt → store → live pointer.
 * @throws BeckonError INTERNAL, not retryable, when the fit went astray; the live version stays.
 */
export async function runTraining(deps: TrainingDeps, request: TrainingRequest, listener: TrainingListener = {}): Promise<RunResult> {
  const { store, clock } = deps;
  const { tenant, model, cause } = request;
  const live = (await store.live(tenant)).get(model.name);
  if (isHeld(live, cause)) return { outcome: 'held', message: `a rollback holds version ${live!.version}` };
  const erasures = await store.erasuresCleaned(tenant); // before anything is read

  const { events, positions } = await collectHistory(deps, tenant, {
    onShard: (done, total) => listener.onProgress?.(done, 2 * total),
  });
  const size = events.items.length;
  if (size === 0) return { outcome: 'skipped', message: 'nothing to learn from yet' };
  if (size < request.fewestEvents) {
    return { outcome: 'skipped', message: `too little to learn from: ${size} behaviours, ${request.fewestEvents} are needed` };
  }
  const trainedAt = clock.now();
  const version = versionAt(trainedAt);
  listener.onVersion?.(version);
  const fitted = await fitChecked(deps, request, { events, live, listener });
  const { check } = fitted;
  if (check.decision === 'rejected') return { outcome: 'rejected', version, message: check.reason, check };
  const snapshot = model.encode(fitted.snapshot, version, trainedAt);
  return publishVersion(deps, request, snapshot, {
    model: model.name,
    version,
    trainedAt,
    events: fitted.events,
    items: fitted.items,
    fitSeconds: fitted.fitSeconds,
    positions,
    erasures,
    backend: backendOf(fitted.snapshot),
    learntThrough: fitted.learntThrough,
    layout: model.layout,
    check,
  });
}

interface Fitted {
  readonly snapshot: Snapshot;
  readonly check: ModelCheck;
  readonly events: number;
  readonly items: number;
  readonly learntThrough: number;
  readonly fitSeconds: number;
}

interface FitInput {
  readonly events: TrainingEvents;
  readonly live: ModelRecord | undefined;
  readonly listener: TrainingListener;
}

/**
 * A snapshot with its comparison. Where users are folded in at the moment of scoring, what was held out is not learnt this time: the model
 * that was compared is the one that serves. A model that counts live goes on from positions of the log, so it is fitted again on everything.
 */
async function fitChecked(deps: TrainingDeps, request: TrainingRequest, { events, live, listener }: FitInput): Promise<Fitted> {
  const { clock } = deps;
  const { model } = request;
  const progress = (done: number, total: number): void => listener.onProgress?.(total + done, 2 * total);
  const startedAt = clock.now();
  const catalogue = model.readsCatalogue ? await deps.catalogue(request.tenant) : undefined;
  const fit = async (from: TrainingEvents): Promise<Snapshot> => {
    const snapshot = await model.fit(from, progress, catalogue);
    refuseNonFinite(model.name, snapshot);
    return snapshot;
  };
  const fittedOn = (from: TrainingEvents, snapshot: Snapshot, check: ModelCheck): Fitted => ({
    snapshot,
    check,
    events: from.items.length,
    items: from.itemIds.length,
    learntThrough: from.times[from.times.length - 1]!,
    fitSeconds: (clock.now() - startedAt) / 1000,
  });
  const held = request.check === 'off' ? undefined : holdOutNewest(events);
  const reason = whyUnchecked(request, held, live);
  // A model that counts live would be fitted twice for nothing.
  if (held === undefined || (reason !== undefined && model.live)) {
    return fittedOn(events, await fit(events), { decision: 'unchecked', reason: reason ?? '', cases: 0 });
  }
  const snapshot = await fit(held.fit);
  const check: ModelCheck =
    reason === undefined
      ? await compareWithLive(deps, request, { held, live: live!, snapshot, events })
      : { decision: 'unchecked', reason, cases: 0 };
  if (!model.live || check.decision === 'rejected') return fittedOn(held.fit, snapshot, check);
  return fittedOn(events, await fit(events), check);
}

/** Cases after what the live version had learnt too. */
const casesFor = (held: HoldOut, live: ModelRecord): HoldOut['cases'] => held.cases.filter(({ at }) => at > learntThroughOf(live));

function whyUnchecked({ check }: TrainingRequest, held: HoldOut | undefined, live: ModelRecord | undefined): string | undefined {
  if (check === 'off') return 'switched off by configuration';
  if (live === undefined) return 'the first version';
  if (held === undefined) return 'too few behaviours to hold any out';
  const cases = casesFor(held, live).length;
  return cases < FEWEST_CASES
    ? `only ${cases} behaviours to predict that the live version has not learnt; ${FEWEST_CASES} are needed`
    : undefined;
}

async function compareWithLive(
  { store }: TrainingDeps,
  { tenant, model }: TrainingRequest,
  { held, live, snapshot, events }: { held: HoldOut; live: ModelRecord; snapshot: Snapshot; events: TrainingEvents },
): Promise<ModelCheck> {
  const index = new ItemIndex();
  for (const id of events.itemIds) index.intern(id); // so that rows are the numbers that the cases use
  let ofLive: Scorer;
  try {
    ofLive = model.load(await store.load(tenant, model.name, live.version), index).scorer;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { decision: 'unchecked', reason: `the live version cannot be read: ${why}`, against: live.version, cases: 0 };
  }
  const fresh = model.scorer(snapshot, index);
  if (fresh === undefined) throw new Error(`${model.name} gives no scorer for its own snapshot`);
  return compareScorers({
    fresh: scoresOf(fresh),
    live: scoresOf(ofLive),
    against: live.version,
    cases: casesFor(held, live),
    candidates: events.itemIds.length,
  });
}
