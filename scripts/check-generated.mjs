#!/usr/bin/env node
// npm run check:generated: fails when a generated file is not what its source gives.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ redis: false }));
const { generatedFiles } = await import('./generated-files.mjs');
const stale = (await generatedFiles()).filter(({ path, content }) => {
  const full = join(ROOT, path);
  return !existsSync(full) || readFileSync(full, 'utf8') !== content;
});
for (const { path } of stale) console.error(`${path} does not follow from its source: run npm run codegen and commit the result.`);
process.exit(stale.length === 0 ? 0 : 1);
