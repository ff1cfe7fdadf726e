import { attention } from '../../src/models/attention/attention';
import { AttentionScorer, type AttentionSnapshot } from '../../src/models/attention/attention-scorer';
import { calibratedLoss, positivePower } from '../../src/models/attention/calibrated-loss';
import { softmaxLoss, type NextItemLoss } from '../../src/models/attention/next-item-loss';
import { ATTENTION_DEFAULTS } from '../../src/models/attention/options';
import { SparseScores } from '../../src/models/sparse-scores';
import { openTensors } from '../../src/models/tensor/open-tensors';
import { gaussian, seededRandom } from '../../src/platform/random';
import { INSTALLED_BACKENDS } from './tensor/installed-backends';
import { trainingEvents, type EventTuple } from './training-events';

/** Loss and gradients for states [rows × dimensions]. */
async function ask(loss: NextItemLoss, states: Float32Array, table: Float32Array, right: readonly number[]) {
  const { tf } = await openTensors(INSTALLED_BACKENDS[0]);
  const tensor = tf.tensor2d(states, [right.length, states.length / right.length]);
  const asked = loss(tf, tensor, { table, right: Int32Array.from(right) });
  const ofStates = Float32Array.from(asked.states.dataSync<'float32'>());
  tensor.dispose();
  asked.states.dispose();
  return { loss: asked.loss, ofTable: asked.table, ofStates };
}

describe('the losses of self-attention', () => {
  it('calibrate by β as in gSASRec: 1 for t = 0, α for t = 1', () => {
    // 10 of 100 possible negatives: α = .1; half way β = .1 · (.5 · (1 − 10) + 10) = .55
    expect(positivePower(10, 101, 0)).toBeCloseTo(1, 12);
    expect(positivePower(10, 101, 1)).toBeCloseTo(0.1, 12);
    expect(positivePower(10, 101, 0.5)).toBeCloseTo(0.55, 12);
    expect(positivePower(500, 101, 0.5)).toBeCloseTo(1, 12); // never more than all
  });

  // One state (1, 2); candidates (1, 0), (0, 1), (1, 1): logits 1, 2, 3; the second is right. A row of padding beside it.
  const states = Float32Array.of(1, 2, 9, 9);
  const table = Float32Array.of(1, 0, 0, 1, 1, 1);
  const softplus = (z: number): number => Math.log1p(Math.exp(z));

  it('cross-entropy by hand: ln Σ e^z − z of the right one', async () => {
    const { loss } = await ask(softmaxLoss(), states, table, [1, -1]);
    expect(loss).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3) - 2, 5);
  });

  it('cross-entropy of drawn candidates by hand: logits are raised by −ln of the chance to be drawn', async () => {
    const { loss } = await ask(softmaxLoss(Float32Array.of(1, 1, 0.5)), states, table, [1, -1]);
    expect(loss).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + 2 * Math.E ** 3) - 2, 5);
  });

  it('calibrated cross-entropy by hand: β softplus(−z) of the right one and softplus(z) of the drawn others', async () => {
    expect((await ask(calibratedLoss(0.5), states, table, [1, -1])).loss).toBeCloseTo(0.5 * softplus(-2) + softplus(1) + softplus(3), 5);
    const firstAlone = calibratedLoss(0.5, Float32Array.of(1, 1, 0));
    expect((await ask(firstAlone, states, table, [1, -1])).loss).toBeCloseTo(0.5 * softplus(-2) + softplus(1), 5);
  });

  const LOSSES: readonly [string, NextItemLoss][] = [
    ['softmax', softmaxLoss()],
    ['sampled softmax', softmaxLoss(Float32Array.of(1, 0.3, 0.7, 0.2, 0.9))],
    ['gbce', calibratedLoss(0.4)],
    ['gbce of some candidates', calibratedLoss(0.4, Float32Array.of(1, 0, 1, 1, 0))],
  ];

  it.each(LOSSES)('%s: the gradient written by hand agrees with finite differences', async (_name, loss) => {
    const random = seededRandom(11);
    const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => gaussian(random));
    const [given, candidates] = [normals(4 * 3), normals(5 * 3)];
    const right = [2, 0, -1, 2];
    const { ofStates, ofTable } = await ask(loss, given, candidates, right);
    const step = 1e-2; // of 32-bit numbers
    const slopeAt = async (of: Float32Array, at: number): Promise<number> => {
      const moved = async (by: number): Promise<number> => {
        const copy = of.slice();
        copy[at]! += by;
        return (await ask(loss, of === given ? copy : given, of === given ? candidates : copy, right)).loss;
      };
      return ((await moved(step)) - (await moved(-step))) / (2 * step);
    };
    for (let at = 0; at < given.length; at++) expect(ofStates[at]).toBeCloseTo(await slopeAt(given, at), 2);
    for (let at = 0; at < candidates.length; at++) expect(ofTable[at]).toBeCloseTo(await slopeAt(candidates, at), 2);
  });
});

