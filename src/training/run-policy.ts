import { judgePolicy, type PolicyGate } from '../evaluation/off-policy/policy-gate';
import type { JudgedDecision } from '../models/policy/decision';
import { fitPolicy } from '../models/policy/fit-policy';
import { judgeLists, type SeenDecision } from '../models/policy/judge-lists';
import { POLICY_LAYOUT, PolicyScorer, type PolicySnapshot } from '../models/policy/policy';
import type { PolicyOptions } from '../models/policy/policy-options';
import { encodeSnapshot } from '../models/snapshot-codec';
import type { GateOverride } from '../ranking/learnt-blend/gate-decision';
import { collectHistory } from './collect-history';
import type { ListDecisions } from './list-decisions';
import type { StoredPolicyGate, TrainingCause } from './model-store';
import { refuseNonFinite } from './refuse-non-finite';
import type { TrainingDeps, TrainingListener } from './run-training';
import { SeenDecisionsBuilder } from './seen-decisions';
import { publishVersion } from './publish-version';
import { isHeld, versionAt, type RunResult } from './training-result';

export interface PolicyDeps extends TrainingDeps {
  readonly decisions: Pick<ListDecisions, 'read'>;
  /** @default fitPolicy */
  readonly fit?: (decisions: readonly JudgedDecision[], options: PolicyOptions) => PolicySnapshot;
}

export interface PolicyRequest {
  readonly tenant: string;
  readonly cause: TrainingCause;
  readonly options: PolicyOptions;
  /** `auto`: it goes live if its gate lets it. */
  readonly gate: GateOverride;
  /** With fewer lists than this it is not trained. */
  readonly fewestLists: number;
  readonly optionsDigest: string;
}

/** Of five users two ask the gate; the policy learns from the others. */
const isGated = ({ user }: JudgedDecision): boolean => user % 5 < 2;
const SEED = 1;

/**
 * One run of the policy: lists that explored, joined with what came of them, teach a policy on three fifths of the users; the others judge whether it would
 * have earned more than what was served, by off-policy estimates. It goes live only if the lower bound says so, or if configuration does.
 */
export async function runPolicy(deps: PolicyDeps, request: PolicyRequest, listener: TrainingListener = {}): Promise<RunResult> {
  const { store, clock, fit = fitPolicy } = deps;
  const { tenant, cause, options } = request;
  const live = (await store.live(tenant)).get('policy');
  if (isHeld(live, cause)) return { outcome: 'held', message: `a rollback holds version ${live!.version}` };
  if (request.gate === 'never') return { outcome: 'skipped', message: 'kept out by configuration' };
  const erasures = await store.erasuresCleaned(tenant); // before anything is read
  const builder = new SeenDecisionsBuilder(options);
  const { positions } = await collectHistory(deps, tenant, { onBehaviour: (behaviour) => builder.add(behaviour) });
  const decisions = await judged(deps, request, builder);
  const [taught, gated] = [decisions.filter((decision) => !isGated(decision)), decisions.filter(isGated)];
  if (taught.length < request.fewestLists) {
    return {
      outcome: 'skipped',
      message: `too little to learn from: ${taught.length} lists that explored and were seen, ${request.fewestLists} are needed`,
    };
  }
  const trainedAt = clock.now();
  const version = versionAt(trainedAt);
  listener.onVersion?.(version);
  const snapshot = fit(taught, options);
  refuseNonFinite('policy', snapshot);
  const figures = judgePolicy(gated, new PolicyScorer(snapshot), SEED);
  const policyGate = decided(figures, request.gate);
  if (!policyGate.passed) return { outcome: 'rejected', version, message: policyGate.reason, policyGate };
  const encoded = encodeSnapshot({ model: 'policy', version, trainedAt, layout: POLICY_LAYOUT }, snapshot);
  return publishVersion(deps, request, encoded, {
    model: 'policy',
    version,
    trainedAt,
    events: taught.length,
    items: 0,
    positions,
    erasures,
    learntThrough: builder.until,
    layout: POLICY_LAYOUT,
    policyGate,
  });
}

/** Lists that were seen, with what they brought; nothing of them without a surface's impressions coming back. */
async function judged(
  { decisions }: PolicyDeps,
  { tenant, options }: PolicyRequest,
  builder: SeenDecisionsBuilder,
): Promise<JudgedDecision[]> {
  const seen: SeenDecision[] = [];
  for await (const decision of decisions.read(tenant)) {
    const list = builder.judge(decision);
    if (list) seen.push(list);
  }
  return judgeLists(seen, options, builder.until);
}

function decided({ passed, reason, logged, ips, snips, dr, gain, ...sample }: PolicyGate, override: GateOverride): StoredPolicyGate {
  const figures = { estimate: dr.value, low: dr.low, high: dr.high, ips: ips.value, snips: snips.value };
  return {
    passed: passed || override === 'always',
    reason: override === 'always' && !passed ? `live by configuration, although ${reason}` : reason,
    overridden: override !== 'auto',
    logged: logged.value,
    ...figures,
    gain: gain.value,
    gainLow: gain.low,
    gainHigh: gain.high,
    ...sample,
  };
}
