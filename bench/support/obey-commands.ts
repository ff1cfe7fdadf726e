import type { z } from 'zod';

/** The side of a load process that is told what to do, one thing after the other: answers each command when it is done. Ends with its parent. */
export function obeyCommands<Command>(codec: z.ZodType<Command>, obey: (command: Command) => Promise<object>): void {
  process.once('disconnect', () => process.exit(0));
  process.on('message', (message: unknown) => {
    obey(codec.parse(message)).then(
      (reply) => process.send!(reply),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
