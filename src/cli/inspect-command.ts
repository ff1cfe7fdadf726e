import { Command } from 'commander';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { ApiError } from './api-error';
import type { StoreOptions } from './compose';
import { INSPECT_HEALTH, INSPECT_ITEM, INSPECT_USER } from './documents';
import { wholeBetween } from './option-parsers';
import {
  renderBacklog,
  renderHealth,
  renderItem,
  renderUser,
  type HealthAnswer,
  type ItemAnswer,
  type UserAnswer,
} from './render-inspection';
import type { Backlog } from './read-queues.bullmq';
import { REDIS_OPTION } from './redis-option';
import type { Terminal } from './terminal';

interface UserOptions extends ApiOptions {
  readonly surface: string;
  readonly first: number;
}

interface QueueOptions {
  readonly redis?: string;
  readonly tenant: string;
  readonly json?: true;
}

export interface InspectCommandDeps {
  readonly terminal: Terminal;
  readonly inspectBacklog: (options: StoreOptions) => Promise<Backlog>;
}

export function inspectCommand({ terminal, inspectBacklog }: InspectCommandDeps): Command {
  const command = new Command('inspect').description('look at a user, an item, the queues or the health');
  const user = new Command('user')
    .description('profile, newest behaviours and the list now')
    .argument('<user>', 'whose')
    .option('--surface <name>', 'which list', 'home')
    .option('--first <n>', 'how many items', wholeBetween(1, 50), 10)
    .action(async (userId: string, options: UserOptions) => {
      const answer = await ask<UserAnswer>(options, INSPECT_USER, { userId, surface: options.surface, first: options.first });
      print(terminal, options, answer, renderUser);
    });
  const item = new Command('item')
    .description('an item of the catalogue, and what goes with it')
    .argument('<item>', 'its id')
    .option('--first <n>', 'how many related items', wholeBetween(1, 50), 5)
    .action(async (id: string, options: ApiOptions & { readonly first: number }) => {
      const answer = await ask<ItemAnswer>(options, INSPECT_ITEM, { id, first: options.first });
      if (!answer.item) throw new ApiError('NOT_FOUND', `there is no item "${id}"`, { retryable: false, field: 'item' });
      print(terminal, options, answer, renderItem);
    });
  const health = new Command('health')
    .description('whether every part of the gateway works')
    .action(async (options: ApiOptions) => print(terminal, options, await ask<HealthAnswer>(options, INSPECT_HEALTH, {}), renderHealth));
  for (const part of [user, item, health]) command.addCommand(addApiOptions(part));
  const queues = new Command('queues')
    .description('what waits and works in each queue; read from the store')
    .option('--redis <url>', REDIS_OPTION)
    .option('--tenant <name>', 'tenant', 'default')
    .option('--json', 'print JSON')
    .action(async ({ redis, tenant, json }: QueueOptions) => {
      print(terminal, { json }, await inspectBacklog({ redisUrl: redis, tenant }), renderBacklog);
    });
  command.addCommand(queues);
  return command;
}

async function ask<T>(options: ApiOptions, document: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
  const client = apiClientOf(options);
  try {
    return await client.request<T>(document, variables);
  } finally {
    await client.close();
  }
}

function print<T>(terminal: Terminal, { json }: { readonly json?: true | undefined }, answer: T, render: (answer: T) => string[]): void {
  terminal.out(json ? `${JSON.stringify(answer)}\n` : `${render(answer).join('\n')}\n`);
}
