import { createServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** Whether a port can be listened on; false when somebody has it. @throws Error for an address that is not this machine's. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** Resolves when `url` answers with success. @throws Error after `withinMs`; whatever `signal` is aborted with. */
export async function untilServing(url: string, { withinMs, signal }: { withinMs: number; signal: AbortSignal }): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await answers(url))) {
    if (performance.now() > deadline) throw new Error(`${url} did not answer within ${withinMs / 1000} s: see the log above`);
    await after(50, undefined, { signal }); // the process is another one: there is no event to wait for
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer(); // gives the connection back
    return response.ok;
  } catch {
    return false;
  }
}
