import type { BehaviourType } from '../behaviour/behaviour';
import type { EpochMs } from '../platform/clock';
import type { Random } from '../platform/random';

/** What a person does, in the form that the use-case takes, and the place in the list from which it was picked. */
export interface SimulatedBehaviour {
  readonly id: string;
  readonly userId: string;
  readonly type: BehaviourType;
  readonly itemId?: string;
  readonly at: EpochMs;
  readonly value?: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly query?: string;
  readonly target?: string;
  readonly surface?: string;
  /** 1-based; known to the simulator only. */
  readonly position?: number;
}

/** What somebody has done in one visit so far. */
export class Visit {
  readonly behaviours: SimulatedBehaviour[] = [];

  constructor(
    private readonly userId: string,
    private readonly idPrefix: string,
    public at: EpochMs,
    private readonly random: Random,
  ) {}

  /** Notes it under the id `<idPrefix>-<k>`, k from 1, and lets two to some twenty seconds pass. */
  did(type: BehaviourType, details: Omit<SimulatedBehaviour, 'id' | 'userId' | 'type' | 'at'>): void {
    const id = `${this.idPrefix}-${this.behaviours.length + 1}`;
    this.behaviours.push({ id, userId: this.userId, type, at: this.at, ...details });
    this.at += Math.round(2_000 + 20_000 * -Math.log(1 - this.random()));
  }
}
