import type { TensorFlow } from '../tensor/open-tensors';
import type { MatrixProduct } from './invert-symmetric';

/** By TensorFlow.js, whichever library computes it: ten times as fast as plain loops already on wasm. */
export const tensorProduct =
  (tf: TensorFlow): MatrixProduct =>
  (a, b, rows, inner, columns) => {
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [rows, inner]), tf.tensor2d(b, [inner, columns])));
    const values = product.dataSync<'float32'>();
    product.dispose();
    return values;
  };

/** In plain typed arrays, sums in float32: for matrices too small to be worth the loading of TensorFlow.js. */
export const plainProduct: MatrixProduct = (a, b, rows, inner, columns) => {
  const product = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    for (let k = 0; k < inner; k++) {
      const scale = a[i * inner + k]!;
      if (scale === 0) continue;
      const from = k * columns;
      for (let j = 0; j < columns; j++) product[at + j]! += scale * b[from + j]!;
    }
  }
  return product;
};
