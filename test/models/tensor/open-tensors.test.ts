import { openedTensors, openTensors } from '../../../src/models/tensor/open-tensors';
import { NATIVE_IS_INSTALLED } from './installed-backends';

it('says what it opened, and the same to those that ask again', async () => {
  const { tf, ...library } = await openTensors('wasm');
  expect(library).toEqual({ backend: 'wasm', version: library.version, reason: undefined });
  expect(library.version).toMatch(/^4\.22\.0, (no )?SIMD$/);
  expect(openedTensors()).toEqual(library);
  expect((await openTensors('wasm')).tf).toBe(tf);
});

it('takes tfjs-node where it loads, and says why where it does not', async () => {
  const { backend, version, reason } = await openTensors();
  if (NATIVE_IS_INSTALLED) {
    expect([backend, reason]).toEqual(['tfjs-node', undefined]);
    expect(version).toMatch(/^4\.22\.0, TensorFlow 2\.\d+\.\d+$/);
  } else {
    expect(backend).toBe('wasm');
    expect(reason).toContain('npm run install:tfjs-node');
    await expect(openTensors('tfjs-node')).rejects.toThrow(/tfjs-node does not load: .*not installed/);
  }
});

it('opens once for callers that come at the same time', async () => {
  const opened = await Promise.all([openTensors('wasm'), openTensors('wasm'), openTensors('wasm')]);
  expect(new Set(opened.map(({ tf }) => tf)).size).toBe(1);
  expect(opened[0].tf.getBackend()).toBe('wasm');
});

it('goes on after a call that failed', async () => {
  const { tf } = await openTensors('wasm');
  const tensor = tf.tensor1d([1, 2]);
  const [native, wasm] = await Promise.allSettled([openTensors('tfjs-node'), openTensors('wasm')]); // installed or not: it may not switch now
  expect([native.status, wasm.status]).toEqual(['rejected', 'fulfilled']);
  expect(tf.tidy(() => [...tf.square(tensor).dataSync()])).toEqual([1, 4]);
  tensor.dispose();
});

it('does not change the handlers of errors of the process', async () => {
  const before = ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
  await openTensors('wasm');
  expect(['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event))).toEqual(before);
});

const bothBackends = (name: string, test: () => Promise<void>): void => {
  if (NATIVE_IS_INSTALLED) it(name, test);
};

bothBackends('changes the backend only when no tensor is alive', async () => {
  const { tf } = await openTensors('wasm');
  const tensor = tf.tensor1d([1, 2]);
  await expect(openTensors('tfjs-node')).rejects.toThrow('1 tensors of the backend wasm are alive');
  expect(tf.getBackend()).toBe('wasm');
  tensor.dispose();
  expect((await openTensors('tfjs-node')).backend).toBe('tfjs-node');
  expect(tf.getBackend()).toBe('tensorflow');
});
