import { bootstrapDifference } from '../../evaluation/bootstrap';
import { selectCases, type BlendCases, type Selection, type SourceName } from './blend-case';
import { caseNdcg } from './case-ndcg';
import { crossFit, halvesOf } from './cross-fit';
import type { GateFigures, GateOverride } from './gate-decision';
import type { Incumbent } from './incumbent';

export interface GateOptions {
  readonly seed: number;
  readonly margin: number;
  readonly level: number;
  readonly l2: number;
  readonly overrides: Readonly<Partial<Record<SourceName, GateOverride>>>;
  readonly incumbent: Incumbent;
  readonly progress: (tried: number) => void;
}

/** A blend in the making: what it looks at, and what it came to on users that it was not learnt from. */
export interface Trial extends Selection {
  readonly bounds: readonly number[];
  /** [cases] */
  readonly ndcgs: Float64Array;
  readonly weights: Float64Array;
}

export interface Comparison {
  readonly trial: Trial;
  readonly figures: GateFigures;
  /** It adds the margin, and the interval of what it adds is above 0. */
  readonly passes: boolean;
}

export const meanNdcg = ({ ndcgs }: Trial): number => (ndcgs.length === 0 ? 0 : ndcgs.reduce((sum, ndcg) => sum + ndcg, 0) / ndcgs.length);

/** Tries blends of some models and compares them. A blend is fitted once. */
export class Gate {
  private readonly halves: Uint8Array;
  private readonly users: Int32Array;
  private readonly trials = new Map<string, Trial>();

  constructor(
    private readonly data: BlendCases,
    private readonly options: GateOptions,
  ) {
    this.halves = halvesOf(data.cases, options.seed);
    this.users = Int32Array.from(data.cases, ({ user }) => user);
  }

  override(model: SourceName): GateOverride {
    return this.options.overrides[model] ?? 'auto';
  }

  /** The models that may be in, in the order of the layout. */
  private get allowed(): SourceName[] {
    return this.data.layout.models.filter((model) => this.override(model) !== 'never');
  }

  /** The models that must be in. */
  get forced(): SourceName[] {
    return this.data.layout.models.filter((model) => this.override(model) === 'always');
  }

  /** The best model alone; ties: the earlier. @throws RangeError when none may be in. */
  bestSingle(): Trial {
    const singles = this.allowed.map((model) => this.of([model]));
    if (singles.length === 0) throw new RangeError('there is no model to blend');
    return singles.reduce((best, next) => (meanNdcg(next) > meanNdcg(best) ? next : best));
  }

  /** A blend of these models, in any order, fitted like one that is near to it. */
  of(models: readonly SourceName[], near?: Trial): Trial {
    const inOrder = this.data.layout.models.filter((model) => models.includes(model));
    const key = inOrder.join();
    const trial =
      this.trials.get(key) ?? (inOrder.length === 1 ? this.single(inOrder[0]!) : this.fit({ models: inOrder, context: false }, [], near));
    this.trials.set(key, trial);
    return trial;
  }

  /** A blend with weights of its own for lengths of history. */
  fit(selection: Selection, bounds: readonly number[], near?: Trial): Trial {
    const selected = selectCases(this.data, selection);
    const start = Float64Array.from(selected.nonNegative);
    selection.models.forEach((model, k) => {
      const place = near?.models.indexOf(model) ?? -1;
      for (let f = 0; f < 2; f++) start[2 * k + f] = place < 0 ? 0 : near!.weights[2 * place + f]!;
    });
    this.options.progress(this.trials.size);
    return { ...selection, bounds, ...crossFit(selected, this.halves, { l2: this.options.l2, bounds }, start) };
  }

  /** A model in its own order, which needs no learning. */
  private single(model: SourceName): Trial {
    const { cases } = selectCases(this.data, { models: [model], context: false });
    const ndcgs = Float64Array.from(cases, (example) => caseNdcg(example, [1, 0]));
    return { models: [model], context: false, bounds: [], ndcgs, weights: Float64Array.of(1, 0) };
  }

  /** The blend in use with its own weights; undefined: it weighs a model that is not there or must not be in, or none. */
  incumbent(): Trial | undefined {
    const models = this.allowed.filter((model) => this.options.incumbent.has(model));
    if (models.length === 0 || models.length < this.options.incumbent.size) return undefined;
    if (this.forced.some((model) => !models.includes(model))) return undefined;
    const { cases } = selectCases(this.data, { models, context: false });
    const weights = Float64Array.from(models.flatMap((model) => [this.options.incumbent.get(model)!, 0]));
    const ndcgs = Float64Array.from(cases, (example) => caseNdcg(example, weights));
    return { models, context: false, bounds: [], ndcgs, weights };
  }

