import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { itemOf, listOf } from '../gateway/support/fake-parts';
import { startTestGateway, type TestGateway } from '../gateway/support/test-gateway';

/** Set by scripts/check-clients.mjs, which has installed requirements.txt for it. */
const PYTHON = process.env['CLIENTS_PYTHON']!;
const RUN_MS = 240_000;

describe('clients of PyPI, unchanged', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
    for (const id of ['a', 'b']) gateway.items.set(id, itemOf(id));
    for (const user of ['ann', 'dev']) gateway.push(listOf(user, ['a', 'b']));
  });
  afterEach(() => gateway.close());

  it('gql: the schema, a query, a mutation, and a subscription', async () => {
    const client = spawn(PYTHON, [join(__dirname, 'gql_client.py'), gateway.httpUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
    const told: unknown[] = [];
    createInterface(client.stdout).on('line', (line) => {
      told.push(JSON.parse(line));
      if (told.length === 3) gateway.push(listOf('ann', ['b'], { revision: 2 }));
    });
    expect(await once(client, 'close')).toEqual([0, null]);
    const showing = (revision: number, ...ids: string[]) => ({
      recommendations: { position: { revision }, list: { items: ids.map((itemId) => ({ itemId })) } },
    });
    expect(told).toEqual([
      { recommendations: { items: [{ itemId: 'a' }, { itemId: 'b' }] } },
      { recordBehaviours: { users: [{ userId: 'ann', seq: 1 }] } },
      showing(1, 'a', 'b'),
      showing(2, 'b'),
    ]);
  });

  it(
    'schemathesis: no operation that it makes of the schema causes a fault of ours',
    async () => {
      const notes = await mkdtemp(join(tmpdir(), 'beckon-clients-'));
      const options = ['--checks', 'no_fault_of_ours', '--seed', '1', '--max-examples', '20', '--continue-on-failure', '--no-color'];
      const client = spawn(join(dirname(PYTHON), 'schemathesis'), ['run', gateway.httpUrl, ...options], {
        cwd: notes, // it keeps notes where it runs
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', SCHEMATHESIS_HOOKS: join(__dirname, 'schemathesis_hooks.py') },
      });
      let report = '';
      client.stdout.setEncoding('utf8').on('data', (part: string) => (report += part));
      const [status] = (await once(client, 'close')) as [number | null];
      await rm(notes, { recursive: true });
      expect([status, status === 0 ? '' : report]).toEqual([0, '']);
      process.stdout.write(`${report.slice(report.lastIndexOf('SUMMARY'))}\n`);
    },
    RUN_MS,
  );
});
