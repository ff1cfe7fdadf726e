import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { SameDelay } from '../../platform/same-delay';
import type { Identity } from '../auth/identity';
import type { IdentityHolder } from '../auth/living-identities';
import type { DrainedConnection } from '../drain';
import { CLOSE } from '../socket/close-codes';

/**
 * One answer of media type `text/event-stream`. Holds at most the one event that the client has not taken yet, and is cut when the client
 * leaves that for too long.
 */
export class EventStream implements IdentityHolder, DrainedConnection {
  identity?: Identity;
  /** What ends with the identity: this itself. */
  readonly socket = this;
  private readonly endings: (() => void)[] = [];
  private over = false;

  /**
   * Sends the headers, and a comment: some browsers take no note of headers alone.
   * @param slow cuts streams that have been in it for too long.
   */
  constructor(
    private readonly response: ServerResponse,
    private readonly slow: SameDelay<EventStream>,
  ) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no', // nginx would hold events back
    });
    response.write(':\n\n');
    response.once('close', () => {
      slow.delete(this);
      this.finish();
    });
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

  /** Runs once, when the connection has nothing more to do with the stream. */
  once(_event: 'close', gone: () => void): void {
    this.response.once('close', gone);
  }

  /** Sends a result. Resolves when the client has room for the next one, or is gone. */
  next(result: FormattedExecutionResult): Promise<void> {
    if (this.over || this.response.write(nextEvent(result))) return Promise.resolve();
    this.slow.add(this);
    return new Promise((resolve) => {
      this.response.once('drain', () => {
        if (!this.over) this.slow.delete(this);
        resolve();
      });
      this.onEnd(resolve);
    });
  }

  /** Says that there are no more results, and ends. */
  complete(): void {
    if (!this.over) this.response.write('event: complete\ndata: \n\n');
    this.end();
  }

  /**
   * Ends without `complete`, so that the client comes again, and says what a socket would by its close code: that the token has ended by
   * a `next` with an error, that the gateway ends by the time to wait before coming again.
   */
  close(code: number, reason: string, waitMs = 0): void {
    if (this.over) return;
    this.response.write(
      code === CLOSE.forbidden
        ? nextEvent({ errors: [{ message: reason, extensions: { code: 'UNAUTHENTICATED', retryable: false } }] })
        : `: ${reason}\nretry: ${waitMs}\n\n`,
    );
    this.end();
  }

  /** Shows the client, and what lies between, that the stream lives. */
  beat(): void {
    if (!this.response.writableNeedDrain) this.response.write(':\n\n');
  }

  end(): void {
    if (this.over) return;
    this.response.end();
    this.slow.add(this); // until it has been taken
    this.finish();
  }

  terminate(): void {
    this.response.destroy();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    for (const ending of this.endings.splice(0)) ending();
  }
}

const nextEvent = (result: FormattedExecutionResult): string => `event: next\ndata: ${JSON.stringify(result)}\n\n`;
