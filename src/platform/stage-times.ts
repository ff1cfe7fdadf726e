import type { Histogram, Registry } from 'prom-client';

interface Options<S extends string> {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in ms, ascending. */
  readonly bucketsMs: readonly number[];
  readonly stages: readonly S[];
}

/**
 * A histogram with the label `stage`, exported like one of prom-client. That one finds its labels by making a text of them for each value,
 * which for the five stages of a pushed list costs as much as writing it to the socket.
 */
export class StageTimes<S extends string> {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  /** [stages × (buckets + 1)], not cumulative; the last one of each stage has no bound. */
  private counts: Float64Array;
  private sums: Float64Array;

  constructor(private readonly options: Options<S>) {
    this.name = options.name;
    this.help = options.help;
    this.counts = new Float64Array(options.stages.length * (options.bucketsMs.length + 1));
    this.sums = new Float64Array(options.stages.length);
  }

  /** The instrument of that name in the registry, made when there is none. */
  static in<S extends string>(registry: Registry, options: Options<S>): StageTimes<S> {
    const known = registry.getSingleMetric(options.name) as unknown;
    if (known instanceof StageTimes) return known as StageTimes<S>;
    const times = new StageTimes(options);
    registry.registerMetric(times as unknown as Histogram); // a registry asks for a name and for `get`
    return times;
  }

  /** @param stage its place among the stages. */
  observe(stage: number, ms: number): void {
    const { bucketsMs } = this.options;
    let bucket = 0;
    while (bucket < bucketsMs.length && ms > bucketsMs[bucket]!) bucket++;
    this.counts[stage * (bucketsMs.length + 1) + bucket]!++;
    this.sums[stage]! += ms;
  }

  /** What a registry exports. A stage without values is left out. */
  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    return Promise.resolve({ name, help, type, aggregator, values: this.options.stages.flatMap((stage, k) => this.valuesOf(stage, k)) });
  }

  reset(): void {
    this.counts.fill(0);
    this.sums.fill(0);
  }

  private valuesOf(stage: S, place: number): { readonly metricName: string; readonly labels: object; readonly value: number }[] {
    const { name } = this;
    const bounds = [...this.options.bucketsMs, '+Inf'];
    let count = 0;
    const buckets = bounds.map((le, k) => {
      count += this.counts[place * bounds.length + k]!;
      return { metricName: `${name}_bucket`, labels: { le, stage }, value: count };
    });
    if (count === 0) return [];
    const labels = { stage };
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sums[place]! },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
