import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

interface Size {
  readonly path: string;
  readonly bytes: number;
  readonly atMs: number;
}

const LOOK_EVERY_MS = 50;
/** What `appendfsync everysec` may lose in a power cut. */
const LOSS_MS = 1_000;

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
   * @returns since when (monotonic, ms) what was written may be lost.
   */
  cut(tornBytes: number): { readonly fromMs: number; readonly bytes: number } {
    const now = this.current();
    const before = this.sizes.find(({ path, atMs }) => path === now.path && atMs >= performance.now() - LOSS_MS) ?? now;
    const kept = Math.min(now.bytes, before.bytes + tornBytes);
    truncateSync(now.path, kept);
    return { fromMs: before.atMs, bytes: now.bytes - kept };
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
    return { path, atMs: performance.now(), bytes: statSync(path).size };
  }
}
