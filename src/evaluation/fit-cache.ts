import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvents } from '../models/model';
import { SNAPSHOT_FORMAT } from '../models/snapshot-codec';
import type { FitModel, FitRecord, FitRequest } from './fit-model';
import { modelDigest } from './source-digest';
import { writeWhole } from './write-whole';

/** Digests of events that several models are fitted on. */
const digests = new WeakMap<TrainingEvents, string>();

/** SHA-256 of everything that a model may see of the events. */
export function eventsDigest(events: TrainingEvents): string {
  const digest = digests.get(events) ?? computeDigest(events);
  digests.set(events, digest);
  return digest;
}

function computeDigest({ userIds, itemIds, users, items, weights, times }: TrainingEvents): string {
  const digest = createHash('sha256').update(JSON.stringify([userIds, itemIds]));
  for (const column of [users, items, weights, times]) digest.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return digest.digest('hex');
}

/**
 * Name of a fit: another one for other events (so for another data set, split or part, or when either is read in another way), other options
 * (seed and backend among them), or other code of the model.
 */
export function fitKey({ model, options, events }: FitRequest, codeDigest: string = modelDigest(model)): string {
  // As text, because JSON has no infinity.
  const sorted = Object.entries(options)
    .map(([name, value]) => `${name}=${typeof value}:${String(value)}`)
    .sort();
  const parts = [SNAPSHOT_FORMAT, model, sorted, codeDigest, eventsDigest(events)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

export interface FitCacheOptions {
  /** Folder of the cache; made when first needed. */
  readonly folder: string;
  /** Fit again, whatever is there. @default false */
  readonly fresh?: boolean;
}

/**
 * Fits that are paid once: what `fit` gave is kept in the folder and given again for the same request, also to later processes. A file is there
 * whole or not at all, the record last: after a kill in the middle that fit runs again and no other. Failures are not kept.
 */
export function cachedFits(fit: FitModel, { folder, fresh = false }: FitCacheOptions): FitModel {
  return async (request, onProgress) => {
    const path = join(folder, request.dataset, `${request.model}-${fitKey(request)}`);
    const known = fresh ? undefined : await readFit(path);
    if (known !== undefined) return { ...known, record: { ...known.record, options: request.options } }; // JSON lost what is infinite
    const fitted = await fit(request, onProgress);
    await mkdir(join(folder, request.dataset), { recursive: true });
    await writeWhole(`${path}.snapshot`, fitted.snapshot);
    await writeWhole(`${path}.json`, `${JSON.stringify(fitted.record, undefined, 2)}\n`);
    return fitted;
  };
}

async function readFit(path: string): Promise<{ snapshot: Buffer; record: FitRecord } | undefined> {
  try {
    const record = JSON.parse(await readFile(`${path}.json`, 'utf8')) as FitRecord;
    return { snapshot: await readFile(`${path}.snapshot`), record };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
