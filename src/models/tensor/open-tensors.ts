import { openNative } from './native-backend';
import type { TensorBackend, TensorFlow, TensorLibrary, Tensors } from './tensor-library';
import { openWasm } from './wasm-backend';

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorBackend, TensorFlow, TensorLibrary, Tensors } from './tensor-library';
export { TENSOR_BACKENDS } from './tensor-library';

/** TensorFlow.js is one engine a process, so what is open is known once a process too. */
let last: Promise<Tensors> | undefined;
let opened: TensorLibrary | undefined;

/**
 * The one door to TensorFlow.js: loads it on the first call, in this process (0.1–1 s, and 20–150 MB that stay). `auto`: tfjs-node where its
 * native library loads, else wasm.
 *
 * A process computes with one backend at a time. Calls may overlap: each waits for the one before. Another backend than the open one can be
 * asked for once no tensor is alive, so no computation changes its backend half-way. So a fit leaves nothing behind, also when it
 * throws: everything in `tf.tidy`, variables and optimisers disposed of in a `finally`. The memory of wasm grows to the largest need and
 * is given back by the end of the process only.
 * @throws Error when the backend that was asked for by name does not load, or while tensors of another one are alive.
 */
export function openTensors(wanted: TensorBackend | 'auto' = 'auto'): Promise<Tensors> {
  const before = last ?? Promise.resolve();
  const next = before.then(
    () => open(wanted),
    () => open(wanted), // the one before failed; its caller knows
  );
  last = next;
  return next;
}

/** What `openTensors` opened last in this process; undefined: nothing yet. Loads nothing. */
export const openedTensors = (): TensorLibrary | undefined => opened;

async function open(wanted: TensorBackend | 'auto'): Promise<Tensors> {
  const tf = await import('@tensorflow/tfjs-core');
  tf.enableProdMode(); // no banners and hints on the console; it does nothing else
  const library = await choose(tf, wanted);
  opened = library;
  return { tf, ...library };
}

async function choose(tf: TensorFlow, wanted: TensorBackend | 'auto'): Promise<TensorLibrary> {
  if (wanted === 'wasm') return openWasm(tf, undefined);
  const native = await openNative(tf);
  if ('version' in native) return { backend: 'tfjs-node', version: native.version, reason: undefined };
  if (wanted === 'auto') return openWasm(tf, native.reason);
  throw new Error(`tfjs-node does not load: ${native.reason}`, { cause: native.cause });
}
