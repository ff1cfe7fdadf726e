import type { TensorFlow } from './tensor-library';

/**
 * @throws Error when tensors of another backend than `name` are alive. TensorFlow.js would move them over one by one: right, but
 * slow, and no longer the same bits.
 */
export function assertMaySwitch(tf: TensorFlow, name: string): void {
  const current = tf.getBackend();
  const { numTensors } = tf.engine().state; // tf.memory() asks the backend, which need not be there yet
  if (!current || current === name || numTensors === 0) return;
  throw new Error(`${numTensors} tensors of the backend ${current} are alive in this process: dispose of them before ${name} is opened`);
}

/**
 * Makes `name` compute from now on, and checks that it does.
 * @throws Error when it does not start, or computes wrongly.
 */
export async function switchBackend(tf: TensorFlow, name: string): Promise<void> {
  assertMaySwitch(tf, name);
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} did not start`);
  const [sum] = tf.tidy(() => tf.add(tf.tensor1d([1, 2]), tf.tensor1d([2, 3])).dataSync<'float32'>());
  if (sum !== 3) throw new Error(`the backend ${name} computes 1 + 2 = ${sum}`);
}
