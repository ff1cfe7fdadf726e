/** A behaviour as a caller sent it: shape unknown, nothing checked yet. */
export interface BehaviourDraft {
  /** Whose behaviour; the caller's right to it has been checked. */
  readonly userId: string;
  readonly id?: unknown;
  readonly type?: unknown;
  readonly itemId?: unknown;
  /** Date, epoch ms, or ISO 8601 text. Absent: now. */
  readonly at?: unknown;
  readonly value?: unknown;
  readonly quantity?: unknown;
  readonly price?: unknown;
  readonly query?: unknown;
  readonly target?: unknown;
  readonly surface?: unknown;
  readonly recommendationId?: unknown;
}

export type RejectionCode =
  | 'INVALID_VALUE' // a field does not have the form that the message states
  | 'UNKNOWN_TYPE' // neither built in nor declared by the tenant
  | 'MISSING_FIELD' // the type needs this field
  | 'IN_THE_FUTURE' // later than the allowed clock skew
  | 'TOO_LATE' // older than the late-event policy allows
  | 'UNAVAILABLE'; // the store failed for this user: send it again with the same id

/** Why one behaviour of a batch was not kept. The others were. */
export interface Rejection {
  readonly index: number;
  readonly code: RejectionCode;
  /** Name of the offending field, e.g. `value`. */
  readonly field: string;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** UNAVAILABLE and sent without an id: the one that it was given here, to send it again with. */
  readonly id?: string;
}

/** `accepted`: in the log now. `duplicate`: that id was in the log already. `repeat`: a machine-like repeat, dropped. */
export type RecordStatus = 'accepted' | 'duplicate' | 'repeat';

export interface RecordedBehaviour {
  readonly index: number;
  readonly id: string;
  readonly userId: string;
  readonly status: RecordStatus;
  /** Of the first acceptance for a duplicate; the user's current one for a repeat. */
  readonly seq: number;
}

/** What became of a batch. Every index is either in `recorded` or in `rejected`. */
export interface RecordOutcome {
  readonly recorded: readonly RecordedBehaviour[];
  readonly rejected: readonly Rejection[];
  /** Each user's sequence number after the batch. */
  readonly users: readonly { readonly userId: string; readonly seq: number }[];
}
