const BEAT_MS = 250;
const PARTS = 5;

/**
 * Knows how long the event loop of this process was held up lately, by how late a timer of 250 ms comes. Not by `monitorEventLoopDelay`:
 * resetting that forgets the tick that it is in, and with it a delay that is just ending.
 */
export class EventLoopWatch {
  private readonly worstOfPart: number[] = Array<number>(PARTS).fill(0);
  private readonly timer: NodeJS.Timeout;
  private beatAt = performance.now();
  private part = 0;

  /** @param windowMs what counts as lately. */
  constructor(private readonly windowMs = 5000) {
    this.timer = setInterval(() => this.beat(performance.now()), BEAT_MS);
    this.timer.unref();
  }

  /** The longest time within the window that nothing could run in, in ms, to within 250 ms less; what is not over yet is not in it. */
  get worstMs(): number {
    return Math.max(...this.worstOfPart);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(now: number): void {
    const part = Math.floor(now / (this.windowMs / PARTS));
    for (let passed = Math.max(this.part + 1, part - PARTS + 1); passed <= part; passed++) this.worstOfPart[passed % PARTS] = 0;
    this.part = part;
    const lateMs = Math.max(0, now - this.beatAt - BEAT_MS);
    this.worstOfPart[part % PARTS] = Math.max(this.worstOfPart[part % PARTS]!, lateMs);
    this.beatAt = now;
  }
}
