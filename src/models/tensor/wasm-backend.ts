import type { TensorFlow, TensorLibrary } from './tensor-library';
import { switchBackend } from './switch-backend';

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * WebAssembly, one thread (in Node it has no more). Node finds the binary beside the package's own code. `reason`: why it is not tfjs-node.
 * @throws Error when WebAssembly does not start, or while tensors of another backend are alive.
 */
export async function openWasm(tf: TensorFlow, reason: string | undefined): Promise<TensorLibrary> {
  const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  await import('@tensorflow/tfjs-layers'); // for the gradients that it registers: tfjs-core, as Node loads it, has none (tfjs-node brings them)
  await keepingErrorHandlers(() => switchBackend(tf, 'wasm'));
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { backend: 'wasm', version: `${version}, ${simd ? 'SIMD' : 'no SIMD'}`, reason };
}

/** The Emscripten code adds handlers of errors to the process that throw them again: this process has its own opinion on errors. */
async function keepingErrorHandlers(start: () => Promise<void>): Promise<void> {
  const before = EVENTS.map((event) => process.rawListeners(event));
  try {
    await start();
  } finally {
    EVENTS.forEach((event, k) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[k]!.includes(listener)) process.removeListener(event, listener as () => void);
      }
    });
  }
}
