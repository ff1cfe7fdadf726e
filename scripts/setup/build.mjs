import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './paths.mjs';

const GENERATED = 'src/gateway/generated/schema-types.ts';
const STAMP = 'dist/.build.json';
const ENTRY = 'dist/src/main.js';

/** True unless dist/ was built from exactly the sources that are here. */
export function needsBuild() {
  return readStamp()?.sources !== fingerprints().sources || !existsSync(join(ROOT, ENTRY));
}

/** Generates types where the schema changed, compiles, copies what is not TypeScript. undefined, or what went wrong. */
export function build(say) {
  const { schema } = fingerprints();
  const last = readStamp();
  // Generated code is committed: a fresh clone (no stamp) has the right one.
  if (!existsSync(join(ROOT, GENERATED)) || (last && last.schema !== schema)) {
    say('generating the types of the GraphQL schema');
    if (!run('@graphql-codegen/cli/cjs/bin.js', ['--config', 'codegen.yml', '--silent']))
      return 'The types of the schema could not be generated: see above.';
  }
  say('building');
  if (!run('typescript/bin/tsc', ['-p', 'tsconfig.build.json'])) return 'The build found errors: see above.';
  copyAssets();
  writeFileSync(join(ROOT, STAMP), JSON.stringify(fingerprints()));
  return undefined;
}

/** What the compiler leaves out: scripts that run in Redis, and the schema, at the same place under dist/. */
function copyAssets() {
  for (const path of [...filesIn('src'), ...filesIn('workers'), ...filesIn('bench'), ...filesIn('chaos'), ...filesIn('schema')]) {
    if (!/\.(lua|graphql)$/.test(path)) continue;
    const target = join(ROOT, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(ROOT, path), target);
  }
}

/** `schema`: what the generated types follow from. `sources`: everything that dist/ follows from. */
function fingerprints() {
  const schema = ['codegen.yml', ...filesIn('schema')];
  // The chaos suite and the benches use what supports the tests, which is built with them.
  const code = ['src', 'workers', 'bench', 'chaos', 'test/support'].flatMap(filesIn);
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  return { schema: hash(schema), sources: hash([...settings, ...schema, ...code]) };
}

function hash(paths) {
  const digest = createHash('sha1');
  for (const path of [...paths].sort()) {
    if (!existsSync(join(ROOT, path))) continue;
    digest
      .update(`${path}\n`)
      .update(readFileSync(join(ROOT, path)))
      .update('\n');
  }
  return digest.digest('hex');
}

/** Paths of all files below `folder`, relative to the root. */
function filesIn(folder) {
  const full = join(ROOT, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Runs a program of a package, its output on stderr. */
function run(program, args) {
  return spawnSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0;
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(join(ROOT, STAMP), 'utf8'));
  } catch {
    return undefined;
  }
}
