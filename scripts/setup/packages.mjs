import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * The install script of the optional @tensorflow/tfjs-node would fetch hundreds of megabytes that nobody asked for, or wait for a server that
 * does not answer. No address: it fails at once, and npm leaves the package out. `npm run install:tfjs-node` is for those who want it.
 */
const NO_UNASKED_DOWNLOAD = { TFJS_NODE_CDN_STORAGE: 'none:' };

/** True unless node_modules holds what package-lock.json names. */
export function needsPackages() {
  const wanted = readJson(join(ROOT, 'package-lock.json'));
  if (wanted === undefined) return readJson(join(ROOT, 'node_modules/.package-lock.json')) === undefined;
  return lacksPackages(wanted, readJson(join(ROOT, 'node_modules/.package-lock.json')));
}

/**
 * Whether an install is missing or differs from the lock file. `installed` is npm's own record of what it put there, which
 * it writes last: an install that was cut off has none. Optional packages may be absent (they are for other platforms).
 */
export function lacksPackages(wanted, installed) {
  if (installed === undefined) return true;
  return Object.entries(wanted.packages ?? {}).some(([path, { version, optional, devOptional, peer, link }]) => {
    if (path === '' || link) return false;
    const there = (installed.packages ?? {})[path];
    if (there === undefined) return !(optional || devOptional || peer);
    return there.version !== version;
  });
}

/** Installs by `npm ci`, else by `npm install`; undefined when done, otherwise what went wrong. */
export function installPackages(say) {
  say('installing packages (npm ci): this takes a minute or two the first time');
  if (npm(['ci']) === 0) return undefined;
  say('npm ci did not succeed (see above); trying npm install, which may change package-lock.json');
  if (npm(['install']) === 0) return undefined;
  return (
    'The packages could not be installed: npm says why above.\n' +
    'Without a network, or behind a proxy, set npm up first (npm config set proxy …, or registry …), then run this again.'
  );
}

/** Runs npm with `words` and what every call of ours has; its exit status. */
export function npm(words, { cwd = ROOT } = {}) {
  // --include=dev: NODE_ENV=production must not leave out the compiler. Its output goes to stderr, ours is stdout.
  const args = [...words, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...cacheArguments()];
  const ours = process.env.npm_execpath;
  const [program, ...script] = ours && basename(ours) === 'npm-cli.js' ? [process.execPath, ours] : ['npm'];
  const { status, error } = spawnSync(program, [...script, ...args], {
    cwd,
    stdio: ['ignore', 2, 2],
    env: { ...NO_UNASKED_DOWNLOAD, ...process.env },
  });
  if (error) process.stderr.write(`${error.message}\n`);
  return status ?? 1;
}

/** A home folder that is missing or read-only cannot hold npm's cache; nor need it. */
function cacheArguments() {
  if (process.env.npm_config_cache && isWritable(process.env.npm_config_cache)) return [];
  return isWritable(homedir()) ? [] : ['--cache', join(tmpdir(), 'beckon-npm-cache')];
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
