import { ItemIndex } from '../../src/models/item-index';
import type { Scorer } from '../../src/models/model';
import { denseLength, denseWeights, type NcfShape } from '../../src/models/ncf/dense-weights';
import { fuse, ncf } from '../../src/models/ncf/ncf';
import type { NcfOptions } from '../../src/models/ncf/ncf-options';
import { shapeOf, softplus, type NcfScorer, type NcfSnapshot } from '../../src/models/ncf/ncf-scorer';
import { Tower } from '../../src/models/ncf/tower';
import { trainNcf } from '../../src/models/ncf/train-ncf';
import { decodeSnapshot, encodeSnapshot } from '../../src/models/snapshot-codec';
import { SparseScores } from '../../src/models/sparse-scores';
import { openTensors, TENSOR_BACKENDS, type TensorBackend, type TensorFlow } from '../../src/models/tensor/open-tensors';
import { topRows } from '../../src/models/top-k';
import { userVectors } from '../../src/models/user-knn/user-vectors';
import { BeckonError } from '../../src/platform/errors';
import { seededRandom } from '../../src/platform/random';
import { bestUnseen, queryOf, scoresOf, trainingEvents, type EventTuple } from './training-events';

const range = (length: number): number[] => Array.from({ length }, (_, k) => k);
const small: NcfOptions = {
  ...ncf.defaults,
  gmfDimensions: 8,
  mlpDimensions: 8,
  widths: '8-4',
  learningRate: 0.02,
  leastSteps: 150,
  historyDropout: 0,
  profileDecay: 1,
  normExponent: 0.5,
  backend: 'wasm', // there in every install: these tests fit alike in all
};

async function tensorsOf(backend: TensorBackend): Promise<TensorFlow | undefined> {
  try {
    return (await openTensors(backend)).tf;
  } catch (error) {
    process.stderr.write(`left out: ${backend} does not load here (${String(error).slice(0, 80)})\n`);
    return undefined;
  }
}

function scorerOf(snapshot: NcfSnapshot, options: NcfOptions = small): { readonly index: ItemIndex; readonly scorer: NcfScorer } {
  const index = new ItemIndex();
  return { index, scorer: ncf.scorer(snapshot, index, options)! };
}

/** A network over items a, b with round numbers: see the sums in the tests. */
function byHand(kind: NcfOptions['kind']): NcfSnapshot {
  const [gmf, mlp] = [kind === 'mlp' ? 0 : 2, kind === 'gmf' ? 0 : 1];
  const shape: NcfShape = { gmf, mlp, widths: mlp === 0 ? [] : [2] };
  const dense = new Float32Array(denseLength(shape));
  const { gmfOut, layers, mlpOut, bias } = denseWeights(dense, shape);
  gmfOut.set([1, -2].slice(0, gmf));
  layers[0]?.kernel.set([1, -1, 3, 0.5]); // unit 1: p + 3 q, unit 2: −p + q / 2
  layers[0]?.bias.set([-4, 1]);
  mlpOut.set(mlp === 0 ? [] : [0.5, 2]);
  bias[0] = 0.25;
  const row = (g0: number, g1: number, m: number): number[] => [...(gmf ? [g0, g1] : []), ...(mlp ? [m] : [])];
  return {
    items: ['a', 'b'],
    kind,
    backend: 'by hand',
    gmfDimensions: gmf,
    mlpDimensions: mlp,
    widths: Uint32Array.from(shape.widths),
    history: Float32Array.from([...row(3, 1, 2), ...row(1, -1, 6)]),
    table: Float32Array.from([...row(1, 2, 1), ...row(2, 0.5, -1)]),
    dense,
    centroids: new Float32Array(0),
    cellStart: new Uint32Array(1),
    members: new Uint32Array(0),
  };
}

