import { setTimeout as after } from 'node:timers/promises';
import { BeckonProcess, type ProcessOptions } from '../test/support/beckon-process';

const LOOK_EVERY_MS = 100;
const PAUSE_MS = 300;

/** A gateway or worker under a supervisor, as in production: what ends is started again until it is up. */
export class Supervised {
  /** Resolves when it is up and nothing is under way. */
  private busy: Promise<void> = Promise.resolve();
  private readonly looking: NodeJS.Timeout;
  private expected = true;
  private closing = false;

  private constructor(
    private readonly process: BeckonProcess,
    private readonly onDeath: (name: string, lastLines: readonly string[]) => void,
  ) {
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  static async start(options: ProcessOptions, onDeath: (name: string, lastLines: readonly string[]) => void): Promise<Supervised> {
    return new Supervised(await BeckonProcess.start(options), onDeath);
  }

  get name(): string {
    return this.process.name;
  }

  get pid(): number {
    return this.process.pid;
  }

  get port(): number {
    return this.process.port;
  }

  get lines(): readonly string[] {
    return this.process.lines;
  }

  /** Ends it at once; it stays down until `bringBack`. */
  async kill(): Promise<void> {
    await this.busy; // a start that is under way
    this.expected = false;
    await this.process.kill9();
  }

  bringBack(): void {
    this.busy = this.busy.then(() => this.launch());
  }

  freeze(): void {
    if (this.process.isRunning) this.process.freeze();
  }

  thaw(): void {
    if (this.process.isRunning) this.process.thaw();
  }

  signal(signal: NodeJS.Signals): void {
    if (this.process.isRunning) process.kill(this.process.pid, signal);
  }

  /** Resolves when it runs and is ready. */
  untilUp(): Promise<void> {
    return this.busy;
  }

  async stop(): Promise<void> {
    this.closing = true;
    this.expected = false;
    clearInterval(this.looking);
    await this.busy;
    await this.process.stop();
  }

  private async launch(): Promise<void> {
    this.expected = false;
    while (!this.closing) {
      try {
        await this.process.restart();
        this.expected = true;
        return;
      } catch {
        await after(PAUSE_MS); // Redis may be away: the next try may find it
      }
    }
  }

  private look(): void {
    if (!this.expected || this.process.isRunning) return;
    this.expected = false;
    this.onDeath(this.name, this.process.lines.slice(-5));
    this.bringBack();
  }
}
