import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { StageTimes } from './stage-times';

/** Buckets for stages of the loop, in milliseconds: fine where the promise lies (single digits to 50 ms). */
const STAGE_BUCKETS_MS = [0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 25, 50, 100, 250, 1000, 5000];

/** How often the lag of the event loop is measured, which is told with this in it: at its default of 10 ms that is most of what an idle process does. */
const LOOP_LAG_EVERY_MS = 100;

/** Counts in a field, where a counter of prom-client makes a text of its labels each time. */
export class Tally {
  count = 0;

  add(): void {
    this.count++;
  }
}

/**
 * The metrics of one process. Parts ask for an instrument by name; asking twice gives the same one, so that no part
 * needs to know another.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly tallies = new Map<string, Tally>();

  constructor(labels: Record<string, string> = {}) {
    this.registry.setDefaultLabels(labels);
  }

  /** Adds CPU, memory, event-loop and GC metrics of the process. Call once, from a main. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'beckon_', eventLoopMonitoringPrecision: LOOP_LAG_EVERY_MS });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    const known = this.registry.getSingleMetric(name);
    return (known as Counter<L> | undefined) ?? new Counter<L>({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A counter for what happens very often: it is told to the registry when the metrics are read. */
  tally(name: string, help: string): Tally {
    const known = this.tallies.get(name);
    if (known) return known;
    let told = 0;
    const tally = new Tally();
    const tell = (counter: Counter): void => {
      counter.inc(tally.count - told);
      told = tally.count;
    };
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        tell(this);
      },
    });
    this.tallies.set(name, tally);
    return tally;
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    const known = this.registry.getSingleMetric(name);
    return (known as Gauge<L> | undefined) ?? new Gauge<L>({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A gauge whose value is asked for when the metrics are read. */
  observed(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  /** A gauge with labels whose values are asked for when the metrics are read. */
  observedEach<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    values: () => Iterable<{ readonly labels: Readonly<Record<L, string>>; readonly value: number }>,
  ): void {
    new Gauge<L>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of values()) this.set(labels, value);
      },
    });
  }

  /** A histogram of milliseconds for what happens very often: its stages are known, and are told by their places. */
  stageTimes<S extends string>(name: string, help: string, stages: readonly S[]): StageTimes<S> {
    return StageTimes.in(this.registry, { name, help, stages, bucketsMs: STAGE_BUCKETS_MS });
  }

  /** A histogram of milliseconds. */
  stage<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    const known = this.registry.getSingleMetric(name);
    if (known) return known as Histogram<L>;
    return new Histogram<L>({ name, help, labelNames: [...labelNames], buckets: STAGE_BUCKETS_MS, registers: [this.registry] });
  }
}
