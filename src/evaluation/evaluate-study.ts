import type { ModelName } from '../push/recommendation-list';
import type { LearntHybrid } from '../ranking/learnt-blend/gate-decision';
import { compareRows, type Difference } from './compare-rows';
import { rankCases, summarise, type Figure } from './evaluate-split';
import type { EvaluationContext } from './evaluation-context';
import { fitModels, fitRequest, optionsFor, type FailedFit } from './fit-models';
import type { FitRecord } from './fit-model';
import { itemFacts } from './metric-table';
import { withProgress } from './progress';
import type { Part, Split } from './protocols';
import { hybridLine, type HybridLine } from './hybrid-line';
import { loadScorer, modelRanker, type FittedScorer, type Ranker } from './rankers';
import { stalenessCurve, type StalenessCurve } from './staleness';
import type { Study, StudyProtocol } from './study';

/** One line of a table. */
export interface EvaluationRow {
  readonly protocol: string;
  readonly model: ModelName;
  /** Told apart from the model as we tuned it: whose settings these are. */
  readonly variant?: string;
  readonly figures: readonly Figure[];
  /** Of one model: its own fit. Of the hybrid: what it weighs together. */
  readonly fitSeconds: number;
  /** Absent: nothing was fitted, or several models were. */
  readonly fit?: FitRecord;
}

/** The decisions on the hybrid of one protocol. */
export type Gate = Omit<LearntHybrid, 'blend'> & { readonly protocol: string };

export interface EvaluationReport {
  readonly dataset: string;
  readonly part: Part;
  readonly seed: number;
  readonly rows: readonly EvaluationRow[];
  /** By the goal of each protocol. */
  readonly differences: readonly (Difference & { readonly protocol: string })[];
  /** Why the hybrid of each protocol is as it is; decided on the validation part. */
  readonly gates: readonly Gate[];
  readonly staleness: readonly StalenessCurve[];
  readonly failed: readonly (FailedFit & { readonly protocol: string })[];
}

export interface EvaluationChoice {
  /** @default 'test' */
  readonly part?: Part;
  /** Absent: all, with the hybrid and the study's variants. The hybrid is always that of all models. */
  readonly models?: readonly ModelName[];
  /** Whether the hybrid and the best single model are asked with profiles that lag behind. @default false */
  readonly staleness?: boolean;
}

/** A ranker with what its line says. */
interface Line {
  readonly ranker: Ranker;
  readonly variant?: string;
  readonly fit?: FitRecord;
}

/** What is told of one protocol. */
type ProtocolReport = Omit<EvaluationReport, 'dataset' | 'part' | 'seed'>;

/** Every protocol of a data set, asked of every model and of the hybrid, through the scorers that serve. */
export async function evaluateStudy(study: Study, choice: EvaluationChoice, context: EvaluationContext): Promise<EvaluationReport> {
  const part = choice.part ?? 'test';
  const reports: ProtocolReport[] = [];
  for (const protocol of study.protocols) reports.push(await evaluateProtocol(study, protocol, { ...choice, part }, context));
  return {
    dataset: study.dataset,
    part,
    seed: context.seed,
    rows: reports.flatMap(({ rows }) => rows),
    differences: reports.flatMap(({ differences }) => differences),
    gates: reports.flatMap(({ gates }) => gates),
    staleness: reports.flatMap(({ staleness }) => staleness),
    failed: reports.flatMap(({ failed }) => failed),
  };
}

async function evaluateProtocol(
  study: Study,
  asked: StudyProtocol,
  { part, models, staleness = false }: EvaluationChoice & { readonly part: Part },
  context: EvaluationContext,
): Promise<ProtocolReport> {
  const { protocol } = asked;
  const split = asked.split(part);
  const withHybrid = models?.includes('hybrid') ?? true;
  const { fitted, failed } = await fitModels(study, split, context, withHybrid ? undefined : models);
  const hybrid = withHybrid ? await hybridLine(study, fitted, context) : undefined;
  const shown = fitted.filter(({ scorer }) => models?.includes(scorer.name) ?? true);
  const singles = shown.map((model) => lineOf(model, split.candidates));
  const own: Line[] = hybrid === undefined ? singles : [...singles, { ranker: hybrid.ranker }];
  const lines = models === undefined ? [...own, ...(await variantLines(study, split, context))] : own;
  const run = await ranked(`${study.dataset} ${protocol}: rank`, split.caseCount, context, (update) =>
    rankCases(
      split,
      lines.map(({ ranker }) => ranker),
      asked.listSize,
      update,
    ),
  );
  const facts = itemFacts(split, study.catalogue);
  const figures = summarise(run, asked.metrics, facts, context.seed);
  const rows = lines.map(({ ranker, ...line }, k) => ({
    protocol,
    model: ranker.model,
    figures: figures[k]!,
    fitSeconds: ranker.fitSeconds,
    ...line,
  }));
  const names = own.map(({ ranker }) => ranker.model);
  const differences = compareRows({ run, models: names, metric: asked.goal, facts, seed: context.seed });
  return {
    rows,
    differences: differences.map((difference) => ({ protocol, ...difference })),
    gates: hybrid === undefined ? [] : [gateOf(protocol, hybrid)],
    staleness: staleness ? await curves(study, asked, split, own.filter(isWorthACurve(differences)), context) : [],
    failed: failed.map((failure) => ({ protocol, ...failure })),
  };
}

const gateOf = (protocol: string, { learnt: { decisions, refinements, ndcg, single } }: HybridLine): Gate => ({
  protocol,
  decisions,
  refinements,
  ndcg,
  single,
});

/** Whether a line is the hybrid's or that of the best single model, which the first difference is against. */
const isWorthACurve =
  ([first]: readonly Difference[]) =>
  ({ ranker: { model } }: Line): boolean =>
    model === 'hybrid' || (first?.model === 'hybrid' && model === first.against);

async function curves(
  { dataset }: Study,
  { protocol, lacking }: StudyProtocol,
  split: Split,
  lines: readonly Line[],
  context: EvaluationContext,
): Promise<StalenessCurve[]> {
  if (lacking === undefined) return [];
  const made: StalenessCurve[] = [];
  for (const { ranker } of lines) {
    const points = await ranked(`${dataset} ${protocol}: stale ${ranker.model}`, split.caseCount, context, (onCase) =>
      stalenessCurve(split, ranker, { seed: context.seed, lacking, onCase }),
    );
    made.push({ protocol, model: ranker.model, points });
  }
  return made;
}

/** What `work` gives, with a bar of its cases. */
const ranked = <T>(
  label: string,
  cases: number,
  { progress }: EvaluationContext,
  work: (update: (done: number) => void) => T,
): Promise<T> => withProgress(progress, label, cases, work);

const lineOf = (model: FittedScorer, candidates: number): Line => ({
  ranker: modelRanker(model, candidates),
  ...(model.record !== undefined && { fit: model.record }),
});

async function variantLines(study: Study, split: Split, context: EvaluationContext): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { model, variant, options } of study.variants) {
    const fitted = await context.fit(fitRequest(study, split, model, optionsFor(study.dataset, model, context, options)));
    lines.push({ ...lineOf(loadScorer(fitted, split.index), split.candidates), variant });
  }
  return lines;
}
