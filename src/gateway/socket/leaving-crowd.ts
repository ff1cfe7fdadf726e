import type { Duplex } from 'node:stream';

/** How many may leave in one turn of the event loop before it is a crowd. */
const CROWD = 32;
/** Of those that are not heard, so many are heard again in each turn. */
const HEARD_EACH_TURN = 32;

/** What Node reads a socket by. Its documentation does not speak of it: where there is none, nobody is left unheard. */
interface Handle {
  /** Whether Node means to read. */
  readonly reading?: boolean;
  readStart?(): unknown;
  readStop?(): unknown;
}

/**
 * Keeps a crowd that leaves at once from holding up everything else. In one turn Node tells of every connection that has ended, however many
 * they are, and a request over HTTP waits until all of them have been let go. So when many leave in one turn nothing more is heard of the
 * others, but of a few in each turn until all are heard again: requests, and those that come back, have their turn between them. What a client sends meanwhile is kept by
 * the kernel.
 */
export class LeavingCrowd {
  private leftInTurn = 0;
  private unheard: readonly Handle[] = [];
  private next = 0;
  private turn: NodeJS.Immediate | undefined;

  /** @param everybody the streams of those that are there, in any order */
  constructor(private readonly everybody: () => Iterable<Duplex>) {}

  /** How many are not heard. */
  get size(): number {
    return this.unheard.length - this.next;
  }

  /** To be called for each that has ended or failed, as soon as Node says so. */
  left(): void {
    this.leftInTurn++;
    if (this.leftInTurn > CROWD && this.size === 0) this.hush();
    this.turn ??= setImmediate(() => this.afterTurn());
  }

  /** Hears everybody again. */
  stop(): void {
    this.hear(this.size);
    clearImmediate(this.turn);
    this.turn = undefined;
  }

  private afterTurn(): void {
    this.leftInTurn = 0;
    this.hear(HEARD_EACH_TURN);
    this.turn = this.size > 0 ? setImmediate(() => this.afterTurn()) : undefined;
  }

  private hush(): void {
    const unheard: Handle[] = [];
    for (const stream of this.everybody()) {
      const handle = handleOf(stream);
      if (handle?.reading !== true || !handle.readStop || !handle.readStart) continue;
      handle.readStop();
      unheard.push(handle);
    }
    this.unheard = unheard;
    this.next = 0;
  }

  private hear(most: number): void {
    const end = Math.min(this.unheard.length, this.next + most);
    for (; this.next < end; this.next++) {
      const handle = this.unheard[this.next]!;
      if (handle.reading === true) handle.readStart!(); // Node may have meant to stop meanwhile
    }
    if (this.size > 0) return;
    this.unheard = [];
    this.next = 0;
  }
}

const handleOf = (stream: Duplex): Handle | undefined => (stream as { readonly _handle?: Handle | null })._handle ?? undefined;
