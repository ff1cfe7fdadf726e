import type { EpochMs } from '../platform/clock';

/** What a start has begun to fill a tenant's store with, kept in that store. */
export interface Filling {
  /** What it is: `demo:1`, or `dataset:ml-100k`. */
  readonly source: string;
  readonly startedAt: EpochMs;
  /** Absent while it is under way, or was broken off. */
  readonly doneAt?: EpochMs;
  /** Somebody and something of the data, to show how to use it. */
  readonly example: Example;
}

export interface Example {
  readonly userId: string;
  readonly itemId: string;
}

export interface FillMarker {
  /** undefined: nothing was begun. */
  read(tenant: string): Promise<Filling | undefined>;
  write(tenant: string, filling: Filling): Promise<void>;
  /** Whether the tenant has any item, whoever put it there. */
  hasItems(tenant: string): Promise<boolean>;
}
