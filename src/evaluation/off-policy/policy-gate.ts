import { candidateCount, type JudgedDecision } from '../../models/policy/decision';
import type { PolicyScorer } from '../../models/policy/policy';
import { drawChances } from '../../ranking/policy/draw-rule';
import { bootstrapMean, type Estimate } from '../bootstrap';
import type { ActionLog, TargetPolicy } from './action-log';
import { doublyRobustTerms, groupsOf, inversePropensity, onPolicyValue, selfNormalised } from './estimators';
import { effectiveSampleSize, importanceWeights } from './importance-weights';
import { crossFitRewards } from './reward-model';

/** What decides whether a policy goes live. */
export interface PolicyGate {
  readonly passed: boolean;
  /** In words. */
  readonly reason: string;
  /** Mean reward of a place, as it was logged. */
  readonly logged: Estimate;
  /** Of the policy under the same exploration, by each estimator. */
  readonly ips: Estimate;
  readonly snips: Estimate;
  readonly dr: Estimate;
  /** `dr` − `logged`, both of the same resamples: it decides by its lower end. */
  readonly gain: Estimate;
  readonly effectiveSampleSize: number;
  readonly largestWeight: number;
  /** Places with a propensity. */
  readonly cases: number;
}

/** A policy that fills lists: the most wanted candidate gets the place, ties to the lower number. */
export type ListPolicy = Pick<PolicyScorer, 'begin'>;

/** A sample worth fewer places than this decides nothing. */
export const FEWEST_EFFECTIVE = 100;

interface Choice {
  readonly decision: JudgedDecision;
  readonly place: number;
}

/**
 * What a policy would have earned at the places that somebody else filled, each place by itself: the places before it, and what follows it, are as they were
 * logged. It is served as it was logged, by the same rule: (1 − ε) to its favourite among the candidates that are left, ε by the draw. So whoever only knows
 * the logged order by heart has weights of 1 and gains nothing. Caps of sellers are not replayed.
 */
export function judgePolicy(decisions: readonly JudgedDecision[], policy: ListPolicy, seed: number): PolicyGate {
  const choices = decisions.flatMap((decision): Choice[] =>
    decision.places.flatMap(({ candidate, propensity }, place) => (candidate < 0 || propensity === null ? [] : [{ decision, place }])),
  );
  const log = actionLogOf(choices);
  const target = servedPolicy(choices, log.actionCount, policy);
  const weights = importanceWeights(log, target);
  const terms = doublyRobustTerms(log, weights, { target, model: crossFitRewards(log, { seed }) });
  const groups = groupsOf(log);
  const figures = {
    logged: onPolicyValue(log, seed),
    ips: inversePropensity(log, weights, seed),
    snips: selfNormalised(log, weights, seed),
    dr: bootstrapMean(terms, groups, { seed }),
    gain: bootstrapMean(
      terms.map((term, k) => term - log.rewards[k]!),
      groups,
      { seed },
    ),
    effectiveSampleSize: effectiveSampleSize(weights),
    largestWeight: weights.reduce((largest, weight) => Math.max(largest, weight), 0),
    cases: choices.length,
  };
  return { ...verdict(figures), ...figures };
}

function verdict({
  gain,
  effectiveSampleSize: effective,
  largestWeight,
}: Pick<PolicyGate, 'gain' | 'effectiveSampleSize' | 'largestWeight'>) {
  const seen = `effective sample ${effective.toFixed(0)}, largest weight ${largestWeight.toFixed(1)}`;
  const found = `${gain.value.toFixed(4)} (${gain.low.toFixed(4)} to ${gain.high.toFixed(4)}) a place over what was logged; ${seen}`;
  if (effective < FEWEST_EFFECTIVE)
    return { passed: false, reason: `too little is known: an effective sample of ${FEWEST_EFFECTIVE} is needed; ${found}` };
  if (!(gain.low > 0))
    return { passed: false, reason: `its estimated value does not beat that of the policy which logged, with confidence: ${found}` };
  return { passed: true, reason: `its estimated value beats that of the policy which logged: ${found}` };
}

function actionLogOf(choices: readonly Choice[]): ActionLog {
  return {
    actionCount: choices.reduce((most, { decision }) => Math.max(most, candidateCount(decision)), 0),
    slotCount: choices.reduce((most, { place }) => Math.max(most, place + 1), 0),
    actions: Int32Array.from(choices, ({ decision, place }) => decision.places[place]!.candidate),
    slots: Int32Array.from(choices, ({ place }) => place),
    rewards: Float64Array.from(choices, ({ decision, place }) => decision.rewards[place]!),
    propensities: Float64Array.from(choices, ({ decision, place }) => decision.places[place]!.propensity!),
    groups: Int32Array.from(choices, ({ decision }) => decision.user),
  };
}

/** The chances at a place of a list that is as it was logged so far. */
function servedPolicy(choices: readonly Choice[], actionCount: number, policy: ListPolicy): TargetPolicy {
  return (k) => {
    const { decision, place } = choices[k]!;
    const { features, places, rule } = decision;
    const list = policy.begin(decision);
    for (const { candidate } of places.slice(0, place)) if (candidate >= 0) list.place(candidate);
    const taken = new Set(places.slice(0, place).map(({ candidate }) => candidate));
    const admitted = Array.from({ length: candidateCount(decision) }, (_, c) => c).filter((c) => !taken.has(c));
    const drawn = drawChances(features, admitted, rule);
    const chances = new Float64Array(actionCount);
    let best = admitted[0]!;
    admitted.forEach((candidate, a) => {
      chances[candidate] = rule.places * drawn[a]!;
      if (list.logit(candidate) > list.logit(best)) best = candidate;
    });
    chances[best]! += 1 - rule.places;
    return chances;
  };
}