  /** What one blend has over another; over none: its own NDCG. */
  compare(trial: Trial, without: Trial | undefined): Comparison {
    const { seed, margin, level } = this.options;
    const before = without?.ndcgs ?? new Float64Array(trial.ndcgs.length);
    const { value: gain, low, high } = bootstrapDifference(trial.ndcgs, before, this.users, { seed, level });
    const ndcgWithout = without === undefined ? 0 : meanNdcg(without);
    const figures = { gain, low, high, margin, ndcgWith: meanNdcg(trial), ndcgWithout, cases: this.users.length };
    return { trial, figures, passes: gain >= margin && low > 0 };
  }

  /** What a model adds to the blend's others, or would add to the blend. */
  worth(model: SourceName, blend: Trial): Comparison {
    const others = blend.models.filter((other) => other !== model);
    const without = others.length === 0 ? undefined : this.of(others, blend);
    return this.compare(blend.models.includes(model) ? blend : this.of([...blend.models, model], blend), without);
  }

  /** Lets the model that adds most join, until none passes. */
  join(start: Trial): Trial {
    let blend = start;
    for (;;) {
      const open = this.allowed.filter((model) => !blend.models.includes(model)).map((model) => this.worth(model, blend));
      const best = largest(open.filter(({ passes }) => passes));
      if (best === undefined) return blend;
      blend = best.trial;
    }
  }

  /** Lets the model that adds least leave, until all that need not be in pass. The last one stays. */
  leave(start: Trial): Trial {
    let blend = start;
    while (blend.models.length > 1) {
      const free = blend.models.filter((model) => this.override(model) === 'auto');
      const leaves = free.find((model) => isIdle(model, blend)) ?? this.leastWorth(free, blend);
      if (leaves === undefined) return blend;
      blend = this.of(
        blend.models.filter((model) => model !== leaves),
        blend,
      );
    }
    return blend;
  }

  /** Of those that do not pass; undefined: all do. */
  private leastWorth(models: readonly SourceName[], blend: Trial): SourceName | undefined {
    const compared = models.map((model) => ({ model, ...this.worth(model, blend) }));
    return compared.filter(({ passes }) => !passes).sort((a, b) => a.figures.gain - b.figures.gain)[0]?.model;
  }

  /**
   * All models with weights of their own for lengths of history, less those that add nothing then, the least first: where each model is right for other
   * users, none may add to the best one with the same weights for all. `near` where there is only one model to weigh.
   */
  byHistory(near: Trial, bounds: readonly number[]): Trial {
    const fitted = (models: readonly SourceName[]): Trial => this.fit({ models, context: near.context }, bounds, near);
    let blend = fitted(this.allowed);
    while (blend.models.length > 1) {
      const free = blend.models.filter((model) => this.override(model) === 'auto');
      const without = free.map((model) => this.compare(blend, fitted(blend.models.filter((other) => other !== model))));
      const least = without
        .map(({ figures, passes }, k) => ({ model: free[k]!, gain: figures.gain, passes }))
        .filter(({ passes }) => !passes)
        .sort((a, b) => a.gain - b.gain)[0];
      if (least === undefined) return blend;
      blend = fitted(blend.models.filter((other) => other !== least.model));
    }
    return blend;
  }

  /** The better of what joining from the best model, or the forced ones, and leaving from all models come to. */
  search(): Trial {
    const start = this.forced.length > 0 ? this.of(this.forced) : this.bestSingle();
    const joined = this.leave(this.join(start));
    const left = this.leave(this.of(this.allowed));
    return meanNdcg(left) > meanNdcg(joined) ? left : joined;
  }
}

const largest = (comparisons: readonly Comparison[]): Comparison | undefined =>
  comparisons.length === 0 ? undefined : comparisons.reduce((best, next) => (next.figures.gain > best.figures.gain ? next : best));

/** Whether a model was given no weight, so that it need not be asked what it adds. */
function isIdle(model: SourceName, { models, weights }: Trial): boolean {
  const place = 2 * models.indexOf(model);
  return weights[place] === 0 && weights[place + 1] === 0;
}
