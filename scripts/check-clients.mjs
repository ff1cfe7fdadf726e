#!/usr/bin/env node
// npm run check:clients: runs clients and probes of PyPI against a gateway. Not part of npm test, which needs no Python: where there is
// none, or its packages cannot be had, it says so and ends well.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ compile: false, redis: false }));
const home = join(ROOT, 'node_modules/.cache/beckon-clients');
const python = join(home, 'bin/python');
const steps = [
  ['python3', ['-m', 'venv', home], 'there is no python3 with venv here'],
  [python, ['-m', 'pip', 'install', '--quiet', '-r', join(ROOT, 'test/clients/requirements.txt')], 'its packages cannot be installed here'],
];
for (const [command, args, reason] of steps) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) continue;
  console.log(`check:clients did not run: ${reason}${error ? ` (${error.message})` : ''}`);
  process.exit(0);
}
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/jest/bin/jest.js'), '--runInBand', '--testMatch', '**/test/clients/*.check.ts'],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test', CLIENTS_PYTHON: python } },
);
process.exit(status ?? 1);
