import { basename, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PRESETS, type PresetName } from '../tenants/presets';

/** What `npm start` was asked for. */
export interface LaunchOptions {
  /** Whose demo, and, without a tenants file, whose settings. */
  readonly preset: PresetName;
  /** Name or folder of a data set; undefined: the demo of the preset. */
  readonly dataset: string | undefined;
  /** Absolute folder of everything that is kept. */
  readonly dataDir: string;
  readonly port: number | undefined;
  readonly workerPort: number | undefined;
  readonly tenant: string;
  readonly seed: number;
  readonly demoItems: number | undefined;
  readonly demoUsers: number | undefined;
  /** Start with the store as it is. */
  readonly empty: boolean;
}

function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}.`);
    return value;
  };
}

/**
 * The options of a command line (without node and script).
 * The data set has a folder of its own below `baseDir`, so that it and the demo shop can be started in turns.
 * Prints and exits for `--help` and for what it does not understand.
 */
export function parseLaunchOptions(args: readonly string[], baseDir: string): LaunchOptions {
  const command = new Command('npm start --')
    .description('Runs a gateway, a worker and, without REDIS_URL, a private Redis. The first start fills the store.')
    .option('--dataset <name>', 'start on a data set (its name, or its folder) instead of a demo')
    .addOption(
      new Option('--preset <name>', 'kind of product: its demo and, unless TENANTS_FILE is given, its settings')
        .choices(PRESETS)
        .default('shop'),
    )
    .option(
      '--data <dir>',
      `folder of everything that is kept (default: ${join(baseDir, 'demo')}, ${join(baseDir, 'demo-<preset>')}, or ${join(baseDir, '<data set>')})`,
    )
    .option('--port <number>', 'port of the gateway (default: PORT, else 4000; 0: any free one)', integer(0, 65_535))
    .option(
      '--worker-port <number>',
      'port of the health and metrics of the worker (default: WORKER_PORT, else 4001 or a free one)',
      integer(0, 65_535),
    )
    .option('--tenant <name>', 'tenant whose store is filled', 'default')
    .option('--seed <number>', 'seed of the demo', integer(0, 2 ** 31), 1)
    .option('--demo-items <number>', 'items of the demo', integer(20, 100_000))
    .option('--demo-users <number>', 'users of the demo', integer(1, 100_000))
    .option('--empty', 'do not fill the store', false)
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  const given = command.opts<{
    dataset?: string;
    preset: PresetName;
    data?: string;
    port?: number;
    workerPort?: number;
    tenant: string;
    seed: number;
    demoItems?: number;
    demoUsers?: number;
    empty: boolean;
  }>();
  return {
    preset: given.preset,
    dataset: given.dataset,
    dataDir: resolve(given.data ?? join(baseDir, folderOf(given))),
    port: given.port,
    workerPort: given.workerPort,
    tenant: given.tenant,
    seed: given.seed,
    demoItems: given.demoItems,
    demoUsers: given.demoUsers,
    empty: given.empty,
  };
}

/** Each demo and each data set has a folder of its own. */
function folderOf({ dataset, preset }: { readonly dataset?: string; readonly preset: PresetName }): string {
  if (dataset !== undefined) return basename(resolve(dataset));
  return preset === 'shop' ? 'demo' : `demo-${preset}`;
}
