#!/usr/bin/env node
// Runs a tool of an installed package, after installing the packages if need be: node scripts/tool.mjs PACKAGE/FILE …
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ compile: false, redis: false }));
const [tool, ...args] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules', tool), ...args], { cwd: ROOT, stdio: 'inherit' });
process.exit(status ?? 1);
