import type { Client } from 'graphql-ws';
import type { Answer } from './test-gateway';

/** Subscribes, and gives the answers one by one. */
export const answersTo = (client: Client, query: string, variables: Record<string, unknown> = {}): AsyncIterableIterator<Answer> =>
  client.iterate({ query, variables }) as unknown as AsyncIterableIterator<Answer>;

/** What the next answer, which must be without errors, says of the watched list. */
export async function nextUpdate<Update>(events: AsyncIterator<Answer>): Promise<Update> {
  const { value } = (await events.next()) as { value: Answer };
  expect(value.errors).toBeUndefined();
  return value.data!['recommendations'] as Update;
}
