import { serverAudits } from 'graphql-http';
import { startTestGateway, type TestGateway } from './support/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(); // introspection is on: two of the audits ask for a type by name
});
afterAll(() => gateway.close());

const audits = serverAudits({ url: () => gateway.httpUrl, fetchFn: fetch });

describe('the audits of graphql-http, with no error, no warning and no notice', () => {
  it('are all there', () => expect(audits.length).toBeGreaterThanOrEqual(60));

  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, { fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });
});
