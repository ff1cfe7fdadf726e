import type { Tensor1D, Tensor2D, Tensor3D, Tensor } from '@tensorflow/tfjs-core';

/** TensorFlow.js's operations, whichever library computes them. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');
export type { Tensor, Tensor1D, Tensor2D, Tensor3D };

/** `tfjs-node`: TensorFlow's native library, where it loads; `wasm`: WebAssembly with SIMD, one thread, everywhere. */
export const TENSOR_BACKENDS = ['tfjs-node', 'wasm'] as const;
export type TensorBackend = (typeof TENSOR_BACKENDS)[number];

export interface Tensors {
  readonly tf: TensorFlow;
  readonly backend: TensorBackend;
}

/**
 * The one door to TensorFlow.js: loads it on the first call, in this process. `auto`: tfjs-node where its native library loads, else wasm.
 * @throws Error when the backend that was asked for by name does not load.
 */
export async function openTensors(wanted: TensorBackend | 'auto' = 'auto'): Promise<Tensors> {
  const tf = await import('@tensorflow/tfjs-core');
  if (wanted !== 'wasm' && (await useNative(tf, wanted === 'auto'))) return { tf, backend: 'tfjs-node' };
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  await tf.ready();
  return { tf, backend: 'wasm' };
}

async function useNative(tf: TensorFlow, optional: boolean): Promise<boolean> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    const name = '@tensorflow/tfjs-node';
    await import(name);
    return await tf.setBackend('tensorflow');
  } catch (error) {
    if (optional) return false;
    throw error;
  }
}
