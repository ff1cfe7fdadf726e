import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dieWithParent, exitOf, stopChild } from '../../src/platform/child-process';

/** Of the repository, from the sources and from what is built of them. */
const ROOT = join(__dirname, __dirname.includes(join('dist', 'test')) ? '../../..' : '../..');
const SCRIPTS = { gateway: 'dist/src/main.js', worker: 'dist/workers/main.js' } as const;
const READY = { gateway: 'gateway is ready', worker: 'worker is ready' } as const;
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 20_000;
const LINES_KEPT = 5_000;

export interface ProcessOptions {
  readonly name: string;
  readonly kind: keyof typeof SCRIPTS;
  readonly env: NodeJS.ProcessEnv;
  /** Options of node itself, such as `--inspect=0`. */
  readonly nodeOptions?: readonly string[];
}

/** A gateway or worker as users run it: the built script in a process of its own, known by what it prints. */
export class BeckonProcess {
  /** Everything that it printed, over all its lives, oldest first; the last few thousand lines. */
  readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private boundPort = 0;

  private constructor(private readonly options: ProcessOptions) {}

  /** Resolves when the process says that it is ready. @throws Error with its log when it ends or stays silent instead. */
  static async start(options: ProcessOptions): Promise<BeckonProcess> {
    const started = new BeckonProcess(options);
    await started.launch();
    return started;
  }

  get name(): string {
    return this.options.name;
  }

  /** Stays the same over restarts. */
  get port(): number {
    return this.boundPort;
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it at once, without leave. Resolves when it is gone. */
  async kill9(): Promise<void> {
    const { child } = this;
    if (!child) return;
    child.kill('SIGKILL');
    await exitOf(child);
    this.child = undefined;
  }

  /** Stops it where it stands, as a machine that hangs does: its sockets stay open. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Starts it again on the port that it had. Ends it first (SIGTERM) if it runs. */
  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
  }

  /** Asks it to end and waits for that; idempotent. @returns whether it went by itself in time. */
  async stop(): Promise<'ended' | 'killed'> {
    const { child } = this;
    if (!child) return 'ended';
    if (this.isRunning) this.thaw(); // SIGTERM waits for ever on a process that is stopped
    const how = await stopChild(child, STOP_WITHIN_MS);
    this.child = undefined;
    return how;
  }

  private async launch(): Promise<void> {
    const { kind, env, nodeOptions = [] } = this.options;
    const port = String(this.boundPort);
    const child = spawn(process.execPath, [...nodeOptions, join(ROOT, SCRIPTS[kind])], {
      env: { PATH: process.env['PATH'], PORT: port, WORKER_PORT: port, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C reaches the test runner only
    });
    dieWithParent(child);
    this.child = child;
    this.keep(child.stderr);
    this.boundPort = await this.readyPort(child, READY[kind]);
  }

  private readyPort(child: ChildProcess, ready: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        reject(new Error(`${this.name} ${why}\n${this.lines.slice(-30).join('\n')}`));
      };
      const timer = setTimeout(() => fail(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
      child.once('exit', (code, signal) => fail(`ended while starting (${signal ?? `exit code ${code}`})`));
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      this.keep(child.stdout!, (line) => {
        if (!line.includes(ready)) return;
        clearTimeout(timer);
        resolve((JSON.parse(line) as { port: number }).port);
      });
    });
  }

  private keep(stream: NodeJS.ReadableStream, look?: (line: string) => void): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.lines.push(line);
      if (this.lines.length > LINES_KEPT) this.lines.shift();
      look?.(line);
    });
  }
}
