import { fork } from 'node:child_process';
import { join } from 'node:path';
import { dieWithParent } from '../platform/child-process';
import { BeckonError, type ErrorCode } from '../platform/errors';
import type { FitModel, FitRecord, FittedModel } from './fit-model';

/** What a fitting process says. */
export type FitReport =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly snapshot: Uint8Array; readonly record: FitRecord }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: ErrorCode };

/**
 * Fits in a process of its own, whose processor time and peak memory are then the fit's alone but for Node, the code and the events. The events
 * are sent to it as they are, so what it holds before the fit is those and nothing of how they were read. It ends with this process.
 */
export const fitInChild: FitModel = (request, onProgress) =>
  new Promise<FittedModel>((resolve, reject) => {
    const child = fork(join(__dirname, 'fit-child.js'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    dieWithParent(child);
    const what = `the fit of ${request.model} on ${request.dataset}`;
    child.on('message', (report: FitReport) => {
      if (report.kind === 'progress') onProgress?.(report.done, report.total);
      else if (report.kind === 'done') resolve({ snapshot: Buffer.from(report.snapshot), record: report.record });
      else reject(new BeckonError(report.code ?? 'INTERNAL', `${what} failed: ${report.message}`));
    });
    child.on('error', reject);
    // After a report this settles nothing any more.
    child.on('exit', (status, signal) =>
      reject(new BeckonError('INTERNAL', `${what} ended without a result (${signal ?? `status ${status}`})`)),
    );
    child.send(request, (error) => {
      if (error !== null) reject(error);
    });
  });
