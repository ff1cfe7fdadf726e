import { deepStrictEqual } from 'node:assert';
import WebSocket from 'ws';
import { applyUpdate, type DeltaOrFull, type HeldItem, type HeldList } from '../../src/client/apply-delta';
import { SELECTIONS, watchDocument, type Selection } from './delta-documents';

interface List extends HeldList<HeldItem> {
  readonly appliedThrough: number;
}

type Update = DeltaOrFull<HeldItem, List> & { readonly list: List };

interface Answer {
  readonly id: string;
  readonly type: string;
  readonly payload: { readonly errors?: unknown; readonly data: { readonly recommendations: Update } };
}

interface Arrived {
  readonly bytes: number;
  readonly list: List;
  readonly isFirst: boolean;
}

/** One list, as it came both ways. Lengths are of the messages, without the 2 to 4 bytes before each. */
export interface SentBothWays {
  readonly selection: Selection;
  readonly listBytes: number;
  readonly deltaBytes: number;
  /** How many items the delta names; absent: the whole list came. */
  readonly named?: Readonly<Record<'added' | 'changed' | 'moved' | 'removed', number>>;
}

/** A user with one socket, who watches the same list by whole lists and by deltas, in each selection. */
export class DeltaWatcher {
  /** The newest of each selection, as whole list and by deltas. They come in either order. */
  private readonly lists = new Map<Selection, Arrived>();
  private readonly held = new Map<Selection, Arrived & Pick<SentBothWays, 'named'>>();
  private waiting: { readonly seq: number; readonly open: Set<Selection>; readonly resolve: () => void } | undefined;
  private failure: Error | undefined;
  /** Lists since the first. */
  readonly sent: SentBothWays[] = [];

  private constructor(
    private readonly socket: WebSocket,
    private readonly userId: string,
  ) {}

  /** Resolves when the connection is acknowledged and everything has been subscribed to. */
  static async open(url: string, userId: string): Promise<DeltaWatcher> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false });
    const watcher = new DeltaWatcher(socket, userId);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-beckon-user': userId } }));
    await acknowledged;
    socket.on('message', (data: Buffer) => watcher.receive(data));
    for (const selection of SELECTIONS) {
      for (const way of ['list', 'delta'] as const) {
        const payload = { query: watchDocument(selection, way), variables: { userId } };
        socket.send(JSON.stringify({ id: `${way}-${selection}`, type: 'subscribe', payload }));
      }
    }
    return watcher;
  }

  /** Resolves when every subscription has a list with everything up to `seq`. @throws AssertionError when a delta led to another list. */
  async covered(seq: number): Promise<void> {
    this.throwFailure();
    const open = new Set(SELECTIONS.filter((selection) => (this.held.get(selection)?.list.appliedThrough ?? -1) < seq));
    if (open.size > 0) await new Promise<void>((resolve) => (this.waiting = { seq, open, resolve }));
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.close(1000);
    await gone;
  }

  private receive(data: Buffer): void {
    try {
      const { id, type, payload } = JSON.parse(data.toString()) as Answer;
      if (type === 'ping') return this.socket.send('{"type":"pong"}');
      if (type !== 'next' || payload.errors) throw new Error(`watcher ${this.userId} was sent ${data.toString()}`);
      const [way, selection] = id.split('-') as ['list' | 'delta', Selection];
      this.take(way, selection, data.length, payload.data.recommendations);
      this.compare(selection);
    } catch (error) {
      this.failure ??= error as Error;
      this.waiting?.resolve();
    }
  }

  private take(way: 'list' | 'delta', selection: Selection, bytes: number, update: Update): void {
    if (way === 'list') {
      this.lists.set(selection, { bytes, list: update.list, isFirst: !this.lists.has(selection) });
      return;
    }
    const before = this.held.get(selection)?.list;
    this.held.set(selection, { bytes, list: applyUpdate(before, update), isFirst: !before, ...namedBy(update) });
  }

  /** Once both have come. @throws AssertionError */
  private compare(selection: Selection): void {
    const whole = this.lists.get(selection);
    const held = this.held.get(selection);
    if (!whole || !held || whole.list.position.revision !== held.list.position.revision) return;
    deepStrictEqual(held.list, whole.list);
    const { named } = held;
    if (!held.isFirst && !whole.isFirst)
      this.sent.push({ selection, listBytes: whole.bytes, deltaBytes: held.bytes, ...(named && { named }) });
    const { waiting } = this;
    if (!waiting || held.list.appliedThrough < waiting.seq) return;
    waiting.open.delete(selection);
    if (waiting.open.size > 0) return;
    this.waiting = undefined;
    waiting.resolve();
  }
}

function namedBy({ delta }: DeltaOrFull<HeldItem, List>): Pick<SentBothWays, 'named'> {
  if (!delta) return {};
  const { added, changed, moved, removed } = delta;
  return { named: { added: added.length, changed: changed.length, moved: moved.length, removed: removed.length } };
}
