import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BehaviourRow } from '../datasets/behaviour-mapping';
import type { GoodRow } from '../datasets/row';
import type { EpochMs } from '../platform/clock';
import { ApiError } from './api-error';
import { behaviourIdOf } from './fingerprint';

/** A behaviour in the form of the public API's BehaviourInput. */
export interface BehaviourInput {
  readonly id: string;
  readonly userId: string;
  readonly type: string;
  readonly itemId?: string;
  readonly at: string;
  readonly value?: number;
  readonly quantity?: number;
  readonly price?: number;
}

/** What the API says of a batch; see schema/behaviour.graphql. */
export interface RecordPayload {
  readonly recorded: readonly {
    readonly index: number;
    readonly userId: string;
    readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REPEAT';
    readonly seq: number;
  }[];
  readonly rejections: readonly { readonly index: number; readonly code: string; readonly field: string; readonly message: string }[];
}

export interface ReplayDeps {
  /** One mutation, tried again by itself while errors are retryable; rejects when it gives up. */
  readonly send: (batch: readonly BehaviourInput[]) => Promise<RecordPayload>;
  readonly now: () => EpochMs;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export interface ReplayOptions {
  readonly fingerprint: string;
  /** Behaviours a second, evenly; or so many times as fast as it happened. Absent both: as fast as the gateway takes them. */
  readonly rate?: number;
  readonly speed?: number;
  /** Requests under way at a time, each with the behaviours of other users. @default 8 */
  readonly concurrency?: number;
  /** Most behaviours of one request. @default 50 */
  readonly batch?: number;
  /** `now`: a behaviour happens when it is due; `keep`: when it did. @default 'now' */
  readonly times?: 'now' | 'keep';
  readonly onProgress?: (counts: ReplayCounts) => void;
  readonly onReject?: (line: number, reason: string) => void;
}

export interface ReplayCounts {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly repeats: number;
  readonly rejected: number;
  /** Sent, but nobody knows what became of them: 0 unless the gateway stayed away for longer than patience lasts. */
  readonly lost: number;
}

interface Due {
  readonly line: number;
  readonly input: BehaviourInput;
}

/** Waiting behaviours over all lanes past which the replay falls behind its rate rather than fill the memory. */
const MOST_WAITING = 20_000;
/** Rejected for no fault of their own: the store failed for that user. */
const TRY_AGAIN = 'UNAVAILABLE';

/**
 * Sends behaviours (in time order) at their pace. The behaviours of one user go through one lane, one request after another,
 * so their order is kept; different lanes run side by side. A lane sends all that is due, at most `batch` at a time.
 */
export async function replayHistory(
  deps: ReplayDeps,
  rows: AsyncIterable<GoodRow<BehaviourRow>>,
  options: ReplayOptions,
): Promise<ReplayCounts> {
  const { concurrency = 8, batch = 50 } = options;
  const replay = new Replay(deps, options);
  const lanes = Array.from({ length: concurrency }, () => new Lane(batch, (due) => replay.send(due)));
  const dueAt = pacer(deps.now(), options);
  for await (const row of rows) {
    const at = dueAt(row.record.at);
    const waitMs = at === undefined ? 0 : at - deps.now();
    if (waitMs > 1) await deps.sleep(waitMs); // timers are no finer than that
    const lane = lanes[laneOf(row.record.userId, concurrency)]!;
    lane.put({ line: row.line, input: toInput(row, options, at ?? deps.now()) });
    if (lanes.reduce((sum, { waiting }) => sum + waiting, 0) >= MOST_WAITING)
      await Promise.race(lanes.filter(({ waiting }) => waiting > 0).map((busy) => busy.step()));
  }
  await Promise.all(lanes.map((lane) => lane.idle()));
  return replay.counts;
}

/** When the next behaviour is due, given the time at which it happened; undefined: as soon as possible. */
function pacer(startAt: EpochMs, { rate, speed }: ReplayOptions): (happenedAt: EpochMs) => EpochMs | undefined {
  let k = 0;
  let first: EpochMs | undefined;
  return (happenedAt) => {
    first ??= happenedAt;
    if (rate !== undefined) return startAt + (k++ * 1000) / rate;
    return speed === undefined ? undefined : startAt + (happenedAt - first) / speed;
  };
}

const laneOf = (userId: string, lanes: number): number => createHash('md5').update(userId).digest().readUInt32BE(0) % lanes;

function toInput({ line, record }: GoodRow<BehaviourRow>, { fingerprint, times = 'now' }: ReplayOptions, dueAt: EpochMs): BehaviourInput {
  const { at, quantity, ...rest } = record;
  return {
    id: behaviourIdOf(fingerprint, line),
    ...rest,
    ...(quantity !== undefined && Number.isInteger(quantity) && { quantity }), // the API's Int: anything else would fail the whole request
    ...(times === 'keep' ? { at: new Date(at).toISOString() } : { at: new Date(dueAt).toISOString() }),
  };
}

/** A queue that is worked off by one request at a time. */
class Lane {
  private readonly queue: Due[] = [];
  /** All requests so far; rejects when one of them does, for ever. */
  private running: Promise<void> | undefined;
  private request: Promise<void> = Promise.resolve();

