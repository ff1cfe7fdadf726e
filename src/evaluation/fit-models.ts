import type { NewItem } from '../catalogue/catalogue';
import type { Item } from '../catalogue/item';
import { ContentBasedScorer } from '../models/content-based/content-based';
import { modelDefaults, TRAINABLE_MODEL_NAMES, type TrainableModelName } from '../models/model-catalogue';
import type { ModelName } from '../push/recommendation-list';
import type { EvaluationContext } from './evaluation-context';
import type { FitRequest } from './fit-model';
import { withProgress } from './progress';
import type { Split } from './protocols';
import { loadScorer, type FittedScorer } from './rankers';
import type { Study } from './study';
import { TUNED_OPTIONS } from './tuned-options';

/** A model that could not be fitted, and why: its row is left out and the reason shown. */
export interface FailedFit {
  readonly model: ModelName;
  readonly message: string;
}

export interface FittedModels {
  /** In the order in which workers hold the models, content-based last. */
  readonly fitted: readonly FittedScorer[];
  readonly failed: readonly FailedFit[];
}

type GivenOptions = Readonly<Record<string, unknown>>;

/** What is given to a model for a data set: the found options, with these over them, and the seed and the backend where it has such. */
export function optionsFor(
  dataset: string,
  model: TrainableModelName,
  { seed, backend = 'auto' }: Pick<EvaluationContext, 'seed' | 'backend'>,
  over: GivenOptions = {},
): GivenOptions {
  const { defaults } = modelDefaults(model);
  return {
    ...('seed' in defaults && { seed }),
    ...('backend' in defaults && { backend }),
    ...(Object.hasOwn(TUNED_OPTIONS, dataset) ? TUNED_OPTIONS[dataset]?.[model] : undefined),
    ...over,
  };
}

export const fitRequest = (study: Study, split: Split, model: TrainableModelName, options: GivenOptions): FitRequest => ({
  dataset: study.dataset,
  model,
  options,
  events: split.fit,
});

/** Every model but the hybrid fitted on the split, or those of `names`; content-based where the data set has items. */
export async function fitModels(
  study: Study,
  split: Split,
  context: EvaluationContext,
  names?: readonly ModelName[],
): Promise<FittedModels> {
  const wanted = TRAINABLE_MODEL_NAMES.filter((name) => names?.includes(name) ?? true);
  const requests = wanted.map((model) => fitRequest(study, split, model, optionsFor(study.dataset, model, context)));
  const outcomes = await fitAll(requests, `${study.dataset} ${split.protocol}: fit`, context);
  const fitted = outcomes.flatMap((outcome) => ('snapshot' in outcome ? [loadScorer(outcome, split.index)] : []));
  const content =
    study.catalogue.length > 0 && (names?.includes('content-based') ?? true) ? [fitContent(split, study.catalogue, context)] : [];
  return { fitted: [...fitted, ...content], failed: outcomes.flatMap((outcome) => ('snapshot' in outcome ? [] : [outcome])) };
}

type Outcome = Awaited<ReturnType<EvaluationContext['fit']>> | FailedFit;

/** Fits in the order given, `jobs` at a time. */
async function fitAll(requests: readonly FitRequest[], label: string, { fit, progress, jobs = 1 }: EvaluationContext): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const shares = requests.map(() => 0);
  return withProgress(progress, label, requests.length, async (update) => {
    const show = (k: number, share: number): void => {
      shares[k] = share;
      update(shares.reduce((sum, done) => sum + done, 0));
    };
    const waiting = requests.entries();
    const work = async (): Promise<void> => {
      for (const [k, request] of waiting) {
        outcomes[k] = await fit(request, (done, total) => show(k, done / total)).catch((error: unknown) => failure(request.model, error));
        show(k, 1);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return outcomes;
  });
}

const failure = (model: ModelName, error: unknown): FailedFit => ({
  model,
  message: error instanceof Error ? error.message : String(error),
});

function fitContent({ index }: Split, catalogue: readonly NewItem[], { clock }: EvaluationContext): FittedScorer {
  const start = clock.now();
  const scorer = new ContentBasedScorer(index);
  for (const item of catalogue) scorer.put(withDefaults(item));
  return { scorer, fitSeconds: (clock.now() - start) / 1000 };
}

const withDefaults = (item: NewItem): Item => ({ categories: [], tags: [], hidden: false, promoted: false, version: 1, ...item });
