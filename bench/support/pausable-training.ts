import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
const SCRIPT = 'train-child.js';

/**
 * The training processes of one worker, stopped (SIGSTOP) and let go on (SIGCONT) at will, so that the same load can be measured with and
 * without them in turns, in one run, with the same memory in use. Linux only: children are read from /proc.
 */
export class PausableTraining {
  private isPaused = false;
  private closed = false;
  private readonly cpuTicks = new Map<number, number>();
  private readonly loop: Promise<void>;

  constructor(private readonly workerPid: number) {
    this.loop = this.watch();
  }

  pause(): void {
    this.isPaused = true;
  }

  goOn(): void {
    this.isPaused = false;
  }

  /** CPU seconds that training processes have used so far, those that have ended included. */
  get cpuSeconds(): number {
    return [...this.cpuTicks.values()].reduce((sum, ticks) => sum + ticks, 0) / 100;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.loop;
    for (const pid of trainingPids(this.workerPid)) signal(pid, 'SIGCONT');
  }

  /** A process that begins in a pause is stopped within moments. */
  private async watch(): Promise<void> {
    while (!this.closed) {
      for (const pid of trainingPids(this.workerPid)) {
        signal(pid, this.isPaused ? 'SIGSTOP' : 'SIGCONT');
        const ticks = cpuTicksOf(pid);
        if (ticks !== undefined) this.cpuTicks.set(pid, ticks);
      }
      await after(LOOK_EVERY_MS);
    }
  }
}

function trainingPids(parent: number): number[] {
  const children = read(`/proc/${parent}/task/${parent}/children`) ?? '';
  return children
    .split(' ')
    .filter((pid) => pid !== '' && read(`/proc/${pid}/cmdline`)?.includes(SCRIPT) === true)
    .map(Number);
}

/** User and system time of a process, in hundredths of a second. */
function cpuTicksOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // it has ended
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
}