describe('a score, by hand', () => {
  // A user who had a: p_G = (3, 1), p_M = 2. One who had a and b, with e = ½: p_G = (4, 0) / √2, p_M = 8 / √2.
  const gmf = { a: 1 * 3 * 1 + -2 * 1 * 2, b: 1 * 3 * 2 + -2 * 1 * 0.5 }; // −1, 5
  const mlp = { a: 0.5 * 1 + 2 * 0, b: 0.5 * 0 + 2 * 0 }; // units of a: 2 + 3 − 4 = 1, −2 + .5 + 1 < 0; of b: 2 − 3 − 4 < 0, −2 − .5 + 1 < 0
  const logits = {
    gmf: { a: gmf.a + 0.25, b: gmf.b + 0.25 },
    mlp: { a: mlp.a + 0.25, b: mlp.b + 0.25 },
    neumf: { a: gmf.a + mlp.a + 0.25, b: gmf.b + mlp.b + 0.25 },
  };

  it.each(['gmf', 'mlp', 'neumf'] as const)('of %s', (kind) => {
    const { index, scorer } = scorerOf(byHand(kind));
    const scores = scoresOf(scorer, index, queryOf(index, ['a']));
    expect(scores['a']).toBeCloseTo(Math.log(1 + Math.exp(logits[kind].a)), 6);
    expect(scores['b']).toBeCloseTo(Math.log(1 + Math.exp(logits[kind].b)), 6);
  });

  it('NeuMF is the two parts side by side: logits add up, but for the bias', () => {
    for (const item of ['a', 'b'] as const) expect(logits.neumf[item]).toBeCloseTo(logits.gmf[item] + logits.mlp[item] - 0.25, 9);
  });

  it('takes the weighted, decayed, normalised sum of the history as the user', () => {
    const { index, scorer } = scorerOf(byHand('neumf'), { ...small, profileDecay: 0.5, normExponent: 1 });
    // (1 · a + .5 · .8 · b) / 1.4
    const vector = scorer.userVector(queryOf(index, ['a', ['b', 0.8]]));
    [(3 + 0.4) / 1.4, (1 - 0.4) / 1.4, (2 + 2.4) / 1.4].forEach((value, k) => expect(vector[k]).toBeCloseTo(value, 9));
  });

  it('takes what is seen beyond a full history, and only then', () => {
    const { index, scorer } = scorerOf(byHand('neumf'), { ...small, profileItems: 300 });
    const others = range(199).map((k) => `x${k}`);
    const full = queryOf(index, ['a', ...others]);
    const more = { ...full, seen: [...full.seen, index.intern('b')] };
    expect([...scorer.userVector(more)]).toEqual([...scorer.userVector(queryOf(index, ['a', 'b']))]);
    const short = queryOf(index, ['a']);
    expect([...scorer.userVector({ ...short, seen: [...short.seen, index.intern('b')] })]).toEqual([...scorer.userVector(short)]);
  });

  it('is explained by what each history item adds to the product part', () => {
    const { index, scorer } = scorerOf(byHand('neumf'));
    const query = queryOf(index, ['b', 'a', 'unknown']);
    const [a, b] = [index.intern('a'), index.intern('b')];
    const pulls = scorer.explain(query, b, 5);
    expect(pulls.map(({ row }) => row)).toEqual([a, b]);
    [(3 * 2 - 2 * 0.5) / Math.sqrt(2), (2 + 2 * 0.5) / Math.sqrt(2)].forEach((amount, k) =>
      expect(pulls[k]!.amount).toBeCloseTo(amount, 5),
    );
    expect(scorer.explain(query, b, 1)).toHaveLength(1);
    expect(scorer.explain(query, index.intern('unknown'), 5)).toEqual([]);
  });

  it('is positive and keeps the order where the logit is far from 0', () => {
    expect(softplus(-1e9)).toBeGreaterThan(0);
    expect(softplus(1e9)).toBe(1e9);
    expect(softplus(-50)).toBeGreaterThan(softplus(-51));
    expect(softplus(0)).toBeCloseTo(Math.LN2, 12);
  });
});

