import type { DenseLayer } from './dense-weights';

/** Outputs computed at once: their sums stay in registers, and each input is loaded once for all of them. */
const LANES = 8;

/**
 * One layer for one input at a time, in plain typed arrays: ReLU(kernelᵀ x + bias). Zeros of x are not passed over: half of them are, but at
 * random, and a mispredicted branch costs more than four products. Not for concurrent use.
 */
export class LayerPass {
  /** [outputs / 8 rounded up][inputs × 8], padded with zeros. */
  private readonly panels: readonly Float64Array[];
  private readonly bias: Float64Array;
  private readonly out: Float64Array;
  private readonly result: Float64Array;

  constructor({ inputs, outputs, kernel, bias }: DenseLayer) {
    const count = Math.ceil(outputs / LANES);
    this.panels = Array.from({ length: count }, (_, p) => {
      const panel = new Float64Array(inputs * LANES);
      const lanes = Math.min(LANES, outputs - p * LANES);
      for (let k = 0; k < inputs; k++) {
        for (let lane = 0; lane < lanes; lane++) panel[k * LANES + lane] = kernel[k * outputs + p * LANES + lane]!;
      }
      return panel;
    });
    this.bias = new Float64Array(count * LANES);
    this.bias.set(bias);
    this.out = new Float64Array(count * LANES);
    this.result = this.out.subarray(0, outputs);
  }

  /** [outputs], valid until the next call. `x` is [inputs]. */
  run(x: Float64Array): Float64Array {
    for (let p = 0; p < this.panels.length; p++) this.runPanel(this.panels[p]!, x, p * LANES);
    return this.result;
  }

  private runPanel(panel: Float64Array, x: Float64Array, o: number): void {
    const { bias, out } = this;
    let [a, b, c, d] = [bias[o]!, bias[o + 1]!, bias[o + 2]!, bias[o + 3]!];
    let [e, f, g, h] = [bias[o + 4]!, bias[o + 5]!, bias[o + 6]!, bias[o + 7]!];
    for (let k = 0, at = 0; k < x.length; k++, at += LANES) {
      const value = x[k]!;
      a += value * panel[at]!;
      b += value * panel[at + 1]!;
      c += value * panel[at + 2]!;
      d += value * panel[at + 3]!;
      e += value * panel[at + 4]!;
      f += value * panel[at + 5]!;
      g += value * panel[at + 6]!;
      h += value * panel[at + 7]!;
    }
    out[o] = Math.max(a, 0);
    out[o + 1] = Math.max(b, 0);
    out[o + 2] = Math.max(c, 0);
    out[o + 3] = Math.max(d, 0);
    out[o + 4] = Math.max(e, 0);
    out[o + 5] = Math.max(f, 0);
    out[o + 6] = Math.max(g, 0);
    out[o + 7] = Math.max(h, 0);
  }
}
