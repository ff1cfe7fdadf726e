import type { Item } from '../catalogue/item';
import { NOTHING_LEARNT, type LearntCreatives } from '../content/creatives/creative-policy';
import { CREATIVES_LAYOUT, decodeCreatives, encodeCreatives } from '../content/creatives/creatives-snapshot';
import { learnCreatives, type CreativesDecision } from '../content/creatives/learn-creatives';
import { BeckonError } from '../platform/errors';
import { collectHistory } from './collect-history';
import { SeenLists } from './creative-feedback';
import type { ModelRecord, TrainingCause } from './model-store';
import type { TrainingDeps, TrainingListener } from './run-training';
import { readShownCreatives } from './shown-creatives.redis';
import { publishVersion } from './publish-version';
import { isHeld, versionAt, type RunResult } from './training-result';

export interface CreativesDeps extends TrainingDeps {
  readonly catalogue: () => Promise<readonly Item[]>;
  /** @default learnCreatives */
  readonly learn?: typeof learnCreatives;
}

export interface CreativesRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  /** Whether a generator is fitted. */
  readonly generated: boolean;
  readonly optionsDigest: string;
}

const SEED = 1;

/**
 * One run of the creatives: what was shown, by the lists that behaviours name, and what came of it → counts by arm and segment, a generator behind its gate →
 * store. A generator that collapsed ends its fit, is named in the record and in the log, and leaves the one before in its place.
 */
export async function runCreatives(deps: CreativesDeps, request: CreativesRequest, listener: TrainingListener = {}): Promise<RunResult> {
  const { store, clock, redis, keys, learn = learnCreatives } = deps;
  const { tenant, cause, generated } = request;
  const live = (await store.live(tenant)).get('creatives');
  if (isHeld(live, cause)) return { outcome: 'held', message: `a rollback holds version ${live!.version}` };
  const erasures = await store.erasuresCleaned(tenant); // before anything is read
  const seen = new SeenLists();
  const { positions } = await collectHistory(deps, tenant, { onBehaviour: (behaviour) => seen.add(behaviour) });
  const items = new Map((await deps.catalogue()).map((item) => [item.id, item]));
  const feedback = await seen.rows(
    (userId) => readShownCreatives(redis, keys, { tenant, userId }),
    (itemId) => items.get(itemId),
  );
  if (feedback.length === 0) return { outcome: 'skipped', message: 'nothing to learn from yet: no impression or click names a list' };
  const trainedAt = clock.now();
  const version = versionAt(trainedAt);
  listener.onVersion?.(version);
  // A generator that has learnt from somebody who was erased since must not live on in a new version.
  const before = live?.erasures === erasures ? await learntBefore(deps, tenant, live) : NOTHING_LEARNT;
  const { learnt, decision } = learn(feedback, before, { generated, seed: SEED });
  if (decision.fit === 'collapsed') listener.onNote?.(`creatives: ${decision.reason}`);
  const snapshot = encodeCreatives(learnt, version, trainedAt);
  return publishVersion(deps, request, snapshot, {
    model: 'creatives',
    version,
    trainedAt,
    events: feedback.length,
    items: items.size,
    positions,
    erasures,
    layout: CREATIVES_LAYOUT,
    check: { decision: 'unchecked', reason: `generator: ${decision.stage}; ${decision.reason}`, cases: feedback.length },
    creatives: recordOf(decision),
  });
}

function recordOf({ fit, stage, reason, modes, gain }: CreativesDecision): NonNullable<ModelRecord['creatives']> {
  return { fit, stage, reason, ...(modes && { coverage: modes.coverage, entropy: modes.entropy }), ...(gain && { gain: { ...gain } }) };
}

async function learntBefore({ store }: CreativesDeps, tenant: string, live: ModelRecord): Promise<LearntCreatives> {
  try {
    return decodeCreatives(await store.load(tenant, 'creatives', live.version));
  } catch (error) {
    if (error instanceof BeckonError) return NOTHING_LEARNT; // it cannot serve either
    throw error;
  }
}