it('fused parts give the mean of their logits', () => {
  const [gmf, mlp, neumf] = (['gmf', 'mlp', 'neumf'] as const).map(byHand);
  const parts = ({ history, table, dense }: NcfSnapshot) => ({ userTable: history, table, dense });
  const shape = shapeOf(neumf!);
  const fused = fuse(parts(gmf!), parts(mlp!), shape);
  const snapshot = { ...neumf!, history: fused.userTable, table: fused.table, dense: fused.dense };
  const logit = (of: NcfSnapshot): number => {
    const { index, scorer } = scorerOf(of);
    return Math.log(Math.expm1(scoresOf(scorer, index, queryOf(index, ['a']))['b']!));
  };
  expect(logit(snapshot)).toBeCloseTo((logit(gmf!) + logit(mlp!)) / 2, 6);
});

const SIZE = 20;
const heldBy = (user: number): number[] => range(SIZE / 2 - 1).map((step) => (user + 2 * (step + 1)) % SIZE);
const board = trainingEvents(range(SIZE).flatMap((user) => heldBy(user).map((item): EventTuple => [`u${user}`, `i${item}`])));

describe.each([
  ['gmf', {}],
  ['mlp', {}],
  ['neumf', {}],
  ['neumf', { pretrain: true }],
  ['neumf', { user: 'id' }],
  ['neumf', { profileDecay: 0.95 }],
  ['neumf', { negativePopularity: 0.5 }],
] as const)('%s with %p on the checkerboard', (kind, changes) => {
  let fitted: { readonly index: ItemIndex; readonly scorer: Scorer };
  beforeAll(async () => {
    const options: NcfOptions = { ...small, kind, ...changes };
    fitted = scorerOf(await ncf.fit(board, options), options);
  });

  it.each(range(SIZE))('gives user %i the one item withheld from them', (user) => {
    const history = heldBy(user)
      .reverse()
      .map((item) => `i${item}`);
    expect(bestUnseen(fitted.scorer, fitted.index, queryOf(fitted.index, history))).toBe(`i${user}`);
  });
});

/** Users of three tastes over 60 items: 20 items each, each user has 10 to 15 of their taste (the lower, the likelier) and two of others. */
function tastes(users: readonly number[]): EventTuple[] {
  return users.flatMap((user) => {
    const random = seededRandom(100 + user);
    const wanted = 10 + Math.floor(random() * 6);
    const items = new Set<number>();
    while (items.size < wanted) items.add((user % 3) * 20 + Math.floor(20 * random() ** 1.5));
    while (items.size < wanted + 2) items.add(Math.floor(60 * random()));
    return [...items].sort(() => random() - 0.5).map((item): EventTuple => [`u${user}`, `i${item}`]);
  });
}
const everyItem = range(60).map((item): EventTuple => ['collector', `i${item}`]);
const newestFirst = (user: number): string[] =>
  tastes([user])
    .map(([, item]) => item)
    .reverse();

/** Share of the first ten of unseen items that two scorers have in common, over these users. */
function overlap(users: readonly number[], a: Scorer, b: Scorer, index: ItemIndex): number {
  const top = (scorer: Scorer, user: number): number[] => {
    const query = queryOf(index, newestFirst(user));
    const scores = new SparseScores();
    scorer.score(query, scores, 1_000);
    return topRows(scores, 60)
      .filter((row) => !query.seen.includes(row))
      .slice(0, 10);
  };
  const shared = users.map((user) => top(a, user).filter((row) => top(b, user).includes(row)).length / 10);
  return shared.reduce((sum, share) => sum + share, 0) / users.length;
}

