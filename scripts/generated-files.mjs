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
  ];
}
