import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TENSOR_BACKENDS, type TensorBackend } from '../../../src/models/tensor/open-tensors';

const BINDING = join(__dirname, '../../../node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');

/** Whether tfjs-node is built here. Where it is, it has to load: a test of it that cannot open it fails. */
export const NATIVE_IS_INSTALLED = existsSync(BINDING);

/** The backends to run tests over, for `describe.each`. */
export const INSTALLED_BACKENDS: readonly TensorBackend[] = TENSOR_BACKENDS.filter((name) => name === 'wasm' || NATIVE_IS_INSTALLED);

if (!NATIVE_IS_INSTALLED) process.stderr.write('left out: tests on tfjs-node, because it is not built here (npm run install:tfjs-node)\n');
