import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { Keys } from '../../src/platform/keys';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { eventually } from '../support/eventually';
import { countLog, makeScratch, type Scratch } from './import-support';

const ROOT = resolve(__dirname, '../..');
const EVENTS = 30_000;

let server: TestRedis;
let redis: Redis;
let scratch: Scratch;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  scratch = await makeScratch();
});
afterAll(async () => {
  await redis.quit();
  await server.stop();
  await scratch.remove();
});

function beckon(...args: string[]): ChildProcess {
  const hook = join(ROOT, 'test/cli/typescript-hook.cjs');
  return spawn(process.execPath, ['-r', hook, join(ROOT, 'src/cli/main.ts'), ...args, '--redis', server.url], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  return text;
}

/** Behaviours that the checkpoint says were sent. */
function position(state: string): number {
  const file = existsSync(state) ? readdirSync(state).find((name) => name.endsWith('.checkpoint.json')) : undefined;
  return file === undefined ? 0 : (JSON.parse(readFileSync(join(state, file), 'utf8')) as { position: number }).position;
}

it('counts every line once when the process is killed in the middle, and then finished by another', async () => {
  const lines = Array.from({ length: EVENTS }, (_, k) => `u${k % 97},i${k % 501},${1_600_000_000 + k}`);
  lines.splice(5_000, 0, 'u1,i1,yesterday');
  const file = await scratch.writeGzip('events.csv.gz', `user,item,at\n${lines.join('\n')}\n`);
  const state = join(scratch.dir, 'state');

  const first = beckon('import', file, '--state', state);
  await eventually(() => expect(position(state)).toBeGreaterThan(3_000), { withinMs: 30_000 });
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await countLog(redis)).toBeLessThan(EVENTS);

  const report = JSON.parse(await outputOf(beckon('import', file, '--state', state, '--json'))) as Record<string, number>;
  expect(await countLog(redis)).toBe(EVENTS);
  expect(report['accepted']! + report['duplicates']!).toBe(EVENTS);
  expect(report['resumedAt']).toBeGreaterThan(3_000);
  expect(report['rejected']).toBe(1);
  const perUser = await redis.hget(new Keys(16).profile({ tenant: 'default', userId: 'u0' }), 'n:view');
  expect(perUser).toBe(String(Math.ceil(EVENTS / 97)));
}, 90_000);
