import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { dieWithParent } from '../src/platform/child-process';
import { BeckonError } from '../src/platform/errors';
import type { Log } from '../src/platform/log';
import { trainReport, type TrainOrder } from '../src/training/train-report';
import type { RunResult } from '../src/training/training-result';

export interface TrainingRunOptions {
  readonly order: TrainOrder;
  /** Largest JavaScript heap, in MiB. Arrays of numbers lie outside of it. */
  readonly heapMb: number;
  readonly onBegun: (version: string) => void;
  readonly onProgress: (percent: number) => void;
}

/** This worker is ending: the run is given back, so that another one does it. */
export class TrainingStopped extends Error {
  override readonly name = 'TrainingStopped';
}

/** Training runs of one worker, each in a child process, which ends with this process however that ends. */
export class TrainingProcesses {
  private readonly running = new Set<ChildProcess>();
  private stopping = false;

  constructor(
    private readonly log: Log,
    /** The built script that a child runs. */
    private readonly script = join(__dirname, 'train-child.js'),
  ) {}

  get active(): number {
    return this.running.size;
  }

  /**
   * Resolves with how the run ended.
   * @throws BeckonError INTERNAL when no other attempt could do better; UNAVAILABLE when one may, also when the process was killed.
   * @throws TrainingStopped when `stop` was called.
   */
  async run(options: TrainingRunOptions): Promise<RunResult> {
    if (this.stopping) throw new TrainingStopped('this worker is ending');
    const child = fork(this.script, [], {
      execArgv: [`--max-old-space-size=${options.heapMb}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // a session of its own, whose priority it lowers; Ctrl-C reaches this process, which ends it
    });
    dieWithParent(child); // a long fit does not hear that its channel is closed
    this.running.add(child);
    this.log.info({ ...options.order, pid: child.pid }, 'training begins');
    this.follow(child, options.order);
    try {
      return await this.resultOf(child, options);
    } finally {
      this.running.delete(child);
    }
  }

  /** Ends what runs, at once, and lets nothing begin any more. */
  stop(): void {
    this.stopping = true;
    for (const child of this.running) child.kill('SIGKILL');
  }

  private resultOf(child: ChildProcess, { order, onBegun, onProgress }: TrainingRunOptions): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      let ended: (() => void) | undefined;
      child.on('message', (message) => {
        const report = trainReport.parse(message);
        if (report.kind === 'begun') onBegun(report.version);
        else if (report.kind === 'progress') onProgress(report.percent);
        else if (report.kind === 'done') ended = () => resolve(report.result);
        else ended = () => reject(new BeckonError(report.retryable ? 'UNAVAILABLE' : 'INTERNAL', report.message));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (this.stopping && !ended) return reject(new TrainingStopped('this worker is ending'));
        if (!ended) return reject(new BeckonError('UNAVAILABLE', endOf(code, signal)));
        ended();
      });
      child.send(order);
    });
  }

  /** Lines of the log go where this process's log goes; what libraries print becomes lines of it. */
  private follow({ stdout, stderr }: ChildProcess, { tenant, model }: TrainOrder): void {
    const log = this.log.child({ tenant, model });
    lines(stdout!, (line) => (line.startsWith('{"level":') ? process.stdout.write(`${line}\n`) : log.debug({ line }, 'training prints')));
    lines(stderr!, (line) => log.warn({ line }, 'training complains'));
  }
}

function lines(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);
}

function endOf(code: number | null, signal: string | null): string {
  if (signal === 'SIGABRT' || code === 134)
    return 'the training process gave up (SIGABRT): most likely its heap was full; see training.heapMb';
  return `the training process was ended (${signal ?? `exit code ${code}`}) before it was done`;
}
