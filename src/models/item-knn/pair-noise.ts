import { createCipheriv, createHash } from 'node:crypto';

const BLOCK_BYTES = 16;
const HALF = 2 ** 26;
const STEPS = 2 ** 53;

/**
 * Standard normal draws, one for each unordered pair of numbers, that nobody can foretell without the seed: AES-256 under a key out of the seed takes each
 * pair to 128 bits, and Box–Muller takes these to a draw. Equal seeds give equal draws.
 */
export class PairNoise {
  private readonly cipher;

  constructor(seed: string) {
    this.cipher = createCipheriv('aes-256-ecb', createHash('sha256').update(seed).digest(), null);
    this.cipher.setAutoPadding(false);
  }

  /** [others] the draws of the pairs of `a`, in [0, 2³²), and each other; that of {a, b} is the same from either side. */
  draws(a: number, others: readonly number[]): Float64Array {
    const pairs = new Uint32Array((others.length * BLOCK_BYTES) / Uint32Array.BYTES_PER_ELEMENT);
    others.forEach((b, k) => {
      pairs[4 * k] = Math.min(a, b);
      pairs[4 * k + 1] = Math.max(a, b);
    });
    const bits = this.cipher.update(new Uint8Array(pairs.buffer));
    return Float64Array.from(others, (_, k) => {
      const [first, second] = [uniform(bits, k * BLOCK_BYTES), uniform(bits, k * BLOCK_BYTES + BLOCK_BYTES / 2)];
      return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
    });
  }
}

/** 53 of 64 bits as a number in [0, 1). */
const uniform = (bits: Buffer, at: number): number => ((bits.readUInt32LE(at) >>> 5) * HALF + (bits.readUInt32LE(at + 4) >>> 6)) / STEPS;
