import { gaussian, type Random } from '../../platform/random';

/** What fixes the shape of a tower. */
export interface TowerShape {
  /** Numbers of an item, a position and a user. */
  readonly dimensions: number;
  /** Positions read at most. */
  readonly length: number;
  readonly blocks: number;
  /** Divides `dimensions`. */
  readonly heads: number;
  /** Numbers in the hidden layer of a block's feed-forward part. */
  readonly hidden: number;
}

/** All that is learnt. */
export interface Parameters {
  /** [items × dimensions]: what an item is as input, and what a state is compared with. */
  readonly table: Float32Array;
  /** [length × dimensions] */
  readonly positions: Float32Array;
  /** The parts of `layout`. */
  readonly weights: Float32Array;
}

/** Added to the variance by layer normalisation. */
export const EPSILON = 1e-6;

/** Parts of a block, and of the end of the tower, in the order in which `layout` puts them. Matrices are [in × out], row-major. */
const BLOCK_PARTS = ['gain1', 'shift1', 'query', 'key', 'value', 'out', 'gain2', 'shift2', 'in', 'inBias', 'back', 'backBias'] as const;
export type BlockPart = (typeof BLOCK_PARTS)[number];

/** Where a part lies in the array of all weights, and its shape. */
export interface Part {
  readonly name: string;
  readonly start: number;
  readonly shape: readonly [number] | readonly [number, number];
}

export const partName = (block: number, part: BlockPart): string => `${part}.${block}`;

/** The parts of a tower in their order, without gaps; the last two are `gain` and `shift` of the final normalisation. */
export function layout({ dimensions: d, hidden: f, blocks }: TowerShape): Part[] {
  const shapes: Readonly<Record<BlockPart, Part['shape']>> = {
    gain1: [d],
    shift1: [d],
    query: [d, d],
    key: [d, d],
    value: [d, d],
    out: [d, d],
    gain2: [d],
    shift2: [d],
    in: [d, f],
    inBias: [f],
    back: [f, d],
    backBias: [d],
  };
  const parts: Part[] = [];
  let start = 0;
  const put = (name: string, shape: Part['shape']): void => {
    parts.push({ name, start, shape });
    start += sizeOf(shape);
  };
  for (let block = 0; block < blocks; block++) for (const part of BLOCK_PARTS) put(partName(block, part), shapes[part]);
  put('gain', [d]);
  put('shift', [d]);
  return parts;
}

export const sizeOf = (shape: Part['shape']): number => shape.reduce((product: number, n: number) => product * n, 1);

/** Gains 1, shifts and biases 0, matrices normal with σ = √(2 / (in + out)) (Glorot & Bengio, AISTATS 2010). */
export function randomWeights(shape: TowerShape, random: Random): Float32Array {
  const parts = layout(shape);
  const last = parts.at(-1)!;
  const weights = new Float32Array(last.start + sizeOf(last.shape));
  for (const { name, start, shape: size } of parts) {
    const end = start + sizeOf(size);
    if (size.length === 2) {
      const sigma = Math.sqrt(2 / (size[0] + size[1]));
      for (let k = start; k < end; k++) weights[k] = gaussian(random) * sigma;
    } else if (name.startsWith('gain')) weights.fill(1, start, end);
  }
  return weights;
}
