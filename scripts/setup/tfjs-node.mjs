import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './packages.mjs';
import { ROOT } from './paths.mjs';

export const PACKAGE = '@tensorflow/tfjs-node';
/** Where npm puts it. */
export const HOME = join(ROOT, 'node_modules', PACKAGE);

/** Numbers, strings and a gradient, computed by the native library; the lines for Node 23 are those of src/models/tensor/native-backend.ts. */
const PROBE = `
  const util = require('node:util');
  Object.assign(util, { isArray: Array.isArray, isNullOrUndefined: (value) => value === null || value === undefined });
  const tf = require('${PACKAGE}');
  const table = tf.variable(tf.tensor2d([[1, 2], [3, 4], [5, 6]]));
  const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(tf.gather(table, tf.tensor1d([2, 2, 0], 'int32')))));
  const found = [tf.getBackend(), value.dataSync()[0], ...Object.values(grads)[0].dataSync(), tf.tensor1d(['né']).dataSync()[0]].join(' ');
  if (found !== 'tensorflow 127 2 4 0 0 20 24 né') throw new Error('it computes wrongly: ' + found);
  process.stdout.write('TensorFlow ' + tf.backend().binding.TF_Version);
`;

/** Loads the package in a process of its own and computes with it: `{ works: "TensorFlow 2.10.1" }`, or `{ problem }`. */
export function probe() {
  if (!existsSync(HOME)) return { problem: `${PACKAGE} is not in node_modules` };
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', PROBE], { cwd: ROOT, env, encoding: 'utf8' });
  return status === 0 ? { works: stdout.trim() } : { problem: stderr.trim() || `it ended by ${signal ?? `status ${status}`}` };
}

/**
 * Puts the package, of the version in package.json, into node_modules without running its install script; package.json and the lock file stay
 * as they are. undefined, or what went wrong.
 */
export function addPackage() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const status = npm(['install', '--no-save', '--ignore-scripts', `${PACKAGE}@${optionalDependencies[PACKAGE]}`]);
  return status === 0 && existsSync(HOME) ? undefined : `npm did not install ${PACKAGE}: see above.`;
}
