import { systemClock } from '../platform/clock';
import { BeckonError } from '../platform/errors';
import { fitInProcess, type FitRequest } from './fit-model';
import type { FitReport } from './fit-in-child';

/** A process that fits one model, so that the fit's memory is its own: request by message → `fit` → snapshot and record by message. */
const report = (message: FitReport): Promise<void> =>
  new Promise((resolve, reject) => process.send!(message, (error: Error | null) => (error === null ? resolve() : reject(error))));

async function fit(request: FitRequest): Promise<void> {
  const memoryBeforeBytes = process.memoryUsage.rss();
  const { snapshot, record } = await fitInProcess(systemClock)(request, (done, total) => void report({ kind: 'progress', done, total }));
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  await report({ kind: 'done', snapshot, record: { ...record, peakMemoryBytes, memoryBeforeBytes } });
}

function refusalOf(error: unknown): FitReport {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', message, ...(error instanceof BeckonError && { code: error.code }) };
}

process.once('message', (request: FitRequest) => {
  fit(request)
    .catch((error: unknown) => report(refusalOf(error)))
    .finally(() => process.disconnect());
});
