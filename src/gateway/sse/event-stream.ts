import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Clock, EpochMs } from '../../platform/clock';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One answer of media type `text/event-stream`. Holds at most the one event that the client has not taken yet. */
export class EventStream {
  private readonly endings: (() => void)[] = [];
  private over = false;
  private stuck = false;

  /** Sends the headers, and a comment: some browsers take no note of headers alone. */
  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no', // nginx would hold events back
    });
    response.write(':\n\n');
    response.once('close', () => this.finish());
    if (response.destroyed) this.finish();
  }

  get ended(): boolean {
    return this.over;
  }

  /** Runs once, when the stream has ended by whichever side; at once if it has. */
  onEnd(ending: () => void): void {
    if (this.over) ending();
    else this.endings.push(ending);
  }

  /** Ends the stream when a token does, without `complete`: the client comes again with a new one. */
  endAt(at: EpochMs, clock: Clock): void {
    const timer = setTimeout(() => this.end(), Math.min(LONGEST_TIMER_MS, Math.max(0, at - clock.now())));
    this.onEnd(() => clearTimeout(timer));
  }

  /** Sends a result. Resolves when the client has room for the next one, or is gone. */
  next(result: FormattedExecutionResult): Promise<void> {
    if (this.over) return Promise.resolve();
    if (this.response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)) return Promise.resolve();
    return new Promise((resolve) => {
      this.response.once('drain', resolve);
      this.onEnd(resolve);
    });
  }

  /** Says that there are no more results, and ends. */
  complete(): void {
    if (!this.over) this.response.write('event: complete\ndata: \n\n');
    this.end();
  }

  /** Shows the client, and what lies between, that the stream lives; cuts it when nothing was taken since the last time. */
  beat(): void {
    if (!this.response.writableNeedDrain) {
      this.stuck = false;
      this.response.write(':\n\n');
    } else if (this.stuck) this.response.destroy();
    else this.stuck = true;
  }

  end(): void {
    if (this.over) return;
    this.response.end();
    this.finish();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    for (const ending of this.endings.splice(0)) ending();
  }
}
