#!/usr/bin/env node
// npm start: sets everything up, then runs a gateway, a worker and (without REDIS_URL) a private Redis. See src/launcher.ts.
import Module from 'node:module';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ redis: !process.env.REDIS_URL }));
process.argv[1] = join(ROOT, 'dist/src/launcher.js');
Module.runMain();