  constructor(
    private readonly batch: number,
    private readonly send: (due: readonly Due[]) => Promise<void>,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  put(due: Due): void {
    this.queue.push(due);
    if (this.running) return;
    this.running = this.work();
    this.running.catch(() => undefined); // idle() tells
  }

  /** Resolves when the request that is under way has ended. */
  step(): Promise<void> {
    return this.request;
  }

  async idle(): Promise<void> {
    await this.running;
  }

  private async work(): Promise<void> {
    await nextTurn(); // what is put in the same turn goes into the same request
    while (this.queue.length > 0) {
      this.request = this.send(this.queue.splice(0, this.batch));
      await this.request;
    }
    this.running = undefined;
  }
}

/** Sends, sends again what the store failed to take, and counts. */
class Replay {
  counts: ReplayCounts = { sent: 0, accepted: 0, duplicates: 0, repeats: 0, rejected: 0, lost: 0 };

  constructor(
    private readonly deps: ReplayDeps,
    private readonly options: ReplayOptions,
  ) {}

  async send(due: readonly Due[]): Promise<void> {
    this.count({ sent: due.length });
    let open = due;
    for (let tries = 0; open.length > 0 && tries < 20; tries++) {
      if (tries > 0) await this.deps.sleep(Math.min(2_000, 50 * 2 ** tries));
      try {
        open = this.settle(open, await this.deps.send(open.map(({ input }) => input)));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.retryable) break; // patience was at its end
        this.reject(open, `${error.code}: ${error.message}`);
        return;
      }
    }
    this.count({ lost: open.length });
  }

  /** Counts what is decided; returns what has to be sent again, in order. */
  private settle(due: readonly Due[], { recorded, rejections }: RecordPayload): readonly Due[] {
    const count = (wanted: string): number => recorded.filter(({ status }) => status === wanted).length;
    this.count({ accepted: count('ACCEPTED'), duplicates: count('DUPLICATE'), repeats: count('REPEAT') });
    const again = new Set(rejections.filter(({ code }) => code === TRY_AGAIN).map(({ index }) => index));
    for (const { index, code, field, message } of rejections)
      if (!again.has(index)) this.reject([due[index]!], `${code} ${field}: ${message}`);
    return due.filter((_, index) => again.has(index));
  }

  private reject(due: readonly Due[], reason: string): void {
    this.count({ rejected: due.length });
    for (const { line } of due) this.options.onReject?.(line, reason);
  }

  private count(more: Partial<ReplayCounts>): void {
    const { counts } = this;
    const sum = (name: keyof ReplayCounts): number => counts[name] + (more[name] ?? 0);
    this.counts = {
      sent: sum('sent'),
      accepted: sum('accepted'),
      duplicates: sum('duplicates'),
      repeats: sum('repeats'),
      rejected: sum('rejected'),
      lost: sum('lost'),
    };
    this.options.onProgress?.(this.counts);
  }
}
