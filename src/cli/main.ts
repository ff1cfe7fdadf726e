#!/usr/bin/env node
import { inspectBacklog, openStore } from './compose';
import { run } from './run';
import { processTerminal } from './terminal';

/** Only while somebody listens: an import or a replay is ended by Ctrl-C as usual, and goes on from its checkpoint. */
function onInterrupt(end: () => void): () => void {
  process.once('SIGINT', end);
  return () => process.off('SIGINT', end);
}

// A reader that has enough (`beckon watch … | head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

void run(process.argv.slice(2), { terminal: processTerminal, openStore, inspectBacklog, onInterrupt }).then((code) => {
  process.exitCode = code;
});
