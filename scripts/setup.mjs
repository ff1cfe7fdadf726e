#!/usr/bin/env node
// Makes a fresh clone ready to run: packages, generated code, build, a Redis server program. Plain Node, no packages.
// Idempotent; does nothing, in well under a second, when there is nothing to do. Talks on stderr only, so that commands
// with output of their own keep stdout to themselves.
import { pathToFileURL } from 'node:url';
import { build, needsBuild } from './setup/build.mjs';
import { withLock } from './setup/lock.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { installPackages, needsPackages } from './setup/packages.mjs';
import { findRedisProgram, installRedis } from './setup/redis.mjs';

/** What was tried and failed, in words for whoever typed the command: shown without a stack. */
export class SetupError extends Error {}

/**
 * Makes everything ready, or throws a SetupError that says what to do by hand.
 * `compile`: whether dist/ is needed. `redis`: whether a redis-server (or valkey-server) program must be on this machine.
 */
export async function setUp({ compile = true, redis }) {
  const versionProblem = checkNodeVersion(process.versions.node);
  if (versionProblem) throw new SetupError(versionProblem);
  const steps = [
    { needed: needsPackages, act: installPackages },
    { needed: () => compile && needsBuild(), act: build },
    { needed: () => redis && findRedisProgram() === undefined, act: installRedis },
  ];
  if (!steps.some(({ needed }) => needed())) return;
  // Looked at again under the lock: another set-up may just have done it.
  await withLock(say, () => {
    for (const { needed, act } of steps) {
      if (!needed()) continue;
      const problem = act(say);
      if (problem) throw new SetupError(problem);
    }
  });
}

/** Runs `action`; a SetupError becomes its message and exit status 1. */
export async function orExplain(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  }
}

function say(line) {
  process.stderr.write(`[setup] ${line}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orExplain(() => setUp({ redis: !process.env.REDIS_URL && !process.argv.includes('--no-redis') }));
}
