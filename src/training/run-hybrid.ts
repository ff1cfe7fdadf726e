import type { Item } from '../catalogue/item';
import { ContentBasedScorer, type ContentBasedOptions } from '../models/content-based/content-based';
import { fitSegments, SegmentScorer } from '../models/traits/segment-popularity';
import { ItemIndex } from '../models/item-index';
import type { Scorer, TrainingEvents } from '../models/model';
import type { TrainableModel } from '../models/model-catalogue';
import { BeckonError } from '../platform/errors';
import { BlendScratch, fuse, type Blend } from '../ranking/blend';
import { blendCases, isEnough } from '../ranking/learnt-blend/case-builder';
import type { BlendCases, SourceName } from '../ranking/learnt-blend/blend-case';
import type { GateOverride, LearntHybrid } from '../ranking/learnt-blend/gate-decision';
import { factsOf } from '../ranking/learnt-blend/item-facts';
import { incumbentOf } from '../ranking/learnt-blend/incumbent';
import { learnBlend, type LearnOptions } from '../ranking/learnt-blend/learn-blend';
import type { LearntBlend } from '../ranking/learnt-blend/learnt-blend';
import type { TraitSettings } from '../profile/traits/trait-settings';
import { collectHistory } from './collect-history';
import { compareScorers, type ScoreCases } from './compare-scorers';
import { decodeHybrid, encodeHybrid, HYBRID_LAYOUT } from './hybrid-blends';
import { nextItemQuestions, shownQuestions, type DatedQuestion } from './hybrid-questions';
import { holdOutNewest, type HoldOut } from './hold-out';
import type { ModelCheck, ModelRecord, TrainingCause } from './model-store';
import { refuseNonFinite } from './refuse-non-finite';
import type { TrainingDeps, TrainingListener } from './run-training';
import { ShownListsBuilder, type ShownList } from './shown-lists';
import { publishVersion } from './publish-version';
import { isHeld, versionAt, type RunResult } from './training-result';
import { declaredSegments, membersOf, withSegments, type SegmentsOfUsers } from './hybrid-segments';

/** What an operator says of each model. */
export type GateRules = Readonly<Partial<Record<SourceName, GateOverride>>>;

export interface HybridDeps extends TrainingDeps {
  readonly catalogue: () => Promise<readonly Item[]>;
  /** @default learnBlend */
  readonly learn?: (cases: BlendCases, options: LearnOptions) => LearntHybrid;
}

export interface HybridRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  /** The models to blend, besides the content-based one. */
  readonly models: readonly { readonly model: TrainableModel; readonly fewestEvents: number }[];
  /** Absent: the tenant does not use it. */
  readonly contentOptions?: ContentBasedOptions;
  /** Absent: the tenant does not learn traits. */
  readonly traits?: TraitSettings;
  readonly rules: GateRules;
  readonly surfaces: readonly string[];
  /** What serves while nothing was learnt. */
  readonly handSet: Blend;
  readonly check: 'auto' | 'off';
  readonly optionsDigest: string;
}

/** The newest part of history: models are fitted on what is before, and blended on it. */
const HELD_OUT = { share: 0.1, most: 4000, fewest: 400 };
/** Part of it on which the blend is compared with the one in use: the newest. */
const COMPARED_SHARE = 0.25;
const CANDIDATES_PER_MODEL = 300;
const MOST_SHOWN = 4000;
const SEED = 1;

/**
 * One run of the hybrid: every model is fitted anew on the history before a time split, one after the other; a blend is learnt from what came
 * next, and for each surface with enough logged impressions one from what was shown there; it takes the place of the blend in use unless it is
 * worse with confidence on the newest part, on which neither was learnt.
 */
export async function runHybrid(deps: HybridDeps, request: HybridRequest, listener: TrainingListener = {}): Promise<RunResult> {
  const { store, clock } = deps;
  const { tenant, cause } = request;
  const live = (await store.live(tenant)).get('hybrid');
  if (isHeld(live, cause)) return { outcome: 'held', message: `a rollback holds version ${live!.version}` };
  const erasures = await store.erasuresCleaned(tenant); // before anything is read
  const lists = new ShownListsBuilder();
  const { events, positions } = await collectHistory(deps, tenant, { onBehaviour: (behaviour) => lists.add(behaviour) });
  const held = holdOutNewest(events, HELD_OUT);
  if (!held) return { outcome: 'skipped', message: `too little to learn from: ${HELD_OUT.fewest} behaviours to predict are needed` };

  const trainedAt = clock.now();
  const version = versionAt(trainedAt);
  listener.onVersion?.(version);
  const segments = await declaredSegments(deps, request, events.userIds);
  const scorers = await fitScorers(deps, request, { events, held, segments, listener });
  if (scorers.length === 0) return { outcome: 'skipped', message: 'there is no model to blend' };
  const [learnt, compared] = splitByTime(withSegments(nextItemQuestions(held.cases), events, segments));
  const { blends, decisions, refinements } = learnBlends(deps, request, { scorers, learnt, events, lists: lists.build(), held, segments });
  const check = await compareBlends(deps, request, { scorers, fresh: blends.all, live, compared, events });
  if (check.decision === 'rejected') return { outcome: 'rejected', version, message: check.reason, check };
  const snapshot = encodeHybrid(blends, version, trainedAt);
  return publishVersion(deps, request, snapshot, {
    model: 'hybrid',
    version,
    trainedAt,
    events: events.items.length,
    items: events.itemIds.length,
    positions,
    erasures,
    learntThrough: learnt[learnt.length - 1]!.at,
    layout: HYBRID_LAYOUT,
    check,
    gate: decisions,
    refinements,
  });
}

