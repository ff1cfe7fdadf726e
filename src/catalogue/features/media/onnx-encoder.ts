import { z } from 'zod';
import { BeckonError } from '../../../platform/errors';

/** A local encoder of images in ONNX form. */
export const onnxSettings = z.strictObject({
  path: z.string().min(1).describe('Path of the model’s file, on every worker.'),
  side: z.int().min(8).max(1024).default(224).describe('Side of the square that it reads, in pixels.'),
  mean: z.array(z.number()).length(3).default([0.485, 0.456, 0.406]).describe('Taken from each colour, of 0 to 1.'),
  deviation: z.array(z.number().gt(0)).length(3).default([0.229, 0.224, 0.225]).describe('What is left is divided by it.'),
});
export type OnnxSettings = z.output<typeof onnxSettings>;

/** The part of `onnxruntime-node` that is used. */
interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
  readonly InferenceSession: {
    create(path: string): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, { readonly data: ArrayLike<number> }>>>;
    }>;
  };
}

/** Not a dependency: who configures an encoder installs it. In a variable, so that nothing looks for it before. */
const PACKAGE = 'onnxruntime-node';
/** Longest vector that an item may carry. */
const MOST_NUMBERS = 4096;

export type LoadRuntime = () => Promise<unknown>;
const installed: LoadRuntime = () => import(PACKAGE);

/**
 * Resolves when the encoder could be used: its package is there.
 * @throws BeckonError BAD_INPUT that says what to install.
 */
export async function openOnnxRuntime(load: LoadRuntime = installed): Promise<OnnxRuntime> {
  try {
    return (await load()) as OnnxRuntime;
  } catch (cause) {
    throw unusable('features.encoder', `needs the package ${PACKAGE}, which is not installed: npm install ${PACKAGE}`, cause);
  }
}

/**
 * The first output of the model for one image, flattened: `pixels` is side × side, RGB, row by row; the model is given [1, 3, side, side].
 * @throws BeckonError BAD_INPUT when the package or the model cannot be used, or its output is not 1 to 4,096 numbers.
 */
export async function encodeImage(pixels: Uint8Array, settings: OnnxSettings, load?: LoadRuntime): Promise<number[]> {
  const { Tensor, InferenceSession } = await openOnnxRuntime(load);
  const { path, side } = settings;
  const session = await InferenceSession.create(path).catch((cause: unknown) => {
    throw unusable('features.encoder.path', 'must be the path of a model in ONNX form', cause);
  });
  const outputs = await session.run({ [session.inputNames[0]!]: new Tensor('float32', planes(pixels, settings), [1, 3, side, side]) });
  const vector = Array.from(outputs[session.outputNames[0]!]?.data ?? []);
  if (vector.length < 1 || vector.length > MOST_NUMBERS || !vector.every(Number.isFinite)) {
    throw unusable('features.encoder.path', `the model’s first output must be 1 to ${MOST_NUMBERS} finite numbers`);
  }
  return vector;
}

const unusable = (field: string, message: string, cause?: unknown): BeckonError =>
  new BeckonError('BAD_INPUT', `${field}: ${message}`, { field, cause });

/** One colour after the other, as models want them. */
function planes(pixels: Uint8Array, { side, mean, deviation }: OnnxSettings): Float32Array {
  const area = side * side;
  return Float32Array.from({ length: 3 * area }, (_, k) => {
    const colour = Math.floor(k / area);
    return (pixels[3 * (k % area) + colour]! / 255 - mean[colour]!) / deviation[colour]!;
  });
}
