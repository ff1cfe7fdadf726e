import type { DecidedPlace, DrawRule } from '../../models/policy/decision';
import type { Random } from '../../platform/random';
import { drawChances } from './draw-rule';

/** Which candidate gets a place, and with which chance it did. */
export interface Draw extends DecidedPlace {
  /** Whether it was drawn and is not the best one. */
  readonly explored: boolean;
}

/** Draws the places of one list that explores. */
export class Explorer {
  constructor(
    private readonly features: Uint8Array,
    readonly rule: DrawRule,
    private readonly random: Random,
  ) {}

  /** @param admitted numbers of the candidates that may have the place, ascending; @param best the one that would get it. */
  draw(admitted: readonly number[], best: number): Draw {
    const chances = drawChances(this.features, admitted, this.rule);
    const candidate = this.random() < this.rule.places ? pick(admitted, chances, this.random()) : best;
    const drawn = this.rule.places * chances[admitted.indexOf(candidate)]!;
    return { candidate, propensity: candidate === best ? 1 - this.rule.places + drawn : drawn, explored: candidate !== best };
  }
}

function pick(admitted: readonly number[], chances: Float64Array, drawn: number): number {
  let left = drawn;
  let last = 0;
  for (let k = 0; k < admitted.length; k++) {
    if (chances[k] === 0) continue;
    last = k;
    left -= chances[k]!;
    if (left < 0) break;
  }
  return admitted[last]!; // rounding: the sum was a hair below 1
}