describe('a user whom the model never saw', () => {
  const known = range(90);
  const newcomers = range(9).map((k) => 90 + k);

  it('is ranked for like after a full retrain with them: 7 of 10 items, and as like as two retrains are', async () => {
    const options: NcfOptions = { ...small, epochs: 30 };
    const index = new ItemIndex();
    const fitted = async (users: readonly number[], seed: number): Promise<Scorer> =>
      ncf.scorer(await ncf.fit(trainingEvents([...everyItem, ...tastes(users)]), { ...options, seed }), index, options)!;
    const without = await fitted(known, 1);
    const [retrained, again] = [await fitted([...known, ...newcomers], 1), await fitted([...known, ...newcomers], 2)];
    const alike = overlap(newcomers, without, retrained, index);
    expect(alike).toBeGreaterThanOrEqual(0.7);
    expect(alike).toBeGreaterThanOrEqual(overlap(newcomers, again, retrained, index) - 0.05);
  });

  it('with users of an id is ranked for like by the vector that was trained for them: 8 of 10 items', async () => {
    const options: NcfOptions = { ...small, user: 'id', epochs: 30, backend: 'wasm' };
    const events = trainingEvents([...everyItem, ...tastes(known)]);
    const { tf } = await openTensors('wasm');
    const users = userVectors(events, 1_000, 1_000);
    const shape: NcfShape = { gmf: 8, mlp: 8, widths: [8, 4] };
    const trained = trainNcf({ tf, users, items: 60, shape, options, progress: () => undefined });
    const folded = await ncf.fit(events, options);
    expect(folded.table).toEqual(trained.table);
    const index = new ItemIndex();
    const scorer = ncf.scorer(folded, index, options)!;
    // A scorer that knows the trained vectors: one fictitious item for each user, which is all of the user's history.
    const withUsers = { ...folded, items: range(known.length + 1).map((u) => `vector ${u}`), history: trained.userTable };
    const vectors = new ItemIndex();
    for (const id of folded.items) vectors.intern(id);
    const byVector = (u: number): Scorer => ({
      name: 'ncf',
      score: (_query, into, limit) => {
        const table = { ...folded, history: new Float32Array(folded.history.length) };
        table.history.set(withUsers.history.subarray(u * 16, (u + 1) * 16));
        ncf.scorer(table, vectors, options)!.score(queryOf(vectors, [folded.items[0]!]), into, limit);
      },
    });
    // `userVectors` has users by recency: the last of the events first.
    const shares = known.map((user) => overlap([user], scorer, byVector(known.length - 1 - user), index));
    expect(shares.reduce((sum, share) => sum + share, 0) / known.length).toBeGreaterThanOrEqual(0.8);
  });
});

