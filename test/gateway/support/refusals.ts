import type { Answer, ClientError, Operation, TestGateway } from './test-gateway';

export const RECORD = 'mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { rejections { index code field message } } }';
export const record = (...behaviours: unknown[]): Operation => ({ query: RECORD, variables: { b: behaviours } });
export const recordRaw = (fields: string): string =>
  `{"query":${JSON.stringify(RECORD)},"variables":{"b":[{"type":"view","itemId":"a",${fields}}]}}`;
export const view = { type: 'view', itemId: 'a' };
export const query = (text: string, variables?: Record<string, unknown>): Operation => ({ query: text, ...(variables && { variables }) });
export const many = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);
export const nested = (depth: number): string => `{ items { ${'edges { node { '.repeat(depth)} id ${'} }'.repeat(depth)} } }`;
export const LONG = 'x'.repeat(200_000);

/** What never reaches a client: stacks, paths, addresses, and whole inputs quoted back. */
export function expectNoLeak(answer: Answer): void {
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(/ {4}at |node_modules|\.[jt]s:\d|\/(?:root|home|work|srv|usr|tmp)\/|rediss?:\/\/|127\.0\.0\.1|stacktrace/);
  expect(text.length).toBeLessThan(20_000);
}

export async function expectRefused(answer: Answer, code: string, field: string | undefined, hint: RegExp): Promise<void> {
  expectNoLeak(answer);
  const [error] = answer.errors as [ClientError];
  expect(error.extensions).toMatchObject({ code, retryable: false });
  if (field !== undefined) expect(error.extensions.field).toBe(field);
  expect(error.message).toMatch(hint);
}

/** What was refused has broken nothing, and left nothing behind. */
export async function expectUnharmed(gateway: TestGateway): Promise<void> {
  const { answer } = await gateway.post(query('{ profile { seq } }'));
  expect(answer).toEqual({ data: { profile: { seq: 0 } } });
  expect(gateway.watching.size).toBe(0);
}
