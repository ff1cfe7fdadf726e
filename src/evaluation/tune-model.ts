import { modelDefaults, trainableModels, type TrainableModelName } from '../models/model-catalogue';
import { badInput } from '../platform/errors';
import { seededRandom } from '../platform/random';
import { coordinateAscent, drawPoint, type Found, type SearchSpace } from './coordinate-ascent';
import { caseValues, rankCases } from './evaluate-split';
import type { EvaluationContext } from './evaluation-context';
import { fitRequest, optionsFor } from './fit-models';
import { itemFacts, type ItemFacts } from './metric-table';
import { withProgress } from './progress';
import type { Split } from './protocols';
import { modelRanker } from './rankers';
import { SEARCH_SPACES, type OptionSpace, type OptionValue } from './search-spaces';
import type { Study, StudyProtocol } from './study';

export interface TuningOptions {
  readonly model: TrainableModelName;
  /** No new point is begun after so long; the search is then cut, and no longer the same on every machine. @default Infinity */
  readonly budgetMs?: number;
  /** Points drawn from the space besides the options in use; the climb begins at the best of all. @default 10 */
  readonly draws?: number;
  /** Told each point that is better than all before. */
  readonly onBetter?: (found: Found<Point>) => void;
}

type Point = Readonly<Record<string, OptionValue>>;

/** Every n-th case of a large validation part: a search asks the same cases hundreds of times. */
const MOST_CASES = 3_000;

/**
 * The options with the best mean goal of all protocols on their *validation* parts: the best of the options in use and of points drawn with the seed, from
 * where one option at a time is changed. No test event is fitted on or asked. Deterministic where the budget does not end it.
 * @throws BeckonError BAD_INPUT, field `model`: there is nothing to choose.
 */
export async function tuneModel(
  study: Study,
  { model, budgetMs = Infinity, draws = 10, onBetter }: TuningOptions,
  context: EvaluationContext,
): Promise<Found<Point>> {
  const space = SEARCH_SPACES[model];
  if (space === undefined) throw badInput('model', `${model} has no options to choose`);
  const whole: SearchSpace<Point> = { ...space.score, ...space.fit };
  const questions = study.protocols.map((protocol) => new Question(study, protocol, model, space.fit, context));
  const valueOf = async (point: Point): Promise<number> => {
    let sum = 0;
    for (const question of questions) sum += await question.valueOf(point);
    return sum / questions.length;
  };

  const end = context.clock.now() + budgetMs;
  const stop = (): boolean => context.clock.now() >= end;
  const random = seededRandom(context.seed);
  return withProgress(context.progress, `${study.dataset}: ${model}`, draws + 1, async (update) => {
    let best = await firstPoint(startOf(study, model, whole, context), valueOf);
    onBetter?.(best);
    for (let draw = 0; draw < draws && !stop(); draw++) {
      update(draw + 1);
      const point = drawPoint(whole, random);
      const value = await valueOf(point);
      const isBetter = value > best.value;
      best = isBetter ? { point, value, tried: best.tried + 1 } : { ...best, tried: best.tried + 1 };
      if (isBetter) onBetter?.(best);
    }
    const before = best.tried;
    const climbed = await coordinateAscent(whole, best.point, valueOf, { stop });
    return { ...climbed, tried: before + climbed.tried };
  });
}

const firstPoint = async (point: Point, valueOf: (point: Point) => Promise<number>): Promise<Found<Point>> => ({
  point,
  value: await valueOf(point),
  tried: 1,
});

/** The options in use, as far as the space has them. */
function startOf(study: Study, model: TrainableModelName, space: OptionSpace, context: EvaluationContext): Point {
  const inUse: Readonly<Record<string, unknown>> = { ...modelDefaults(model).defaults, ...optionsFor(study.dataset, model, context) };
  return Object.fromEntries(Object.keys(space).map((name) => [name, inUse[name] as OptionValue]));
}

/** The validation part of one protocol, asked of one model with many options. Keeps the last fit, so that scoring is tried without another. */
class Question {
  private readonly split: Split;
  private readonly facts: ItemFacts;
  private last: { readonly key: string; readonly snapshot: Buffer } | undefined;

  constructor(
    private readonly study: Study,
    private readonly protocol: StudyProtocol,
    private readonly model: TrainableModelName,
    private readonly fitSpace: OptionSpace,
    private readonly context: EvaluationContext,
  ) {
    this.split = thinned(protocol.split('valid'));
    this.facts = itemFacts(this.split, study.catalogue);
  }

  /** Mean of the protocol's goal. */
  async valueOf(point: Point): Promise<number> {
    const { study, split, model, context } = this;
    const options = optionsFor(study.dataset, model, context, point);
    const { scorer } = trainableModels({ [model]: options })[model].load(await this.snapshotFor(point, options), split.index);
    const { goal } = this.protocol;
    const run = rankCases(split, [modelRanker({ scorer, fitSeconds: 0 }, split.candidates)], 1);
    const { values } = caseValues(run, 0, goal, this.facts);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  private async snapshotFor(point: Point, options: Readonly<Record<string, unknown>>): Promise<Buffer> {
    const key = JSON.stringify(Object.keys(this.fitSpace).map((name) => point[name]));
    if (this.last?.key !== key) {
      const { snapshot } = await this.context.fit(fitRequest(this.study, this.split, this.model, options));
      this.last = { key, snapshot };
    }
    return this.last.snapshot;
  }
}

function thinned(split: Split): Split {
  const every = Math.ceil(split.caseCount / MOST_CASES);
  const cases = [...split.cases()].filter((_, k) => k % every === 0);
  return { ...split, cases: () => cases, caseCount: cases.length };
}
