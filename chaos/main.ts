import { Command, InvalidArgumentError, Option } from 'commander';
import { numberBetween, wholeBetween } from '../src/cli/option-parsers';
import { TOPOLOGIES, type Topology } from './draw-faults';
import { preloadNames } from './preload-file';
import { report } from './report';
import { runChaos } from './run-chaos';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly gateways: number;
  readonly workers: number;
  readonly users: number;
  readonly topology: Topology;
  readonly broken?: string;
  readonly json?: true;
}

const BREAKS = preloadNames().filter((name) => name !== 'clock');

function brokenBuild(name: string): string {
  if (!BREAKS.includes(name)) throw new InvalidArgumentError(`there are ${BREAKS.join(', ')}`);
  return name;
}

const program = new Command('chaos')
  .description('gateways, workers and Redis as processes under seeded faults, held to their invariants by independent observers')
  .option('--minutes <n>', 'how long faults are done', numberBetween(0.1, 600), 10)
  .option('--seed <n>', 'of the faults, their order and their targets', wholeBetween(0, 2 ** 31), 1)
  .option('--gateways <n>', 'gateway processes', wholeBetween(1, 16), 2)
  .option('--workers <n>', 'worker processes', wholeBetween(1, 16), 2)
  .option('--users <n>', 'users, each with one or two screens', wholeBetween(1, 20), 16)
  .addOption(
    new Option('--topology <name>', 'one Redis, a primary and a replica under Sentinels, or a cluster')
      .choices(TOPOLOGIES)
      .default('single'),
  )
  .option('--broken <name>', `a deliberately broken build, which must be caught: ${BREAKS.join(', ')}`, brokenBuild)
  .option('--json', 'print one JSON object instead of the tables')
  .parse();

async function main({ minutes, json, ...options }: Options): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const result = await runChaos({ ...options, faultsMs: minutes * 60_000, say, signal: interrupted.signal });
  const text = json ? JSON.stringify(result) : report(result);
  await new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
  process.exit(result.holds ? 0 : 1); // everything has stopped; Node itself was once seen to wait for ever for a socket that was harmed
}

main(program.opts<Options>()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
