import { closeSync, openSync, readdirSync, readSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

interface Size {
  readonly path: string;
  readonly bytes: number;
  readonly atMs: number;
  readonly writtenAtMs: number;
}

const LOOK_EVERY_MS = 50;
/** What `appendfsync everysec` may lose in a power cut. */
const LOSS_MS = 1_000;
/** The kernel dates a write by its last tick, and the clocks are read one after the other. */
const DATED_WITHIN_MS = 10;
/** For how long Redis puts off writing at most, and some more, for it counts in whole seconds. */
const PUT_OFF_MS = 2_500;
/** More than is written within that. */
const TAIL_BYTES = 16 * 2 ** 20;

/** The append-only file that Redis writes to now, and how long it was a moment ago: what a power cut would have left of it. */
export class RedisFile {
  private sizes: Size[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly dir: string) {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /**
   * Cuts the file back to what it held about a second ago, less `tornBytes`' worth of the command that would have been written next: the
   * tail is torn in the middle of a command. Redis must not run.
   * @returns since when (monotonic, ms) what was answered may be lost.
   */
  cut(tornBytes: number): { readonly fromMs: number; readonly bytes: number } {
    const now = this.current();
    const before = this.sizes.find(({ path, atMs }) => path === now.path && atMs >= performance.now() - LOSS_MS) ?? now;
    const kept = Math.min(now.bytes, before.bytes + tornBytes);
    truncateSync(now.path, kept);
    return { fromMs: before.writtenAtMs, bytes: now.bytes - kept };
  }

  /**
   * What a killed Redis has left of what it answered: everything until its last write. Under `everysec` it goes on answering while an fsync
   * is under way, for up to two seconds, and writes afterwards. Ask as soon as Redis has ended.
   * @returns when it last wrote (monotonic, ms), and the ids of the behaviours near the end of the file.
   */
  left(): { readonly fromMs: number; readonly written: ReadonlySet<string> } {
    const { path, bytes, writtenAtMs } = this.current();
    const tail = Buffer.alloc(Math.min(bytes, TAIL_BYTES));
    const file = openSync(path, 'r');
    try {
      readSync(file, tail, 0, tail.length, bytes - tail.length);
    } finally {
      closeSync(file);
    }
    return {
      fromMs: Math.max(writtenAtMs, performance.now() - PUT_OFF_MS),
      written: new Set(Array.from(tail.toString('latin1').matchAll(/"i":"([^"]+)"/g), ([, id]) => id!)),
    };
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    try {
      this.sizes.push(this.current());
    } catch {
      return; // it is being replaced: the next look finds it
    }
    const oldest = performance.now() - LOSS_MS;
    while (this.sizes.length > 0 && this.sizes[0]!.atMs < oldest) this.sizes.shift();
  }

  private current(): Size {
    const folder = join(this.dir, 'appendonlydir');
    const files = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
    const numberOf = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
    const [newest] = files.sort((a, b) => numberOf(b) - numberOf(a));
    const path = join(folder, newest!);
    const { size, mtimeMs } = statSync(path);
    const [atMs, wallMs] = [performance.now(), new Date().getTime()]; // files are dated by the wall clock
    return { path, atMs, bytes: size, writtenAtMs: atMs - (wallMs - mtimeMs) - DATED_WITHIN_MS };
  }
}
