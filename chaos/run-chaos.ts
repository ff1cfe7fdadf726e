import { setMaxListeners } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { seededRandom } from '../src/platform/random';
import { ChaosSystem } from './chaos-system';
import { drawFaults, type Fault, type FaultKind, type Topology } from './draw-faults';
import { inject } from './inject';
import { Ledger } from './judge/ledger';
import { orderFault } from './judge/list-order';
import { INVARIANTS, Verdict, type Invariant, type Violation } from './judge/verdict';
import { JobMaker } from './make-jobs';
import { growthOf, judgeHoldings, readHoldings, type Holdings } from './observers/resources';
import { Recorder } from './observers/recorder';
import { Screen } from './observers/screen';
import { RedisFile } from './redis-file';

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults are done; the run takes up to four and a half minutes more, to start, to settle and to be judged. */
  readonly faultsMs: number;
  /** @default 2 */
  readonly gateways?: number;
  /** @default 2 */
  readonly workers?: number;
  /** One for each user, and a second one for every third. @default 16 */
  readonly users?: number;
  /** @default single */
  readonly topology?: Topology;
  /** @default every kind of the topology */
  readonly kinds?: readonly FaultKind[];
  /** For a short run: what was killed comes back as what it is to be. @default false */
  readonly quick?: boolean;
  /** A module of `chaos/preload` that breaks the build; the run then ends with the first violation. */
  readonly broken?: string;
  /** Ends the run before its time; what has been seen by then is judged. */
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
}

export interface TimelineEntry {
  readonly atMs: number;
  readonly fault: Fault;
  readonly what: string;
}

export interface ChaosResult {
  readonly seed: number;
  readonly faultsMs: number;
  readonly broken: string | null;
  readonly topology: Topology;
  readonly holds: boolean;
  /** When the first invariant was seen broken, since the faults began. */
  readonly brokenAtMs: number | null;
  readonly invariants: readonly { readonly name: Invariant; readonly meaning: string; readonly checked: number; readonly broken: number }[];
  readonly violations: readonly Violation[];
  readonly timeline: readonly TimelineEntry[];
  readonly acknowledged: number;
  readonly lostInWindows: number;
  readonly retried: number;
  readonly lists: number;
  readonly reconnects: number;
  /** From the end of the last fault, everything up again, until every watcher had the newest list; null when the run ended before. */
  readonly convergedMs: number | null;
  readonly before: Holdings | null;
  readonly after: Holdings | null;
}

/** Within this after the last fault every watcher shows the newest list: a half-open connection to Redis is noticed after 15 s. */
export const CONVERGES_WITHIN_MS = 30_000;
const ACKNOWLEDGED_WITHIN_MS = 30_000;
/** A proxy that is half open answers for whoever is gone, to the kernel too: the gateway finds that by a ping, which it sends every 100 s. */
const LET_GO_WITHIN_MS = 125_000;
const WARM_UP_MS = 2_000;
const LANES = 3;
const LANE_PAUSE_MS = 60;
const STEADY_JOBS_EVERY_MS = 100;
const LOOK_EVERY_MS = 200;
const ITEMS_OF_A_USER = 3;
const ITEMS = 60;

