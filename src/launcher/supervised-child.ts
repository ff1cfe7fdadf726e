import { spawn, type ChildProcess } from 'node:child_process';
import { dieWithParent, exitOf, stopChild } from '../platform/child-process';

export interface ChildProgram {
  /** For messages. */
  readonly name: string;
  /** Arguments of `node`: the script, then its own. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How long a SIGTERM may take before SIGKILL. */
  readonly stopWithinMs: number;
}

export interface Supervision {
  /** First pause before a restart; doubles with each death in a row. @default 250 */
  readonly backoffMs?: number;
  /** @default 10_000 // 10 seconds */
  readonly maxBackoffMs?: number;
  /** Having lived so long, a child's earlier deaths are forgotten. @default 30_000 // 30 seconds */
  readonly healthyAfterMs?: number;
  /** Deaths in a row after which it is given up. @default 6 */
  readonly giveUpAfter?: number;
  /** Told before each restart. */
  readonly onRestart: (why: string, pauseMs: number) => void;
  /** Told once, when it is given up: then it stays down. */
  readonly onGiveUp: (why: string) => void;
}

/**
 * One child that is started again whenever it ends by itself. It has a process group of its own, so that Ctrl-C in the
 * terminal reaches only the launcher, which stops its children in order; and it ends when the launcher is killed.
 */
export class SupervisedChild {
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private deaths = 0;
  private stopping = false;

  constructor(
    private readonly program: ChildProgram,
    private readonly supervision: Supervision,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { args, env } = this.program;
    const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    this.child = child;
    dieWithParent(child);
    const startedAt = performance.now();
    child.on('error', (error) => {
      if (child.pid === undefined) this.ended(error.message, 0); // could not be started: there will be no exit
    });
    child.once('exit', (code, signal) => this.ended(signal ?? `exit code ${code}`, performance.now() - startedAt));
  }

  private ended(how: string, livedMs: number): void {
    this.child = undefined;
    if (this.stopping) return;
    const { backoffMs = 250, maxBackoffMs = 10_000, healthyAfterMs = 30_000, giveUpAfter = 6, onRestart, onGiveUp } = this.supervision;
    this.deaths = livedMs >= healthyAfterMs ? 1 : this.deaths + 1;
    const why = `${this.program.name} ended (${how})`;
    if (this.deaths >= giveUpAfter) {
      this.stopping = true;
      onGiveUp(`${why}, ${this.deaths} times in a row`);
      return;
    }
    const pauseMs = Math.min(maxBackoffMs, backoffMs * 2 ** (this.deaths - 1));
    onRestart(why, pauseMs);
    this.restart = setTimeout(() => this.start(), pauseMs);
  }

  /** Ends the child for good; resolves after its exit; idempotent. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    if (this.child) await stopChild(this.child, this.program.stopWithinMs);
  }

  /** Ends it at once, without leave. */
  async kill(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (!child) return;
    child.kill('SIGKILL');
    await exitOf(child);
  }
}