describe.each(TENSOR_BACKENDS)('on %s', (backend) => {
  const options: NcfOptions = { ...small, widths: '8-6-4', backend, epochs: 3, leastSteps: 0 };
  const events = trainingEvents([...everyItem, ...tastes(range(30))]);

  it("the scorer gives what TensorFlow's forward pass gives, to 1e-4", async () => {
    const tf = await tensorsOf(backend);
    if (tf === undefined) return;
    const snapshot = await ncf.fit(events, options);
    expect(snapshot.backend).toBe(backend);
    const { index, scorer } = scorerOf(snapshot, options);
    const query = queryOf(index, newestFirst(4));
    const user = scorer.userVector(query);
    const scores = scoresOf(scorer, index, query);
    const weights = denseWeights(snapshot.dense, shapeOf(snapshot));
    const inputs = Float32Array.from(
      range(60).flatMap((item) => [...user.subarray(8), ...snapshot.table.subarray(item * 16 + 8, (item + 1) * 16)]),
    );
    const tower = new Tower(tf, weights).forward(inputs, 60);
    expect(Object.keys(scores)).toHaveLength(60);
    snapshot.items.forEach((id, item) => {
      const product = range(8).reduce((sum, a) => sum + weights.gmfOut[a]! * user[a]! * snapshot.table[item * 16 + a]!, 0);
      expect(Math.abs(scores[id]! - softplus(product + tower[item]! + weights.bias[0]!))).toBeLessThan(1e-4);
    });
  });

  it('the same seed gives the same bits, another seed others, and no tensor stays', async () => {
    const tf = await tensorsOf(backend);
    if (tf === undefined) return;
    const first = await ncf.fit(events, options);
    expect(await ncf.fit(events, options)).toEqual(first);
    expect((await ncf.fit(events, { ...options, seed: 2 })).table).not.toEqual(first.table);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('a loss that is no number stops the fit by name', async () => {
    if ((await tensorsOf(backend)) === undefined) return;
    const spoilt = ncf.fit(events, { ...options, learningRate: Infinity });
    await expect(spoilt).rejects.toThrow(
      /^training of ncf \(neumf, epoch \d+, step \d+\) stopped: the (loss|gradient) .*(NaN|not finite|Infinity)/,
    );
    await expect(spoilt).rejects.toMatchObject({ code: 'INTERNAL', retryable: false });
    await expect(spoilt).rejects.toBeInstanceOf(BeckonError);
  });
});

describe('ncf', () => {
  const fast: NcfOptions = { ...small, epochs: 1, leastSteps: 2 };

  it('fits no events, one event, only dislikes, and one user of everything', async () => {
    const none = scorerOf(await ncf.fit(trainingEvents([]), fast));
    expect(scoresOf(none.scorer, none.index, queryOf(none.index, ['a']))).toEqual({});
    const dislike = scorerOf(await ncf.fit(trainingEvents([['u', 'a', -1]]), fast));
    expect(scoresOf(dislike.scorer, dislike.index, queryOf(dislike.index, ['a']))).toEqual({});
    for (const tuples of [[['u', 'a']], everyItem] as EventTuple[][]) {
      const { index, scorer } = scorerOf(await ncf.fit(trainingEvents(tuples), fast));
      for (const score of Object.values(scoresOf(scorer, index, queryOf(index, ['a', 'i1']))))
        expect(score > 0 && Number.isFinite(score)).toBe(true);
    }
  });

  it('gives at most `limit` scores, and none for an empty or unknown history', async () => {
    const { index, scorer } = scorerOf(await ncf.fit(board, fast));
    expect(Object.keys(scoresOf(scorer, index, queryOf(index, ['i2', 'unknown']), 5))).toHaveLength(5);
    expect(scoresOf(scorer, index, queryOf(index, []))).toEqual({});
    expect(scoresOf(scorer, index, queryOf(index, ['unknown']))).toEqual({});
    expect(scoresOf(scorer, index, queryOf(index, ['i2']), 0)).toEqual({});
  });

  it('gives the same scores whatever rows the worker has given the items', async () => {
    const snapshot = await ncf.fit(board, fast);
    const plain = scorerOf(snapshot);
    const expected = scoresOf(plain.scorer, plain.index, queryOf(plain.index, ['i2', 'i4']));
    const index = new ItemIndex();
    for (const item of range(SIZE).reverse()) index.intern(`i${item}`);
    index.intern('an item of another model');
    expect(scoresOf(ncf.scorer(snapshot, index, small)!, index, queryOf(index, ['i2', 'i4']))).toEqual(expected);
  });

  it('reports progress up to its total, with pre-training too', async () => {
    for (const pretrain of [false, true]) {
      const reports: (readonly [number, number])[] = [];
      await ncf.fit(board, { ...fast, pretrain }, (done, total) => reports.push([done, total]));
      expect(reports.at(-1)![0]).toBe(reports.at(-1)![1]);
      expect(reports.every(([done], k) => k === 0 || done >= reports[k - 1]![0])).toBe(true);
    }
  });

  it('outlives its encoding', async () => {
    const snapshot = await ncf.fit(board, fast);
    const { snapshot: decoded } = decodeSnapshot(encodeSnapshot({ model: 'ncf', version: 'v', trainedAt: 1 }, snapshot), { model: 'ncf' });
    expect(decoded).toEqual(snapshot);
  });

  it('with more items than it scans finds most of what looking at all finds', async () => {
    const events = trainingEvents([...everyItem, ...tastes(range(90))]);
    const options: NcfOptions = { ...small, kind: 'gmf', epochs: 20, scan: 30 };
    const index = new ItemIndex();
    const cells = ncf.scorer(await ncf.fit(events, options), index, options)!;
    const all = ncf.scorer(await ncf.fit(events, { ...options, scan: 100 }), index, options)!;
    expect(overlap(range(30), cells, all, index)).toBeGreaterThan(0.7);
  });

  it('refuses widths that are no widths', async () => {
    await expect(ncf.fit(board, { ...fast, widths: '8-x' })).rejects.toThrow('tower widths "8-x"');
  });
});
