/** Where long work says how far it is. */
export interface Progress {
  start(label: string, total: number): void;
  update(done: number): void;
  stop(): void;
}

export const noProgress: Progress = { start: () => undefined, update: () => undefined, stop: () => undefined };

/** The value of `work`, which is given a function to say how much of `total` is done. */
export async function withProgress<T>(
  progress: Progress,
  label: string,
  total: number,
  work: (update: (done: number) => void) => T | Promise<T>,
): Promise<T> {
  progress.start(label, total);
  try {
    return await work((done) => progress.update(done));
  } finally {
    progress.stop();
  }
}
