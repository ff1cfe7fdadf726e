import { residentKbOf } from './process-usage';

/** Resident memory of a process, looked at every so often. */
export class MemorySamples {
  private readonly atMs: number[] = [];
  private readonly kb: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number, everyMs: number) {
    const look = (): void => {
      this.atMs.push(performance.now());
      this.kb.push(residentKbOf(pid));
    };
    look();
    this.timer = setInterval(look, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get highestMb(): number {
    return Math.max(...this.kb) / 1024;
  }

  /** Growth by least squares over the later half of the samples, in MiB a minute; 0 when there are fewer than three. */
  get slopeMbPerMinute(): number {
    const from = Math.floor(this.kb.length / 2);
    return slope(this.atMs.slice(from), this.kb.slice(from)) * (60_000 / 1024);
  }
}

/** Slope of the line of least squares through points; 0 for fewer than three. */
export function slope(xs: readonly number[], ys: readonly number[]): number {
  const n = xs.length;
  if (n < 3) return 0;
  const meanX = xs.reduce((sum, x) => sum + x, 0) / n;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / n;
  let over = 0;
  let under = 0;
  xs.forEach((x, k) => {
    over += (x - meanX) * (ys[k]! - meanY);
    under += (x - meanX) ** 2;
  });
  return under === 0 ? 0 : over / under;
}
