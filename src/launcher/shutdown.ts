interface Part {
  readonly name: string;
  readonly stop: () => Promise<void>;
  /** Ends it at once; parts without it need no ending. */
  readonly kill?: () => Promise<void>;
}

/** Everything that is running, stopped in the reverse of the order in which it was started. */
export class Shutdown {
  private readonly parts: Part[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly onFailure: (part: string, error: unknown) => void) {}

  get begun(): boolean {
    return this.running !== undefined;
  }

  /** Takes over a part that has started; one that comes too late is stopped at once. */
  async add(part: Part): Promise<void> {
    this.parts.push(part);
    if (this.begun) await this.stopOne(part);
  }

  /** Stops all parts, one after the other, last first; a failure is told and does not keep the others. Idempotent. */
  run(): Promise<void> {
    this.running ??= this.stopAll();
    return this.running;
  }

  /** Ends all parts at once. */
  async kill(): Promise<void> {
    this.running ??= Promise.resolve();
    await Promise.allSettled(this.parts.map(async (part) => part.kill?.()));
  }

  private async stopAll(): Promise<void> {
    for (const part of [...this.parts].reverse()) await this.stopOne(part);
  }

  private async stopOne(part: Part): Promise<void> {
    try {
      await part.stop();
    } catch (error) {
      this.onFailure(part.name, error);
    }
  }
}
