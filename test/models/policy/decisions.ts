import { CANDIDATE_WIDTH, STATE_WIDTH, type DrawRule, type JudgedDecision, type Situation } from '../../../src/models/policy/decision';
import type { Random } from '../../../src/platform/random';
import { Explorer } from '../../../src/ranking/policy/explorer';

export const RULE: DrawRule = { places: 0.4, pool: 50, temperature: 0.5 };

/** Candidates by what is known of each (0 to 255, by number of the feature); each of a category of its own unless told. */
export function aSituation(
  candidates: readonly (readonly number[])[],
  kinds?: readonly number[],
  state: readonly number[] = [],
): Situation {
  const features = new Uint8Array(candidates.length * CANDIDATE_WIDTH);
  candidates.forEach((values, c) => features.set(values, c * CANDIDATE_WIDTH));
  const moment = new Uint8Array(STATE_WIDTH);
  moment.set(state);
  return { features, kinds: Uint8Array.from(kinds ?? candidates.map((_, c) => c)), state: moment };
}

/** A list of `size` places, logged by the rule, with the lowest number first where nothing is drawn. `earn` says what a candidate brings. */
export function loggedList(
  situation: Situation,
  {
    size,
    user,
    random,
    earn,
  }: { readonly size: number; readonly user: number; readonly random: Random; readonly earn: (candidate: number) => number },
): JudgedDecision {
  const explorer = new Explorer(situation.features, RULE, random);
  const left = new Set(situation.kinds.keys());
  const places = Array.from({ length: size }, () => {
    const admitted = [...left];
    const { candidate, propensity } = explorer.draw(admitted, admitted[0]!);
    left.delete(candidate);
    return { candidate, propensity };
  });
  return { ...situation, places, rule: RULE, user, at: 0, rewards: Float64Array.from(places, ({ candidate }) => earn(candidate)) };
}
