#!/usr/bin/env node
// npm run install:tfjs-node: makes @tensorflow/tfjs-node load, so that training runs on TensorFlow's native library. Optional, and never run
// by any other command. The package's own install script cannot fetch the library (github.com/tensorflow/tfjs/issues/8742), and npm leaves
// out an optional package whose script fails. The same library is in other public packages: see setup/tensorflow-library.mjs.
// Changes nothing where the package works already. npm ci takes it away again; then run this once more.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './setup/lock.mjs';
import { installLibrary, sourceOf, SOURCES } from './setup/tensorflow-library.mjs';
import { compileBinding } from './setup/tfjs-binding.mjs';
import { planTfjsNode } from './setup/tfjs-node-plan.mjs';
import { addPackage, HOME, PACKAGE, probe } from './setup/tfjs-node.mjs';
import { orExplain, SetupError, setUp } from './setup.mjs';

await orExplain(async () => {
  await setUp({ compile: false, redis: false });
  await withLock(say, install);
});

async function install() {
  const before = probe();
  if (before.works) return say(`${PACKAGE} works already, on ${before.works}: nothing to do`);
  const plan = planTfjsNode({
    platform: process.platform,
    arch: process.arch,
    isGlibc: process.report.getReport().header.glibcVersionRuntime !== undefined,
    has: ([program, ...args]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0,
    sources: SOURCES,
    compilers: [process.env.CXX, 'g++', 'clang++'].filter(Boolean),
  });
  if (plan.byHand) throw new SetupError(plan.byHand);
  const scratch = mkdtempSync(join(tmpdir(), 'beckon-tfjs-node-'));
  try {
    await build(plan, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const after = probe();
  if (!after.works) throw new SetupError(`${PACKAGE} is built, and does not work:\n${after.problem}`);
  say(`${PACKAGE} works, on ${after.works}. After an npm ci, run this again`);
}

async function build({ compiler, source }, scratch) {
  if (!existsSync(HOME)) {
    say(`adding ${PACKAGE} to node_modules`);
    mustSucceed(addPackage());
  }
  const library = join(HOME, 'deps/lib');
  if (sourceOf(library) === undefined) {
    say(`taking ${source.holds} from ${source.name}: ${source.sizes}`);
    mustSucceed(await installLibrary(source, { library, scratch, home: HOME }));
  }
  say(`compiling the binding with ${compiler}`);
  mustSucceed(await compileBinding({ home: HOME, scratch, compiler }));
}

function mustSucceed(problem) {
  if (problem) throw new SetupError(problem);
}

function say(line) {
  process.stderr.write(`[install:tfjs-node] ${line}\n`);
}
