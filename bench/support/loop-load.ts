import { setTimeout as after } from 'node:timers/promises';
import { behaviourStream } from './behaviour-stream';
import { Deliveries } from './deliveries';
import { HttpRecorder } from './http-recorder';
import { loopJob, report, type LoopJob, type LoopLoadResult } from './load-messages';
import { openLoop } from './open-loop';
import { quantile, round, spreadOf } from './quantiles';
import { receiveJob } from './receive-job';
import { SocketWatchers, type WatchedUpdate } from './socket-watchers';

/*
 * The load of bench:loop: watchers, and behaviours at a steady rate. One process sends and receives, so that latencies are differences
 * of one clock.
 */

const CONNECTIONS = 64;
const STAGES = ['ingest', 'queue', 'score', 'replace', 'push'] as const;
const QUIET_MS = 500;
const QUIET_WITHIN_MS = 60_000;
/** Behaviours that no list has covered so long after the last was sent are lost. */
const COVERED_WITHIN_MS = 10_000;

class LoopLoad {
  private readonly deliveries: Deliveries;
  private readonly recorder: HttpRecorder;
  private readonly watcherOf: ReadonlyMap<string, number>;
  private readonly next: ReturnType<typeof behaviourStream>;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stages: Record<string, number[]> = Object.fromEntries(STAGES.map((stage) => [stage, []]));
  private readonly lags: number[] = [];
  private readonly answers: number[] = [];
  private lastUpdateAt = performance.now();
  private measuring = false;
  private recorded = 0;
  private failed = 0;

  constructor(private readonly job: LoopJob) {
    this.deliveries = new Deliveries(job.userIds.length);
    this.recorder = new HttpRecorder(job.url, { connections: CONNECTIONS });
    this.watcherOf = new Map(job.userIds.map((userId, watcher) => [userId, watcher]));
    this.next = behaviourStream(job);
  }

  async run(): Promise<LoopLoadResult> {
    const { url, userIds, ratePerSecond, warmUpSeconds, seconds } = this.job;
    const watchers = await SocketWatchers.open({
      url,
      userIds,
      onUpdate: (watcher, at, update) => this.onUpdate(watcher, at, update),
      onError: (error) => {
        throw error;
      },
    });
    await this.untilQuiet();
    await openLoop({ ratePerSecond, seconds: warmUpSeconds }, (at) => this.send(at));
    await this.untilQuiet();
    report({ phase: 'begun' });
    this.measuring = true;
    await openLoop({ ratePerSecond, seconds }, (at) => this.send(at));
    await Promise.all(this.inFlight);
    await this.untilCovered();
    report({ phase: 'ended' });
    await watchers.close();
    this.recorder.close();
    return this.result();
  }

  private send(scheduledAt: number): void {
    const { measuring } = this;
    const behaviour = this.next();
    if (measuring) this.lags.push(performance.now() - scheduledAt);
    const answering = this.recorder.record([behaviour]).then(
      ([recorded]) => {
        if (!measuring) return;
        this.answers.push(performance.now() - scheduledAt);
        if (recorded?.status !== 'ACCEPTED') return;
        this.recorded++;
        this.deliveries.expect(this.watcherOf.get(recorded.userId)!, recorded.seq, scheduledAt);
      },
      (error: unknown) => {
        if (this.failed++ === 0) process.stderr.write(`${String(error)}\n`);
      },
    );
    this.inFlight.add(answering);
    void answering.finally(() => this.inFlight.delete(answering));
  }

  private onUpdate(watcher: number, at: number, { appliedThrough, epoch, revision, timings }: WatchedUpdate): void {
    this.lastUpdateAt = at;
    this.deliveries.arrived(watcher, { at, epoch, revision, covers: appliedThrough });
    if (!this.measuring || timings.ingest === null) return;
    for (const stage of STAGES) this.stages[stage]!.push(timings[stage] ?? 0);
  }

  /** Resolves when no list has come for a while: the first lists of all watchers are up to date. */
  private async untilQuiet(): Promise<void> {
    const deadline = performance.now() + QUIET_WITHIN_MS;
    while (performance.now() - this.lastUpdateAt < QUIET_MS) {
      if (performance.now() > deadline) throw new Error('the watched lists do not come to rest');
      await after(QUIET_MS / 5);
    }
  }

  private async untilCovered(): Promise<void> {
    const deadline = performance.now() + COVERED_WITHIN_MS;
    while (this.deliveries.open > 0 && performance.now() < deadline) await after(50);
  }

  private result(): LoopLoadResult {
    const { recorded, failed } = this;
    const { latenciesMs, ...counts } = this.deliveries.summary();
    return {
      recorded,
      failed,
      ...counts,
      latency: spreadOf(latenciesMs),
      latenciesMs: [...latenciesMs],
      stages: Object.fromEntries(STAGES.map((stage) => [stage, spreadOf(this.stages[stage]!)])),
      answer: spreadOf(this.answers),
      sendLagP99Ms: round(
        quantile(
          this.lags.sort((a, b) => a - b),
          0.99,
        ),
      ),
    };
  }
}

receiveJob(loopJob, (job) => new LoopLoad(job).run());
