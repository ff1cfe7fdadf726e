import type { z } from 'zod';
import { report } from './load-messages';

/** The load process's side: takes the one job, does it, reports the result, and waits to be stopped. Ends when its parent has gone. */
export function receiveJob<Job>(codec: z.ZodType<Job>, work: (job: Job) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit(0));
  process.once('message', (message: unknown) => {
    work(codec.parse(message)).then(
      (result) => report({ result }),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
