import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '../../src/platform/child-process';

// The built program, as `npm start` runs it: npm test has built it before this runs.
const LAUNCHER = join(__dirname, '../../dist/src/launcher.js');
const DEADLINE_MS = 60_000;
const TINY = ['--demo-items', '40', '--demo-users', '5', '--port', '0', '--worker-port', '0'];

interface Running {
  readonly launcher: ChildProcess;
  readonly url: string;
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
  /** Everything printed so far, on both channels. */
  readonly output: () => string;
  /** Resolves when nobody can print any more: the launcher and its children, whichever they are, have ended. */
  readonly silent: Promise<unknown>;
}

const started: Running[] = [];

function launch(args: readonly string[]): Pick<Running, 'launcher' | 'output' | 'silent'> {
  const { REDIS_URL: _unset, ...env } = process.env;
  const launcher = spawn(process.execPath, [LAUNCHER, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { launcher, output: () => output, silent: once(launcher, 'close') };
}

async function start(args: readonly string[]): Promise<Running> {
  const { launcher, output, silent } = launch(args);
  await until(() => output().includes('Ctrl-C stops everything') || launcher.exitCode !== null, output);
  const url = /serves on (\S+)/.exec(output())?.[1] ?? '';
  const listed = /processes: (.*)/.exec(output())?.[1] ?? '';
  const processes = Object.fromEntries([...listed.matchAll(/(\w+) (\d+)/g)].map(([, name, pid]) => [name ?? '', identityOf(Number(pid))]));
  expect(Object.keys(processes)).toEqual(['launcher', 'gateway', 'worker', 'redis']);
  const running = { launcher, url, processes, output, silent };
  started.push(running);
  return running;
}

async function ask<T>(url: string, query: string): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-beckon-user': 'new-here' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: T };
  return data;
}

const recordOne = async (url: string): Promise<number | undefined> => {
  const query = 'mutation { recordBehaviours(behaviours: [{ type: "view", itemId: "item-0001" }]) { users { seq } } }';
  return (await ask<{ recordBehaviours: { users: { seq: number }[] } }>(url, query)).recordBehaviours.users[0]?.seq;
};

const countOf = async (url: string): Promise<number> =>
  (await ask<{ recommendations: { items: unknown[] } }>(url, '{ recommendations { items { itemId } } }')).recommendations.items.length;

async function exitCodeOf(launcher: ChildProcess): Promise<number | null> {
  if (launcher.exitCode === null) await once(launcher, 'exit');
  return launcher.exitCode;
}

const isGone = ({ processes }: Running): boolean => !Object.values(processes).some(isRunning);

describe('the launcher', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beckon-launcher-'));
  });
  afterEach(async () => {
    for (const running of started.splice(0)) {
      running.launcher.kill('SIGKILL');
      await running.silent;
    }
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'fills and serves a shop, leaves nothing running after Ctrl-C, and continues on the next start',
    async () => {
      const first = await start([...TINY, '--data', folder]);
      expect(first.output()).toContain('Filling the store with the demo shop');
      expect(await countOf(first.url)).toBe(10);
      const seq = await recordOne(first.url);
      first.launcher.kill('SIGINT');
      expect(await exitCodeOf(first.launcher)).toBe(0);
      expect(isGone(first)).toBe(true);

      const second = await start([...TINY, '--data', folder]);
      expect(second.output()).not.toContain('Filling');
      expect(await recordOne(second.url)).toBeGreaterThan(seq ?? 0);
      second.launcher.kill('SIGTERM');
      expect(await exitCodeOf(second.launcher)).toBe(0);
      expect(isGone(second)).toBe(true);
    },
    DEADLINE_MS * 2,
  );

  it(
    'starts again what dies, and ends everything when it is killed itself',
    async () => {
      const running = await start([...TINY, '--data', folder]);
      for (const name of ['gateway', 'worker', 'redis']) process.kill(running.processes[name]?.pid ?? 0, 'SIGKILL');
      await until(() => ['gateway', 'worker'].every((name) => running.output().includes(`the ${name} ended (SIGKILL)`)), running.output);
      await until(async () => (await countOf(running.url).catch(() => 0)) === 10, running.output);
      expect(running.output()).toContain('Redis ended: starting it again');

      const elsewhere = launch([...TINY, '--data', folder]);
      expect(await exitCodeOf(elsewhere.launcher)).toBe(1);
      expect(elsewhere.output()).toContain(`Another Beckon (process ${running.launcher.pid}) is using this data folder`);

      running.launcher.kill('SIGKILL');
      await running.silent;
      await until(() => isGone(running), running.output);
      await expect(fetch(running.url)).rejects.toThrow();
    },
    DEADLINE_MS * 2,
  );

  it('says so when the port is in use, before it starts anything', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { launcher, output } = launch(['--port', String(port), '--data', folder]);
    expect(await exitCodeOf(launcher)).toBe(1);
    expect(output()).toBe(
      `Port ${port} of 127.0.0.1 is in use. Choose another one: npm start -- --port ${port + 10} (or 0: any free one)\n`,
    );
    server.close();
  });

  it('names a setting that is wrong', async () => {
    const { launcher, output } = launch(['--port', '0', '--data', folder, '--dataset', 'no-such-set']);
    expect(await exitCodeOf(launcher)).toBe(1);
    expect(output()).toContain('there is no folder "no-such-set"');
    expect(output()).not.toMatch(/\n\s+at /);
  });
});

/** Polls: what happens, happens in other processes. */
async function until(condition: () => boolean | Promise<boolean>, output: () => string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`the condition did not come true within ${DEADLINE_MS} ms:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
