/** Where a command writes to. Results go to `out`, everything about the work (progress, notices) to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether somebody is looking: colours, progress bars and redrawing. */
  readonly isTty: boolean;
  /** Width in characters. */
  readonly columns: number;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTty: process.stdout.isTTY === true && process.stderr.isTTY === true,
  get columns() {
    return process.stdout.columns ?? 100;
  },
};