function splitByTime(questions: readonly DatedQuestion[]): [learnt: readonly DatedQuestion[], compared: readonly DatedQuestion[]] {
  const cut = Math.floor(questions.length * (1 - COMPARED_SHARE));
  return [questions.slice(0, cut), questions.slice(cut)];
}

interface FitInput {
  readonly events: TrainingEvents;
  readonly held: HoldOut;
  readonly segments: SegmentsOfUsers;
  readonly listener: TrainingListener;
}

/** A scorer of each model that could be fitted; rows are the numbers of `events.itemIds`. One snapshot is held at a time. */
async function fitScorers(
  { catalogue }: HybridDeps,
  request: HybridRequest,
  { events, held, segments, listener }: FitInput,
): Promise<Scorer[]> {
  const index = new ItemIndex();
  for (const id of events.itemIds) index.intern(id);
  const scorers: Scorer[] = [];
  const wanted = request.models.filter(
    ({ model, fewestEvents }) => held.fit.items.length >= fewestEvents && request.rules[model.name] !== 'never',
  );
  for (const [k, { model }] of wanted.entries()) {
    try {
      const snapshot = await model.fit(held.fit, (done, total) => listener.onProgress?.(k + done / total, wanted.length));
      refuseNonFinite(model.name, snapshot);
      const scorer = model.scorer(snapshot, index);
      if (scorer) scorers.push(scorer);
    } catch (error) {
      if (!(error instanceof BeckonError)) throw error;
      listener.onNote?.(`${model.name} is not blended: ${error.message}`);
    }
  }
  if (segments.size > 0 && request.rules.traits !== 'never')
    scorers.push(new SegmentScorer(fitSegments(held.fit, membersOf(held.fit.userIds, segments)), index));
  if (request.contentOptions && request.rules['content-based'] !== 'never') {
    const content = new ContentBasedScorer(index, request.contentOptions);
    for (const item of await catalogue()) content.put(item);
    scorers.push(content);
  }
  return scorers;
}

interface LearnInput {
  readonly scorers: readonly Scorer[];
  readonly learnt: readonly DatedQuestion[];
  readonly events: TrainingEvents;
  readonly lists: readonly ShownList[];
  readonly held: HoldOut;
  readonly segments: SegmentsOfUsers;
}

function learnBlends(
  { learn = learnBlend }: HybridDeps,
  { surfaces, rules, handSet }: HybridRequest,
  { scorers, learnt, events, lists, held, segments }: LearnInput,
) {
  const learnFrom = (questions: readonly DatedQuestion[]) =>
    learn(blendCases(scorers, questions, { candidatesPerModel: CANDIDATES_PER_MODEL }), {
      seed: SEED,
      overrides: rules,
      incumbent: incumbentOf(handSet),
    });
  const { blend: all, decisions, refinements } = learnFrom(learnt);
  const bySurface = new Map<string, LearntBlend>();
  for (const surface of surfaces) {
    const shown = withSegments(shownQuestions(events, lists, { surface, from: held.learntThrough, most: MOST_SHOWN }), events, segments);
    if (!isEnough(shown)) continue;
    const [earlier, newest] = splitByTime(shown);
    const { blend: own } = learnFrom(earlier);
    const options = { fresh: own, inUse: all, against: 'the blend of all surfaces', candidates: events.itemIds.length };
    if (compare(scorers, newest, options).decision === 'accepted') bySurface.set(surface, own);
  }
  return { blends: { all, bySurface }, decisions, refinements };
}

interface CompareOptions {
  readonly fresh: Blend;
  readonly inUse: Blend;
  readonly against: string;
  readonly candidates: number;
}

/** Two blends of the same models by the function that serves. Questions of which nothing was right say nothing. */
function compare(scorers: readonly Scorer[], questions: readonly DatedQuestion[], options: CompareOptions): ModelCheck {
  const { fresh, inUse, against, candidates } = options;
  const facts = factsOf(scorers);
  const scratch = new BlendScratch();
  const scoring =
    (blend: Blend): ScoreCases =>
    (query) =>
      fuse(scorers, query, blend, scratch, facts);
  const cases = questions
    .filter(({ positives }) => positives.length > 0)
    .map(({ user, query, positives, excluded = [], given }) => ({ user, query, targets: positives, excluded, ...(given && { given }) }));
  return compareScorers({ fresh: scoring(fresh), live: scoring(inUse), against, cases, candidates });
}

interface CompareInput {
  readonly scorers: readonly Scorer[];
  readonly fresh: LearntBlend;
  readonly live: ModelRecord | undefined;
  readonly compared: readonly DatedQuestion[];
  readonly events: TrainingEvents;
}

/** The learnt blend against the one in use. */
async function compareBlends(
  { store }: HybridDeps,
  { tenant, handSet, check }: HybridRequest,
  { scorers, fresh, live, compared, events }: CompareInput,
): Promise<ModelCheck> {
  if (check === 'off') return { decision: 'unchecked', reason: 'switched off by configuration', cases: 0 };
  let inUse = handSet;
  let against = 'the weights set by hand';
  if (live) {
    try {
      inUse = decodeHybrid(await store.load(tenant, 'hybrid', live.version)).all;
      against = live.version;
    } catch {
      // It cannot serve either: the weights set by hand do.
    }
  }
  return compare(scorers, compared, { fresh, inUse, against, candidates: events.itemIds.length });
}
