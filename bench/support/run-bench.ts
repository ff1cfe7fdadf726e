import { Shutdown } from '../../src/launcher/shutdown';

/** What a bench is given to work with. */
export interface BenchScope {
  /** Says to people what is going on. */
  readonly say: (line: string) => void;
  /** Has something stopped when the bench is over, however it ends; last first. */
  readonly stopping: (name: string, stop: () => Promise<void>) => Promise<void>;
}

interface Bench<Result> {
  readonly run: (scope: BenchScope) => Promise<Result>;
  readonly table: (result: Result) => string;
  readonly json: boolean;
}

/** Runs a bench, stops everything that it started, prints the result: a table, or one JSON object. Sets the exit status. */
export async function runBench<Result>({ run, table, json }: Bench<Result>): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const shutdown = new Shutdown((part, error) => say(`${part} could not be stopped: ${String(error)}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void shutdown.run().then(() => process.exit(130)));
  }
  try {
    const result = await run({ say, stopping: (name, stop) => shutdown.add({ name, stop }) });
    await shutdown.run();
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${table(result)}\n`);
  } catch (error) {
    if (!shutdown.begun) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
    await shutdown.run();
  }
}

/** Rows of `name value` in two columns. */
export function rows(pairs: readonly (readonly [name: string, value: string | number])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 2;
  return pairs.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}
