import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BY_HAND, planInstall } from './redis-plan.mjs';

// The same places as src/platform/redis-server.ts, which cannot be asked before it is built.
const PROGRAMS = ['redis-server', 'valkey-server'];
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/local/sbin', '/usr/sbin', '/opt/local/bin', '/snap/bin'];

export function findRedisProgram() {
  return PROGRAMS.map(findProgram).find((path) => path !== undefined);
}

function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...USUAL_FOLDERS].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Installs a server with the system's package manager. undefined when one is there, otherwise what to do by hand. */
export function installRedis(say) {
  const plan = planInstall({
    has: (name) => findProgram(name) !== undefined,
    isRoot: process.getuid?.() === 0,
    maySudo: () => spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
    platform: process.platform,
  });
  if (plan.byHand) return plan.byHand;
  say(`no redis-server or valkey-server here; installing one with ${plan.manager} (set REDIS_URL to use a Redis of your own instead)`);
  if (plan.refresh) runStep(say, plan.refresh);
  for (const step of plan.tries) {
    runStep(say, step);
    const found = findRedisProgram();
    if (found) {
      say(`installed ${found}; Beckon runs its own copy of it on a port of its own, and uses no system service`);
      return undefined;
    }
  }
  const tried = plan.tries.map((step) => `  ${step.join(' ')}`).join('\n');
  return `${plan.manager} could not install a Redis server (see above). Tried:\n${tried}\n${BY_HAND}`;
}

/** RUNLEVEL 1 keeps a package from starting a system service of its own. */
function runStep(say, [program, ...args]) {
  say(`running: ${[program, ...args].join(' ')}`);
  spawnSync(program, args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } });
}
