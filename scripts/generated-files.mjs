import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { configurationPage } from './configuration-page.mjs';
import { ROOT } from './setup/paths.mjs';

/**
 * Every file that follows from another one and is committed: `[{ path, content }]`, paths relative to the root.
 * Needs packages and a build.
 */
export async function generatedFiles() {
  const require = createRequire(import.meta.url);
  const { generate, loadContext } = require('@graphql-codegen/cli');
  const context = await loadContext(join(ROOT, 'codegen.yml'));
  context.updateConfig({ silent: true, errorsOnly: true });
  const types = await generate(context, false);
  const { configSchema } = require(join(ROOT, 'dist/src/platform/config.js'));
  const { z } = require('zod');
  return [
    ...types.map(({ filename, content }) => ({ path: filename, content })),
    { path: 'docs/configuration.md', content: configurationPage(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })) },
    ...scoreboardPage(require),
  ];
}

/** The page of the scoreboard that is stored beside it, once there is one. */
function scoreboardPage(require) {
  const stored = join(ROOT, 'docs/scoreboard.json');
  if (!existsSync(stored)) return [];
  const { scoreboardMarkdown } = require(join(ROOT, 'dist/src/evaluation/scoreboard-markdown.js'));
  const { readExperiments } = require(join(ROOT, 'dist/src/evaluation/experiments/stored-experiments.js'));
  const experiments = readExperiments(join(ROOT, 'docs/experiments'));
  return [{ path: 'docs/scoreboard.md', content: scoreboardMarkdown(JSON.parse(readFileSync(stored, 'utf8')), experiments) }];
}
