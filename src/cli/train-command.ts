import { Command } from 'commander';
import { setTimeout as after } from 'node:timers/promises';
import { systemClock } from '../platform/clock';
import { badInput } from '../platform/errors';
import type { ApiClient } from './api-client';
import { ApiError } from './api-error';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { MODELS, TRAIN_MODELS } from './documents';
import { numberBetween } from './option-parsers';
import { createProgress } from './progress';
import type { Terminal } from './terminal';

interface TrainCommandOptions extends ApiOptions {
  readonly wait: boolean;
  readonly timeout: number;
}

interface ModelState {
  readonly name: string;
  readonly lastRun: { readonly at: string; readonly outcome: string; readonly message: string | null } | null;
  readonly live: {
    readonly version: string;
    readonly trainedAt: string;
    readonly events: number | null;
    readonly fitSeconds: number | null;
    readonly sizeBytes: number | null;
  } | null;
}

const POLL_MS = 300;

export function trainCommand({ terminal }: { readonly terminal: Terminal }): Command {
  const command = new Command('train')
    .description('train models, and wait until the new versions serve')
    .argument('[models...]', 'popular, user-knn, item-knn, transition, factor … (default: all)')
    .option('--no-wait', 'only ask for it')
    .option('--timeout <seconds>', 'how long to wait', numberBetween(1, 86_400), 600);
  return addApiOptions(command).action(async (models: string[], options: TrainCommandOptions) => {
    const client = apiClientOf(options);
    try {
      await train(client, models, options, terminal);
    } finally {
      await client.close();
    }
  });
}

async function train(client: ApiClient, models: readonly string[], options: TrainCommandOptions, terminal: Terminal): Promise<void> {
  const before = await readModels(client);
  const wanted = models.map((name) => enumName(name, before));
  const { trainModels } = await client.request<{ trainModels: { jobs: { id: string; model: string }[] } }>(TRAIN_MODELS, {
    models: wanted.length > 0 ? wanted : null,
  });
  const names = trainModels.jobs.map(({ model }) => model);
  if (!options.wait) {
    terminal.out(options.json ? `${JSON.stringify(trainModels)}\n` : `asked for: ${names.map(readable).join(', ')}\n`);
    return;
  }
  const trained = await untilTrained(client, { names, before, timeoutMs: options.timeout * 1000, terminal });
  terminal.out(options.json ? `${JSON.stringify(trained)}\n` : trained.map((state) => `${describe(state)}\n`).join(''));
}

const readModels = async (client: ApiClient): Promise<readonly ModelState[]> =>
  (await client.request<{ models: ModelState[] }>(MODELS)).models;

/** `user-knn` → `USER_KNN`. @throws BeckonError BAD_INPUT naming the models that there are. */
function enumName(name: string, known: readonly ModelState[]): string {
  const wanted = name.toUpperCase().replaceAll('-', '_');
  if (known.some((state) => state.name === wanted)) return wanted;
  throw badInput('models', `there is no model "${name}"; there are ${known.map((state) => readable(state.name)).join(', ')}`);
}

const readable = (name: string): string => name.toLowerCase().replaceAll('_', '-');

interface Wait {
  readonly names: readonly string[];
  readonly before: readonly ModelState[];
  readonly timeoutMs: number;
  readonly terminal: Terminal;
}

/** The states once a run of every model has ended that had not before, however it ended. @throws ApiError TIMEOUT naming those that do not. */
async function untilTrained(client: ApiClient, { names, before, timeoutMs, terminal }: Wait): Promise<readonly ModelState[]> {
  const endOf = (states: readonly ModelState[], name: string): string | undefined =>
    states.find((state) => state.name === name)?.lastRun?.at;
  const progress = createProgress(terminal);
  const deadline = systemClock.now() + timeoutMs;
  try {
    for (;;) {
      const now = await readModels(client);
      const open = names.filter((name) => endOf(now, name) === endOf(before, name));
      progress.update('training', names.length - open.length, names.length);
      if (open.length === 0) return now.filter(({ name }) => names.includes(name));
      if (systemClock.now() > deadline) {
        throw new ApiError('TIMEOUT', `not trained after ${timeoutMs / 1000} s: ${open.map(readable).join(', ')}. Is a worker running?`, {
          retryable: true,
        });
      }
      await after(POLL_MS); // the API has no event for this
    }
  } finally {
    progress.stop();
  }
}

function describe({ name, live, lastRun }: ModelState): string {
  if (lastRun && lastRun.outcome !== 'PUBLISHED') return `${readable(name)}: ${lastRun.outcome.toLowerCase()}: ${lastRun.message ?? ''}`;
  if (!live) return `${readable(name)}: nothing`;
  const facts = [
    live.events !== null && `${live.events} behaviours`,
    live.fitSeconds !== null && `${live.fitSeconds.toFixed(1)} s`,
    live.sizeBytes !== null && `${(live.sizeBytes / 1024).toFixed(0)} KiB`,
  ].filter((fact) => fact !== false);
  return `${readable(name)}: version ${live.version}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
