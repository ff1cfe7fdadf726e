import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPTS = join(__dirname, '../../scripts');

/**
 * What `body` returns, as JSON, in a Node of its own with the names of `module` (below scripts/) in scope: the set-up
 * scripts are ES modules that run before there are packages, so no test runner has transformed them.
 */
export async function evaluateScript<T>(module: string, names: readonly string[], body: string): Promise<T> {
  const source = `import { ${names.join(', ')} } from ${JSON.stringify(join(SCRIPTS, module))};
    const result = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(result ?? null));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);
  return JSON.parse(stdout) as T;
}
