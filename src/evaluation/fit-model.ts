import type { TrainingEvents } from '../models/model';
import { trainableModels, type TrainableModelName } from '../models/model-catalogue';
import type { Clock } from '../platform/clock';

/** One fit that an evaluation needs. */
export interface FitRequest {
  readonly dataset: string;
  readonly model: TrainableModelName;
  /** What differs from the model's defaults; seed and backend are among them where the model has such. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly events: TrainingEvents;
}

/** What a fit cost, and what it was. */
export interface FitRecord {
  readonly dataset: string;
  readonly model: TrainableModelName;
  readonly options: Readonly<Record<string, unknown>>;
  /** What computed the tensors; absent: the model needs none. */
  readonly backend?: string;
  readonly events: number;
  readonly items: number;
  /** Wall time of `fit`, without reading the data. */
  readonly fitSeconds: number;
  /** Processor time of it, of all threads. */
  readonly cpuSeconds: number;
  /** Most memory that the process ever held; absent: the fit had no process of its own. */
  readonly peakMemoryBytes?: number;
  /** What it held just before the fit: Node, the code and the events. */
  readonly memoryBeforeBytes?: number;
  /** Of the encoded snapshot. */
  readonly sizeBytes: number;
}

/** A fitted model: its encoded snapshot, as a worker would publish it, and the record of its fit. */
export interface FittedModel {
  readonly snapshot: Buffer;
  readonly record: FitRecord;
}

/** Fits a model, in whatever process. `onProgress`: how much of the fit is done. Rejects with what the fit threw. */
export type FitModel = (request: FitRequest, onProgress?: (done: number, total: number) => void) => Promise<FittedModel>;

/** Fits in this very process. */
export const fitInProcess =
  (clock: Clock): FitModel =>
  async ({ dataset, model, options, events }, onProgress) => {
    const trained = trainableModels({ [model]: options })[model];
    const start = clock.now();
    const startCpu = process.cpuUsage();
    const snapshot = await trained.fit(events, onProgress);
    const cpu = process.cpuUsage(startCpu);
    const fitSeconds = (clock.now() - start) / 1000;
    // The version and the time are nobody's: the same fit gives the same bytes.
    const encoded = trained.encode(snapshot, 'evaluation', 0);
    const { backend } = snapshot;
    const record: FitRecord = {
      dataset,
      model,
      options,
      ...(typeof backend === 'string' && { backend }),
      events: events.times.length,
      items: events.itemIds.length,
      fitSeconds,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      sizeBytes: encoded.length,
    };
    return { snapshot: encoded, record };
  };
