import cluster, { type Worker } from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { Log } from './log';

export interface ProcessGroupOptions {
  /** How many processes share the port; 0: one for each core. */
  readonly processes: number;
  readonly log: Log;
  /** First pause before a process that died is started again; doubles with each death in a row. @default 250 */
  readonly backoffMs?: number;
  /** @default 10_000 // 10 seconds */
  readonly maxBackoffMs?: number;
  /** Having lived so long, a process's earlier deaths are forgotten. @default 30_000 // 30 seconds */
  readonly healthyAfterMs?: number;
  /** Deaths in a row of one process after which all are ended. @default 6 */
  readonly giveUpAfter?: number;
}

/** Name of the variable that tells a process of the group which one it is, from 0. */
const PLACE = 'BECKON_PROCESS';

/** Which process of its group this is, from 0; undefined outside a group. It keeps its place when it is started again. */
export function placeInGroup(): number | undefined {
  return cluster.isWorker ? Number(process.env[PLACE] ?? 0) : undefined;
}

/**
 * This program several times on one port: this process takes connections and hands each to the next of the others, which it starts again
 * when they die. SIGTERM and SIGINT are passed on, and this process ends when all have ended: with status 1 if one could not be kept up.
 */
export function runProcessGroup(options: ProcessGroupOptions): void {
  const { processes, log } = options;
  cluster.schedulingPolicy = cluster.SCHED_RR; // the kernel's own choice is uneven, and sockets stay for hours
  const group = new ProcessGroup(options);
  const count = processes === 0 ? availableParallelism() : processes;
  for (let place = 0; place < count; place++) group.start(place);
  log.info({ processes: count }, 'processes share the port');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => group.end());
}

class ProcessGroup {
  private readonly running = new Map<number, Worker>();
  private readonly deaths = new Map<number, number>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private ending = false;

  constructor(private readonly options: ProcessGroupOptions) {}

  start(place: number): void {
    const worker = cluster.fork({ [PLACE]: String(place) });
    this.running.set(place, worker);
    const startedAt = performance.now();
    worker.once('exit', (code: number | null, signal: string | null) =>
      this.ended(place, signal ?? `exit code ${code}`, performance.now() - startedAt),
    );
  }

  /** Asks all to end, as a signal does; asked again they end at once. */
  end(): void {
    this.ending = true;
    for (const restart of this.restarts) clearTimeout(restart);
    for (const worker of this.running.values()) worker.process.kill('SIGTERM');
    if (this.running.size === 0) process.exit();
  }

  private ended(place: number, how: string, livedMs: number): void {
    this.running.delete(place);
    if (this.ending) {
      if (this.running.size === 0) process.exit();
      return;
    }
    const { log, backoffMs = 250, maxBackoffMs = 10_000, healthyAfterMs = 30_000, giveUpAfter = 6 } = this.options;
    const deaths = livedMs >= healthyAfterMs ? 1 : 1 + (this.deaths.get(place) ?? 0);
    this.deaths.set(place, deaths);
    if (deaths >= giveUpAfter) {
      log.fatal({ place, how, deaths }, 'a process of the group cannot be kept up');
      process.exitCode = 1;
      this.end();
      return;
    }
    const pauseMs = Math.min(maxBackoffMs, backoffMs * 2 ** (deaths - 1));
    log.error({ place, how, pauseMs }, 'a process of the group ended and is started again');
    const restart = setTimeout(() => {
      this.restarts.delete(restart);
      this.start(place);
    }, pauseMs);
    this.restarts.add(restart);
  }
}
