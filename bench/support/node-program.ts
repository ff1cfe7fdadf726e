import { fork, type ChildProcess } from 'node:child_process';
import { dieWithParent, stopChild } from '../../src/platform/child-process';

export interface NodeProgram {
  /** For messages. */
  readonly name: string;
  /** Path of the built script. */
  readonly script: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Options of node itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/**
 * A built script as a process of its own, with an IPC channel. Sees nothing of this environment but PATH, so that a bench measures
 * the same thing everywhere; what it prints goes to standard error. Ends with this process.
 */
export class RunningProgram {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  static start({ name, script, env = {}, nodeOptions = [] }: NodeProgram): RunningProgram {
    const child = fork(script, [], {
      env: { PATH: process.env['PATH'], ...env },
      execArgv: [...nodeOptions],
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      detached: true, // Ctrl-C reaches the bench only, which stops its parts in order
    });
    dieWithParent(child);
    return new RunningProgram(name, child);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.child.pid;
  }

  send(message: object | string): void {
    this.child.send(message);
  }

  /** The next message for which `read` gives something. @throws Error when the process ends first. */
  next<T>(read: (message: unknown) => T | undefined): Promise<T> {
    const { child, name } = this;
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        const value = read(message);
        if (value === undefined) return;
        done();
        resolve(value);
      };
      const onExit = (code: number | null, signal: string | null): void => {
        done();
        reject(new Error(`${name} ended (${signal ?? `exit code ${code}`}): see above`));
      };
      const done = (): void => {
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
    });
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await stopChild(this.child, 20_000);
  }
}
