import { EvenRounds } from '../../platform/even-rounds';

/** A socket that may be gone without a word. */
export interface Pinged {
  /** Asks whether anybody is there, or, every other time, only says that we are: an answer costs more than the question. */
  ask(): void;
  /** Has been asked and has not answered. */
  readonly isSilent: boolean;
  /** Closes it without a word. */
  terminate(): void;
}

/** Sockets that are pinged together answer together, which is cheaper than one by one; some milliseconds of work at once are enough. */
const ROUNDS = { mostParts: 40, leastAtOnce: 250 };

/** Visits every socket once in a period, some at a time, and cuts those that were asked and have not answered within a shorter time. */
export class Heartbeat<Socket extends Pinged> {
  private readonly rounds: EvenRounds<Socket>;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    everyMs: number,
    private readonly answerMs: number,
  ) {
    this.rounds = new EvenRounds(everyMs, (group) => this.ping([...group]), ROUNDS);
  }

  add(socket: Socket): void {
    this.rounds.add(socket);
  }

  delete(socket: Socket): void {
    this.rounds.delete(socket);
  }

  stop(): void {
    this.rounds.stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private ping(sockets: readonly Socket[]): void {
    for (const socket of sockets) socket.ask();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      // After what has come meanwhile is read: the process may have stood still for so long.
      setImmediate(() => {
        for (const socket of sockets) if (socket.isSilent) socket.terminate();
      });
    }, this.answerMs);
    timer.unref();
    this.timers.add(timer);
  }
}
