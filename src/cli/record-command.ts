import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { BEHAVIOUR_TYPES } from '../behaviour/behaviour';
import { ApiError } from './api-error';
import { addApiOptions, apiClientOf, type ApiOptions } from './api-options';
import { RECORD_BEHAVIOURS } from './documents';
import { numberBetween, wholeBetween } from './option-parsers';
import type { RecordPayload } from './replay-history';
import type { Terminal } from './terminal';

interface RecordCommandOptions extends ApiOptions {
  readonly id?: string;
  readonly at?: string;
  readonly value?: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly query?: string;
  readonly target?: string;
  readonly surface?: string;
  readonly recommendation?: string;
}

const anyNumber = numberBetween(-Number.MAX_VALUE, Number.MAX_VALUE);

export function recordCommand({ terminal }: { readonly terminal: Terminal }): Command {
  const command = new Command('record')
    .description('record one thing that a user did')
    .argument('<user>', 'who')
    .argument('<type>', `what: ${BEHAVIOUR_TYPES.join(', ')}, or a type of the tenant’s own`)
    .argument('[item]', 'to which item; search and follow need none')
    .option('--id <id>', 'idempotency key (default: a new one)')
    .option('--at <time>', 'when, as ISO 8601 with a zone (default: now)')
    .option('--value <n>', 'dwell: seconds; rate: the rating', anyNumber)
    .option('--quantity <n>', 'pieces', wholeBetween(1, 1_000_000))
    .option('--price <n>', 'price paid for one', numberBetween(0, 1e9))
    .option('--query <text>', 'search: what was searched for')
    .option('--target <user>', 'follow: who is followed')
    .option('--surface <name>', 'where it happened')
    .option('--recommendation <id>', 'recommendationId of the list that led to it');
  return addApiOptions(command)
    .addHelpText('after', '\nExample:\n  $ beckon record user-1 view item-0042')
    .action(async (userId: string, type: string, itemId: string | undefined, options: RecordCommandOptions) => {
      const { id = randomUUID(), at, value, quantity, price, query, target, surface, recommendation: recommendationId } = options;
      const behaviour = { id, userId, type, itemId, at, value, quantity, price, query, target, surface, recommendationId }; // JSON leaves out what is undefined
      const client = apiClientOf(options);
      const { recordBehaviours } = await client.request<{ recordBehaviours: RecordPayload }>(RECORD_BEHAVIOURS, {
        behaviours: [behaviour],
      });
      await client.close();
      const [rejection] = recordBehaviours.rejections;
      if (rejection)
        throw new ApiError(rejection.code, `${rejection.field} ${rejection.message}`, {
          retryable: rejection.code === 'UNAVAILABLE',
          field: rejection.field,
        });
      const [recorded] = recordBehaviours.recorded;
      terminal.out(
        options.json
          ? `${JSON.stringify(recorded)}\n`
          : `${recorded!.status.toLowerCase()}: ${userId} ${type}${itemId === undefined ? '' : ` ${itemId}`}, seq ${recorded!.seq}\n`,
      );
    });
}