/** Runs the whole system under faults and holds it to its invariants. Stops everything that it started, however it ends. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, gateways = 2, workers = 2, topology = 'single', quick = false, broken, say = () => undefined } = options;
  const verdict = new Verdict();
  const onDeath = (name: string, lines: readonly string[]): void =>
    verdict.check('alive', false, () => `${name} ended: ${lines.map((line) => line.slice(-200)).join(' | ')}`);
  const system = await ChaosSystem.start({ seed, gateways, workers, topology, quick, onDeath, ...(broken !== undefined && { broken }) });
  try {
    return await new ChaosRun(options, system, verdict, say).run();
  } finally {
    await system.stop();
  }
}

class ChaosRun {
  private readonly ledger: Ledger;
  private readonly screens: Screen[];
  private readonly jobs: JobMaker;
  private readonly file: RedisFile;
  private readonly timeline: TimelineEntry[] = [];
  private readonly userIds: readonly string[];
  private readonly stopEarly = new AbortController();
  private faultsAt = performance.now();
  private brokenAtMs: number | null = null;

  constructor(
    private readonly options: ChaosOptions,
    private readonly system: ChaosSystem,
    private readonly verdict: Verdict,
    private readonly say: (line: string) => void,
  ) {
    const { users = 16, seed, broken, signal } = options;
    signal?.addEventListener('abort', () => this.stopEarly.abort());
    this.ledger = new Ledger(verdict);
    this.userIds = Array.from({ length: users }, (_, n) => `user-${n}`);
    const random = seededRandom(seed + 2);
    const watched = this.userIds.flatMap((userId, n) => (n % 3 === 0 ? [userId, userId] : [userId]));
    this.screens = watched.map((userId) => this.openScreen(userId, random));
    this.jobs = new JobMaker(system.store.connection, this.userIds, seededRandom(seed + 3));
    this.file = new RedisFile(system.server.dir);
    verdict.onViolation = (violation) => {
      this.brokenAtMs ??= performance.now() - this.faultsAt;
      say(`BROKEN ${violation.invariant}: ${violation.what}`);
      if (broken !== undefined) this.stopEarly.abort();
    };
  }

  async run(): Promise<ChaosResult> {
    const recorder = this.record();
    try {
      await this.until(() => this.screens.every(({ lists }) => lists > 0), 20_000);
      await after(WARM_UP_MS);
      const before = await readHoldings(this.system.processes, this.system.store);
      this.jobs.start(STEADY_JOBS_EVERY_MS);
      await this.doFaults();
      if (this.stopEarly.signal.aborted) return this.result(recorder, { before, now: null, convergedMs: null, lostInWindows: 0 });
      return await this.settleAndJudge(recorder, before);
    } finally {
      recorder.abandon();
      for (const screen of this.screens) screen.stop();
      this.file.stop();
      await this.jobs.close();
    }
  }

  private async doFaults(): Promise<void> {
    const { seed, faultsMs, gateways = 2, workers = 2, topology = 'single', kinds } = this.options;
    const { system, file, ledger, jobs, verdict } = this;
    const { signal } = this.stopEarly;
    const faults = drawFaults({ seed, withinMs: faultsMs, gateways, workers, topology, ...(kinds && { kinds }) });
    this.faultsAt = performance.now();
    verdict.begin();
    setMaxListeners(0, signal); // one for each fault that is to come
    const running = faults.map(async (fault) => {
      const begun = await after(fault.atMs, true, { signal }).catch(() => false);
      if (!begun) return;
      const atMs = Math.round(performance.now() - this.faultsAt);
      this.say(`${(atMs / 1000).toFixed(1)} s  ${fault.kind} ${fault.target}`);
      const what = await inject({ system, file, ledger, jobs }, fault);
      this.timeline.push({ atMs, fault, what });
    });
    const done = await Promise.allSettled(running); // what a fault has harmed it also mends, whatever becomes of the others
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    await after(Math.max(0, faultsMs - (performance.now() - this.faultsAt)), undefined, { signal }).catch(() => undefined);
  }

  private async settleAndJudge(recorder: Recorder, before: Holdings): Promise<ChaosResult> {
    const { system, verdict, ledger, screens } = this;
    this.jobs.stop();
    await Promise.all(system.processes.map((one) => one.untilUp()));
    const overAt = performance.now();
    const finished = recorder.finish().then(() => true);
    const acknowledged = await Promise.race([finished, after(ACKNOWLEDGED_WITHIN_MS, false, { ref: false })]);
    verdict.check('acknowledged', acknowledged, () => `not everything was acknowledged ${ACKNOWLEDGED_WITHIN_MS} ms after the last fault`);
    verdict.check('acknowledged', recorder.refused.length === 0, () => `refused for good: ${recorder.refused.slice(0, 3).join('; ')}`);
    recorder.abandon();
    const convergedMs = await this.judgeConvergence(overAt);
    const { lostInWindows } = ledger.judge(await system.store.readLog());
    verdict.check('alive', true, () => '');
    let poison: string[] = [];
    const allFailed = await this.until(async () => (poison = await this.jobs.openPoison()).length === 0, CONVERGES_WITHIN_MS);
    verdict.check('poison-set-aside', allFailed, () => `job ${poison.join(', ')}`);
    const read = async (): Promise<Holdings> => readHoldings(system.processes, system.store);
    let now = await read();
    const onCluster = this.options.topology === 'cluster';
    const grown = (): string[] => growthOf(before, now, { screens: screens.length, onCluster, orphansAtRedis: system.orphansAtRedis });
    await this.until(async () => {
      now = await read();
      return grown().length === 0;
    }, LET_GO_WITHIN_MS);
    judgeHoldings(verdict, grown());
    return this.result(recorder, { before, now, convergedMs, lostInWindows });
  }

  private async judgeConvergence(overAt: number): Promise<number | null> {
    let behind: string[] = [];
    const look = async (): Promise<boolean> => {
      behind = [];
      for (const screen of this.screens) {
        const fault = await this.behind(screen);
        if (fault !== undefined) behind.push(`${screen.userId} ${fault}`);
      }
      return behind.length === 0;
    };
    const converged = await this.until(look, CONVERGES_WITHIN_MS - (performance.now() - overAt));
    for (const what of behind) this.verdict.check('converged', false, () => `${what}, ${CONVERGES_WITHIN_MS} ms after the last fault`);
    this.verdict.check('converged', true, () => '');
    return converged ? Math.round(performance.now() - overAt) : null;
  }

  /** What a screen lacks, by what the store holds now. */
  private async behind({ userId, last }: Screen): Promise<string | undefined> {
    const stored = await this.system.store.storedList(userId);
    if (!stored) return 'has no stored list';
    if (stored.userId !== userId) return `has a stored list of ${stored.userId}`;
    if (stored.appliedThrough < stored.seq) return `has a list applied through ${stored.appliedThrough} of ${stored.seq}`;
    if (!last) return 'shows nothing';
    const same = last.epoch === stored.epoch && last.revision === stored.revision && last.recommendationId === stored.recommendationId;
    if (same) return undefined;
    return `shows ${last.epoch.slice(0, 8)}/${last.revision} (applied ${last.appliedThrough}), stored is ${stored.epoch.slice(0, 8)}/${stored.revision} (applied ${stored.appliedThrough})`;
  }

  private openScreen(userId: string, random: () => number): Screen {
    const { verdict, ledger, system } = this;
    return new Screen({
      userId,
      urls: system.urls,
      random,
      store: () => system.lives,
      onList: (last, next, since) => {
        const fault = orderFault(last, next, since);
        verdict.check('never-back', fault === undefined, () => `${userId}: ${fault}`);
        const own = ledger.itemsOf.get(userId);
        const foreign = [
          ...(next.userId === userId ? [] : [`the list of ${next.userId}`]),
          ...next.causeIds.filter((id) => ledger.sentBy.get(id) !== userId),
          ...next.evidenceItemIds.filter((itemId) => own?.has(itemId) !== true),
        ];
        verdict.check('own-list', foreign.length === 0, () => `${userId} was sent ${foreign.join(', ')}`);
      },
    });
  }

  private record(): Recorder {
    return new Recorder({
      ledger: this.ledger,
      urls: this.system.urls,
      userIds: this.userIds,
      itemsOf: (userId) => itemsOf(this.userIds.indexOf(userId)),
      random: seededRandom(this.options.seed + 4),
      lanes: LANES,
      pauseMs: LANE_PAUSE_MS,
    });
  }

  private async until(check: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      if (await check()) return true;
      if (performance.now() > deadline) return false;
      await after(LOOK_EVERY_MS);
    }
  }

  private result(
    recorder: Recorder,
    { before, now, ...rest }: { before: Holdings; now: Holdings | null; convergedMs: number | null; lostInWindows: number },
  ): ChaosResult {
    const { verdict, screens, ledger } = this;
    const { seed, faultsMs, broken, topology = 'single' } = this.options;
    return {
      seed,
      faultsMs,
      broken: broken ?? null,
      topology,
      holds: verdict.holds,
      brokenAtMs: this.brokenAtMs === null ? null : Math.round(this.brokenAtMs),
      invariants: (Object.keys(INVARIANTS) as Invariant[]).map((name) => ({
        name,
        meaning: INVARIANTS[name],
        checked: verdict.checked.get(name) ?? 0,
        broken: verdict.broken.get(name) ?? 0,
      })),
      violations: verdict.violations,
      timeline: [...this.timeline].sort((a, b) => a.atMs - b.atMs),
      acknowledged: ledger.acknowledged.size,
      retried: recorder.retried,
      lists: screens.reduce((sum, { lists }) => sum + lists, 0),
      reconnects: screens.reduce((sum, { reconnects }) => sum + reconnects, 0),
      before,
      after: now,
      ...rest,
    };
  }
}

/** The items of the n-th user: nobody else's, so that evidence tells whose list it is. */
const itemsOf = (user: number): string[] =>
  Array.from({ length: ITEMS_OF_A_USER }, (_, k) => `item-${String((user * ITEMS_OF_A_USER + k) % ITEMS).padStart(3, '0')}`);
