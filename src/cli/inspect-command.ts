import { Command } from 'commander';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { ApiError } from './api-error';
import { INSPECT_HEALTH, INSPECT_ITEM, INSPECT_USER } from './documents';
import { wholeBetween } from './option-parsers';
import { renderItem, renderQueues, renderUser, type HealthAnswer, type ItemAnswer, type UserAnswer } from './render-inspection';
import type { Terminal } from './terminal';

interface UserOptions extends ApiOptions {
  readonly surface: string;
  readonly first: number;
}

export function inspectCommand({ terminal }: { readonly terminal: Terminal }): Command {
  const command = new Command('inspect').description('look at a user, an item or the queues');
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
  const queues = new Command('queues')
    .description('health, and what waits')
    .action(async (options: ApiOptions) => print(terminal, options, await ask<HealthAnswer>(options, INSPECT_HEALTH, {}), renderQueues));
  for (const part of [user, item, queues]) command.addCommand(addApiOptions(part));
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

function print<T>(terminal: Terminal, { json }: ApiOptions, answer: T, render: (answer: T) => string[]): void {
  terminal.out(json ? `${JSON.stringify(answer)}\n` : `${render(answer).join('\n')}\n`);
}
