#!/usr/bin/env node
// Sets up, then runs a built program as if it had been started itself: node scripts/run.mjs [--redis] dist/PROGRAM.js …
// --redis: the program starts a Redis of its own, so one must be installed.
import Module from 'node:module';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

const [flag, ...rest] = process.argv.slice(2);
const needsRedis = flag === '--redis';
const [program, ...args] = needsRedis ? rest : [flag, ...rest];

await orExplain(() => setUp({ redis: needsRedis }));
process.argv.splice(1, process.argv.length, join(ROOT, program), ...args);
Module.runMain(); // in this very process: signals, exit status and measurements are the program's own
