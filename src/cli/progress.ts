import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal';

/** Shows how far a long work has come. A phase without a total shows a count. */
export interface Progress {
  update(phase: string, done: number, total?: number): void;
  /** Takes the bar away; call it in any case, or the process does not end. */
  stop(): void;
}

/** A bar for someone who looks; silence for a script (the result is printed at the end). */
export function createProgress(terminal: Terminal): Progress {
  if (!terminal.isTty) return { update: () => undefined, stop: () => undefined };
  let bar: SingleBar | undefined;
  let phase: string | undefined;
  return {
    update: (next, done, total) => {
      if (!bar || phase !== next) {
        bar?.stop();
        phase = next;
        const format =
          total === undefined
            ? ` ${next.padEnd(12)} {value}`
            : ` ${next.padEnd(12)} {bar} {percentage}% | {value}/{total} | {eta_formatted} left`;
        bar = new SingleBar({ format, fps: 8, hideCursor: true, clearOnComplete: false, barCompleteChar: '█', barIncompleteChar: '░' });
        bar.start(total ?? 0, done);
      }
      bar.update(done);
    },
    stop: () => bar?.stop(),
  };
}
