#!/usr/bin/env node
// npm test: sets everything up, then runs every test (or those that its arguments, which are jest's, choose).
import Module from 'node:module';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ redis: true })); // tests run servers of their own, whatever REDIS_URL says
process.env.NODE_ENV = 'test';
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // TensorFlow's hints; what a test puts into its copy of process.env the library does not see
process.chdir(ROOT);
process.argv[1] = join(ROOT, 'node_modules/jest/bin/jest.js');
Module.runMain(); // in this very process: a signal for the tests reaches them
