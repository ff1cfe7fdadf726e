import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * TensorFlow.js's operations, whichever library computes them. Call them as functions (`tf.add(a, b)`): methods of
 * tensors (`a.add(b)`) exist where tfjs-node was loaded only.
 */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');
export type { Tensor, Tensor1D, Tensor2D, Tensor3D };

/** `tfjs-node`: TensorFlow's native library, where it loads; `wasm`: WebAssembly with SIMD, one thread, everywhere. */
export const TENSOR_BACKENDS = ['tfjs-node', 'wasm'] as const;
export type TensorBackend = (typeof TENSOR_BACKENDS)[number];

/** What computes, as logs, metrics and the records of models name it. */
export interface TensorLibrary {
  readonly backend: TensorBackend;
  /** Of the package, and what it runs on: "4.22.0, TensorFlow 2.10.1", "4.22.0, SIMD" or "4.22.0, no SIMD". */
  readonly version: string;
  /** Why it is not tfjs-node, when that would have been taken; undefined otherwise. */
  readonly reason: string | undefined;
}

export interface Tensors extends TensorLibrary {
  readonly tf: TensorFlow;
}
