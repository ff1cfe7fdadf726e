#!/usr/bin/env node
// npm run codegen: writes what is generated and committed (see scripts/generated-files.mjs).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExplain, setUp } from './setup.mjs';

await orExplain(() => setUp({ redis: false }));
const { generatedFiles } = await import('./generated-files.mjs');
for (const { path, content } of await generatedFiles()) {
  writeFileSync(join(ROOT, path), content);
  console.log(`wrote ${path}`);
}