describe('a score of self-attention, by hand', () => {
  // One block that adds nothing: the state is the newest item, normalised: (1, 0) → (1, −1), (0, 3) → (−1, 1).
  const block = [1, 1, 0, 0, ...Array.from({ length: 16 }, () => 0), 1, 1, 0, 0, ...Array.from({ length: 12 }, () => 0)];
  const snapshot = (similarity: 'dot' | 'cosine'): AttentionSnapshot => ({
    items: ['a', 'b'],
    backend: 'wasm',
    dimensions: 2,
    length: 2,
    blocks: 1,
    heads: 1,
    hidden: 2,
    similarity,
    temperature: 0.5,
    table: Float32Array.of(1, 0, 0, 3),
    positions: new Float32Array(4),
    weights: Float32Array.from([...block, 1, 1, 0, 0]),
    centroids: new Float32Array(0),
    cellStart: new Uint32Array(1),
    members: new Uint32Array(0),
  });
  const scoresAfter = (similarity: 'dot' | 'cosine', row: number): number[] => {
    const into = new SparseScores();
    const scorer = new AttentionScorer(snapshot(similarity), Int32Array.of(7, 8), 100);
    scorer.score({ history: [{ row, weight: 1, at: 0 }], seen: [row], now: 0 }, into, 10);
    return [7, 8].map((item) => into.get(item));
  };
  const softmax = (a: number, b: number): number[] => [Math.exp(a), Math.exp(b)].map((e) => e / (Math.exp(a) + Math.exp(b)));

  it('is the softmax of the dot products of user and item', () => {
    softmax(1, -3).forEach((share, k) => expect(scoresAfter('dot', 7)[k]).toBeCloseTo(share, 4));
    softmax(-1, 3).forEach((share, k) => expect(scoresAfter('dot', 8)[k]).toBeCloseTo(share, 4));
  });

  it('is the softmax of their cosines over the temperature', () => {
    const cosine = Math.SQRT1_2; // of (1, −1) and (1, 0), and −cosine of (1, −1) and (0, 3)
    softmax(cosine / 0.5, -cosine / 0.5).forEach((share, k) => expect(scoresAfter('cosine', 7)[k]).toBeCloseTo(share, 4));
  });

  it('says nothing to a history without known items', () => expect(scoresAfter('dot', 3)).toEqual([0, 0]));
});

describe('a fit of self-attention', () => {
  const random = seededRandom(2);
  const events = trainingEvents(
    Array.from({ length: 40 }, (_, user) =>
      Array.from({ length: 8 }, (): EventTuple => [`u${user}`, `i${Math.floor(random() * 12)}`]),
    ).flat(),
  );
  const options = {
    ...ATTENTION_DEFAULTS,
    dimensions: 8,
    hidden: 8,
    length: 6,
    epochs: 2,
    backend: INSTALLED_BACKENDS[0] ?? 'auto',
  } as const;

  it.each(['softmax', 'gbce'] as const)('gives the same bits for the same seed, and others for another (%s)', async (loss) => {
    const fitted = await attention.fit(events, { ...options, loss });
    expect(await attention.fit(events, { ...options, loss })).toEqual(fitted);
    expect((await attention.fit(events, { ...options, loss, seed: 2 })).table).not.toEqual(fitted.table);
  });

  it('stops at what is no number, and says where', async () => {
    const astray = attention.fit(events, { ...options, learningRate: 1e38, warmUp: 0 });
    await expect(astray).rejects.toThrow(/not a finite number in epoch \d+, step \d+/);
  });
});
