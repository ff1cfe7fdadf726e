import type { Log } from './log';
import { placeInGroup } from './process-group';

const DEADLINE_MS = 15_000;

/**
 * Closes the process in order on SIGTERM or SIGINT, then ends it; a second signal, or the deadline, ends it at once.
 * @param extraMs what `close` takes on purpose, over the deadline of 15 s.
 */
export function onShutdown(log: Log, close: () => Promise<void>, { extraMs = 0 }: { readonly extraMs?: number } = {}): void {
  let closing = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (closing) process.exit(1);
    closing = true;
    log.info({ signal }, 'shutting down');
    setTimeout(() => {
      log.error('shutting down took too long');
      process.exit(1);
    }, DEADLINE_MS + extraMs).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'shutting down failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', shutDown);
  // Ctrl-C reaches a whole group at once, and its first process passes it on: twice would end the others without leave.
  process.on('SIGINT', placeInGroup() === undefined ? shutDown : () => undefined);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
}
