import { startTestGateway, TEST_SETTINGS, type TestGateway } from './support/test-gateway';
import { fakeParts } from './support/fake-parts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(fakeParts(), { settings: { ...TEST_SETTINGS, allowedOrigins: ['https://shop.example'] } });
});
afterAll(() => gateway.close());

const EXPECTED = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

it.each([
  ['an answer', { query: '{ profile { seq } }' }],
  ['a refusal', { query: '{ nothing }' }],
])('%s is data and never a page, and nobody keeps it', async (_name, operation) => {
  const { headers } = await gateway.post(operation, { origin: 'https://shop.example' });
  expect(Object.fromEntries(headers)).toMatchObject({ ...EXPECTED, 'cache-control': 'no-store' });
  expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(headers.has('access-control-allow-credentials')).toBe(false);
  expect(headers.has('x-powered-by')).toBe(false);
});

it('an event stream has them too', async () => {
  const { headers, body } = await fetch(`${gateway.httpUrl}?query={profile{seq}}`, { headers: { accept: 'text/event-stream' } });
  expect(Object.fromEntries(headers)).toMatchObject(EXPECTED);
  await body?.cancel();
});
