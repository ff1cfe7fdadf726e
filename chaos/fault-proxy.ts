import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from '../src/platform/random';

/** The ways of a link: from the side that connects (`up`), or back to it (`down`). */
export type Way = 'up' | 'down';
export type Ways = Way | 'both';
/** Which side of a connection is gone while the other has not been told. */
export type LostSide = 'connecting' | 'accepting';

export interface Slowness {
  /** Each chunk comes so much later. */
  readonly delayMs: number;
  /** And up to so much more, by chance; order is kept. */
  readonly jitterMs: number;
}

const HELD_BYTES = 256 * 1024;

interface LaneState {
  held: boolean;
  slow: Slowness | undefined;
}

/**
 * A TCP link that can be harmed while it is used: everything that comes to `port` goes on to the port behind it. Bytes are neither lost nor
 * reordered within a connection, as TCP promises; what is done to it is what a network does: it goes silent, slows down, resets, or
 * leaves one side talking to nobody.
 */
export class FaultProxy {
  private readonly links = new Set<Link>();
  private readonly state: Record<Way, LaneState> = { up: { held: false, slow: undefined }, down: { held: false, slow: undefined } };
  private base: Slowness | undefined;

  private constructor(
    readonly name: string,
    private readonly server: Server,
    private upstreamPort: number,
    private readonly random: Random,
  ) {}

  /** @param upstreamPort of 127.0.0.1; may be set later with `leadTo`. */
  static async open({ name, upstreamPort = 0, random }: { name: string; upstreamPort?: number; random: Random }): Promise<FaultProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy = new FaultProxy(name, server, upstreamPort, random);
    server.on('connection', (socket) => proxy.accept(socket));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.links.size;
  }

  leadTo(port: number): void {
    this.upstreamPort = port;
  }

  /** How slow the link is when nothing is done to it. */
  slowByNature(slowness: Slowness): void {
    this.base = slowness;
    this.pass();
  }

  /** A partition: what is sent that way does not arrive, and nobody is told. New connections are accepted and hang likewise. */
  hold(ways: Ways): void {
    for (const way of waysOf(ways)) this.state[way].held = true;
  }

  slow(slowness: Slowness): void {
    for (const way of waysOf('both')) this.state[way].slow = slowness;
  }

  /** Connections that the other side holds though whoever opened them is gone: it is never told. */
  get orphans(): number {
    return [...this.links].filter(({ isOrphan }) => isOrphan).length;
  }

  /** Ends holding and slowness: what was held arrives now. */
  pass(): void {
    for (const way of waysOf('both')) this.state[way] = Object.assign(this.state[way], { held: false, slow: this.base });
    for (const link of this.links) link.resume();
  }

  /** Resets every connection, both sides. */
  reset(): void {
    for (const link of this.links) link.reset();
  }

  /** One side of every present connection is gone, and the other hears nothing of it, ever. New connections are as usual. */
  halfOpen(lost: LostSide): void {
    for (const link of this.links) link.lose(lost);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.reset();
    await closed;
  }

  private accept(socket: Socket): void {
    const link = new Link(socket, connect({ port: this.upstreamPort, host: '127.0.0.1', noDelay: true }), this.state, this.random);
    this.links.add(link);
    link.onGone = () => this.links.delete(link);
  }
}

const waysOf = (ways: Ways): Way[] => (ways === 'both' ? ['up', 'down'] : [ways]);

class Link {
  onGone: () => void = () => undefined;
  private readonly lanes: readonly Lane[];
  private lost = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    state: Readonly<Record<Way, LaneState>>,
    random: Random,
  ) {
    this.lanes = [new Lane(client, server, state.up, random), new Lane(server, client, state.down, random)];
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        if (!this.lost) for (const lane of this.lanes) lane.closing();
        if (client.destroyed && server.destroyed) this.onGone();
      });
    }
  }

  get isOrphan(): boolean {
    return this.client.destroyed && !this.server.destroyed;
  }

  resume(): void {
    for (const lane of this.lanes) lane.pump();
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
    this.onGone();
  }

  lose(side: LostSide): void {
    this.lost = true;
    for (const lane of this.lanes) lane.abandon();
    const [gone, unknowing] = side === 'connecting' ? [this.client, this.server] : [this.server, this.client];
    gone.removeAllListeners('error').on('error', () => undefined);
    gone.destroy();
    unknowing.removeAllListeners('error').on('error', () => undefined);
    unknowing.removeAllListeners('end').on('end', () => unknowing.destroy());
    unknowing.resume(); // it may say what it likes
  }
}

interface Chunk {
  /** Undefined: the sender has ended. */
  readonly data: Buffer | undefined;
  readonly dueAt: number;
}

/** One way of one connection. */
class Lane {
  private queue: Chunk[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private abandoned = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly state: LaneState,
    private readonly random: Random,
  ) {
    from.on('data', (data: Buffer) => this.take(data));
    from.on('end', () => this.take(undefined));
    to.on('drain', () => this.pump());
  }

  /** Sends what is due, unless the way is held. */
  pump(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (!this.abandoned && !this.state.held && this.queue.length > 0 && !this.to.writableNeedDrain) {
      const { data, dueAt } = this.queue[0]!;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) {
        this.timer = setTimeout(() => this.pump(), waitMs);
        return;
      }
      this.queue.shift();
      if (data === undefined) this.to.end();
      else {
        this.bytes -= data.length;
        if (!this.to.destroyed) this.to.write(data);
      }
    }
    if (this.bytes < HELD_BYTES && this.from.isPaused()) this.from.resume();
  }

  /** One of the two sockets is gone: the other ends too, when what it was sent has arrived. */
  closing(): void {
    if (this.to.destroyed) {
      this.abandon();
      this.from.destroy();
    } else if (this.from.destroyed && this.queue.length === 0 && !this.state.held) this.to.end();
  }

  abandon(): void {
    this.abandoned = true;
    clearTimeout(this.timer);
    this.queue = [];
    this.from
      .removeAllListeners('data')
      .removeAllListeners('end')
      .on('data', () => undefined);
  }

  private take(data: Buffer | undefined): void {
    const { slow } = this.state;
    const lateMs = slow ? slow.delayMs + this.random() * slow.jitterMs : 0;
    const before = this.queue.at(-1)?.dueAt ?? 0;
    this.queue.push({ data, dueAt: Math.max(before, performance.now() + lateMs) });
    this.bytes += data?.length ?? 0;
    if (this.bytes >= HELD_BYTES) this.from.pause();
    this.pump();
  }
}
