import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { npm } from './packages.mjs';
import { sha256Of } from './tensorflow-library.mjs';

/** node_api.h (MIT). Node's own headers are not everywhere where Node is. */
const HEADERS = {
  package: 'node-api-headers@1.9.0',
  file: 'node-api-headers-1.9.0.tgz',
  sha256: '6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19',
};
const C_API = new URL('tensorflow-c-api.h', import.meta.url);
const NAPI_VERSION = 8; // the highest that tfjs-node 4.22 looks for; every Node that we run on has it

/**
 * Compiles the binding between Node and TensorFlow's C library: its sources are in the package (`home`), the library in its deps/lib.
 * undefined, or what went wrong.
 */
export async function compileBinding({ home, scratch, compiler }) {
  const problem = await fetchNodeHeaders({ home, scratch });
  if (problem) return problem;
  const sources = readdirSync(join(home, 'binding')).filter((name) => name.endsWith('.cc'));
  const include = forwardingHeaders(join(home, 'binding'), join(scratch, 'include'));
  const target = `lib/napi-v${NAPI_VERSION}/tfjs_binding.node`;
  mkdirSync(dirname(join(home, target)), { recursive: true });
  const args = [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...[`-I${include}`, `-I${join(scratch, 'package/include')}`],
    ...sources.map((name) => `binding/${name}`),
    ...['-Ldeps/lib', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...['-o', target],
  ];
  const { status } = spawnSync(compiler, args, { cwd: home, stdio: ['ignore', 2, 2] });
  return status === 0 ? undefined : `${compiler} could not compile the binding: see above.`;
}

async function fetchNodeHeaders({ home, scratch }) {
  const status = npm(['pack', '--silent', HEADERS.package, '--pack-destination', scratch], { cwd: scratch });
  if (status !== 0) return `npm could not fetch ${HEADERS.package}: see above.`;
  const archive = join(scratch, HEADERS.file);
  const found = await sha256Of(archive);
  if (found !== HEADERS.sha256) return `${HEADERS.file} has the SHA-256 sum ${found}, not ${HEADERS.sha256}. It was not unpacked.`;
  createRequire(join(home, 'package.json'))('tar').extract({ file: archive, cwd: scratch, sync: true });
  return undefined;
}

/** A header at each path of TensorFlow's that the sources include, all of which lead to our one. */
function forwardingHeaders(sources, include) {
  mkdirSync(include, { recursive: true });
  copyFileSync(C_API, join(include, 'tensorflow-c-api.h'));
  for (const name of readdirSync(sources)) {
    for (const [, path] of readFileSync(join(sources, name), 'utf8').matchAll(/^#include "(tensorflow\/[\w/.]+)"/gm)) {
      mkdirSync(dirname(join(include, path)), { recursive: true });
      writeFileSync(join(include, path), '#include <tensorflow-c-api.h>\n');
    }
  }
  return include;
}
