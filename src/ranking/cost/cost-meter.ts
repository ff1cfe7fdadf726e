import type { Pull, Scorer, ScoringQuery } from '../../models/model';
import type { SparseScores } from '../../models/sparse-scores';
import { MODEL_NAMES, type ListCost, type ModelName } from '../../push/recommendation-list';
import type { CostSettings } from './cost-settings';

/** How much the newest list counts in the running estimate of a model, once there are 1 / this lists. */
const NEWEST_SHARE = 0.05;
/** After so many lists with a model left out for the budget, one is made with all of them: what was slow once may not be so any more. */
const PROBE_EVERY = 64;

const placeOf = (model: ModelName): number => MODEL_NAMES.indexOf(model);

/** What a meter reads; both never go back, in milliseconds with a fraction. */
export interface CostClock {
  /** Cheap: read around each call of a model. */
  elapsedMs(): number;
  /** CPU time of the process; dear: read twice for a list. */
  cpuMs(): number;
}

/**
 * Times the models of one surface's lists, and says which to leave out. Scoring is synchronous, so what elapses around a call is its CPU time but
 * for the moments in which the operating system has the core do something else. Those are taken out by the list: if the process had only a
 * share of the time that the whole list took, each model counts that share of what elapsed.
 * The estimate of a model is the mean of its first 20 lists, then moves by a twentieth of the difference with each list. Working memory is
 * one number a model: nothing is allocated by scoring. For one list at a time.
 */
export class CostMeter {
  private readonly spentMs = new Float64Array(MODEL_NAMES.length);
  private readonly asked = new Uint8Array(MODEL_NAMES.length);
  private readonly estimateMs = new Float64Array(MODEL_NAMES.length);
  private readonly lists = new Uint32Array(MODEL_NAMES.length);
  /** 1: not on the list before, so nothing newer is known of it than what is measured now. */
  private readonly wasDropped = new Uint8Array(MODEL_NAMES.length);
  private readonly metered = new WeakMap<Scorer, MeteredScorer>();
  private dropped: readonly ModelName[] = [];
  private droppedFor: ListCost['droppedFor'];
  private sinceProbe = 0;
  private startedMs = 0;
  private startedCpuMs = 0;

  constructor(
    private readonly settings: CostSettings,
    private readonly clock: CostClock,
  ) {}

  /** Milliseconds that a model is expected to take for a list; 0: it was never asked. */
  estimateOf(model: ModelName): number {
    return this.estimateMs[placeOf(model)]!;
  }

  /**
   * Begins a list that has waited `ageMs`: its scorers without those that are left out, each timed. Models are left out in the settings' order,
   * of those that are loaded and blended: one for each `queueAgeMs` waited, then until the estimates are within the budget. One always stays.
   */
  begin(scorers: readonly Scorer[], blended: readonly ModelName[], ageMs: number): Scorer[] {
    this.spentMs.fill(0);
    this.asked.fill(0);
    this.choose(
      blended.filter((model) => scorers.some(({ name }) => name === model)),
      ageMs,
    );
    const asked = scorers.filter(({ name }) => !this.dropped.includes(name)).map((scorer) => this.meter(scorer));
    this.startedCpuMs = this.clock.cpuMs();
    this.startedMs = this.clock.elapsedMs();
    return asked;
  }

  /** Ends the list: what it cost, the dearest model first (ties: by the order of the models' names' list). */
  end(): ListCost {
    const elapsed = this.clock.elapsedMs() - this.startedMs;
    const ours = elapsed > 0 ? Math.min(1, (this.clock.cpuMs() - this.startedCpuMs) / elapsed) : 1;
    const models: ListCost['models'] = [];
    MODEL_NAMES.forEach((model, k) => {
      if (this.asked[k] === 0) return;
      this.spentMs[k]! *= ours;
      models.push({ model, cpuMicros: Math.round(1000 * this.spentMs[k]!) });
      this.learn(k);
    });
    models.sort((a, b) => b.cpuMicros - a.cpuMicros); // stable
    this.wasDropped.fill(0);
    for (const model of this.dropped) this.wasDropped[placeOf(model)] = 1;
    return { models, dropped: [...this.dropped], ...(this.droppedFor && { droppedFor: this.droppedFor }) };
  }

  /** For the scorers of this meter. */
  spend(place: number, ms: number): void {
    this.spentMs[place]! += ms;
    this.asked[place] = 1;
  }

  now(): number {
    return this.clock.elapsedMs();
  }

  private learn(place: number): void {
    const spent = this.spentMs[place]!;
    const share = this.wasDropped[place] === 1 ? 1 : Math.max(NEWEST_SHARE, 1 / ++this.lists[place]!);
    this.estimateMs[place]! += share * (spent - this.estimateMs[place]!);
  }

  private choose(loaded: readonly ModelName[], ageMs: number): void {
    const { budgetMs, queueAgeMs, dropOrder } = this.settings;
    const order = dropOrder.filter((model) => loaded.includes(model)).slice(0, Math.max(0, loaded.length - 1));
    const byAge = queueAgeMs === undefined ? 0 : Math.min(order.length, Math.floor(Math.max(0, ageMs) / queueAgeMs));
    const byBudget = budgetMs === undefined ? byAge : this.withinBudget(loaded, order, byAge, budgetMs);
    this.dropped = order.slice(0, byBudget);
    this.droppedFor = byBudget === 0 ? undefined : byAge > 0 ? 'queue' : 'budget';
  }

  /** How many of the order must go so that the others are within the budget, at least `least`. */
  private withinBudget(loaded: readonly ModelName[], order: readonly ModelName[], least: number, budgetMs: number): number {
    let drop = least;
    let left = loaded.reduce((sum, model) => sum + this.estimateOf(model), 0);
    for (const model of order.slice(0, least)) left -= this.estimateOf(model);
    while (drop < order.length && left > budgetMs) left -= this.estimateOf(order[drop++]!);
    if (drop === least) return least;
    if (++this.sinceProbe < PROBE_EVERY) return drop;
    this.sinceProbe = 0;
    return least;
  }

  private meter(scorer: Scorer): Scorer {
    const known = this.metered.get(scorer);
    if (known) return known;
    const metered = new MeteredScorer(scorer, this, placeOf(scorer.name));
    this.metered.set(scorer, metered);
    return metered;
  }
}

/** A scorer whose scoring and explaining is timed. */
class MeteredScorer implements Scorer {
  readonly name: ModelName;
  readonly explain?: (query: ScoringQuery, row: number, limit: number) => Pull[];

  constructor(
    private readonly inner: Scorer,
    private readonly meter: CostMeter,
    private readonly place: number,
  ) {
    this.name = inner.name;
    if (inner.explain) this.explain = (query, row, limit) => this.explained(query, row, limit);
  }

  score(query: ScoringQuery, into: SparseScores, limit: number): void {
    const from = this.meter.now();
    this.inner.score(query, into, limit);
    this.meter.spend(this.place, this.meter.now() - from);
  }

  private explained(query: ScoringQuery, row: number, limit: number): Pull[] {
    const from = this.meter.now();
    const pulls = this.inner.explain!(query, row, limit);
    this.meter.spend(this.place, this.meter.now() - from);
    return pulls;
  }
}
