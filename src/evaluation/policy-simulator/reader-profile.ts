import { emptyProfile } from '../../profile/empty-profile';
import type { Profile, RecentBehaviour } from '../../profile/profile';
import type { EpochMs } from '../../platform/clock';

const MOST_RECENT = 200;
const MOST_HISTORY = 2000;

export interface ProfiledBehaviour {
  readonly type: string;
  readonly itemId: string;
  readonly at: EpochMs;
  readonly weight: number;
}

/** The live profile of one user as the store keeps it, in memory. Behaviours come in the order of time. */
export class ReaderProfile {
  private readonly recent: RecentBehaviour[] = [];
  /** Oldest first. */
  private readonly history = new Map<string, EpochMs>();
  private seq = 0;

  constructor(private readonly userId: string) {}

  add({ type, itemId, at, weight }: ProfiledBehaviour): void {
    const seq = ++this.seq;
    this.recent.unshift({ seq, id: String(seq), type, itemId, weight, at, receivedAt: at, recordedAt: at });
    if (this.recent.length > MOST_RECENT) this.recent.pop();
    if (!(weight > 0)) return;
    this.history.delete(itemId);
    this.history.set(itemId, at);
  }

  /** Distinct items of positive behaviours, newest first. */
  newest(limit: number): string[] {
    return [...this.history.keys()].reverse().slice(0, limit);
  }

  read(): Profile {
    return {
      ...emptyProfile({ tenant: 'simulated', userId: this.userId }),
      seq: this.seq,
      recent: this.recent,
      history: new Map([...this.history].reverse().slice(0, MOST_HISTORY)),
    };
  }
}
