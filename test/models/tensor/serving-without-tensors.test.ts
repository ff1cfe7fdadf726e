import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TRAINABLE_MODEL_NAMES, TRAINABLE_MODELS } from '../../../src/models/model-catalogue';
import { trainingEvents, type EventTuple } from '../training-events';

const DIST = join(__dirname, '../../../dist');
const NO_REDIS = { REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'silent' };

/** What of TensorFlow.js a Node of its own has loaded after `body`, which runs at once and to its end. */
async function tensorFilesLoadedBy(body: string): Promise<string[]> {
  const script = `(async () => {
    ${body}
    process.report.excludeNetwork = true; // asks no name server
    const files = Object.keys(require.cache).concat(process.report.getReport().sharedObjects);
    process.stdout.write(JSON.stringify(files.filter((file) => /@tensorflow|libtensorflow/.test(file))), () => process.exit(0));
  })()`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: { ...process.env, ...NO_REDIS } });
  return JSON.parse(stdout) as string[];
}

it('is seen by this test when something loads it', async () => {
  const door = join(DIST, 'src/models/tensor/open-tensors.js');
  expect(await tensorFilesLoadedBy(`require(${JSON.stringify(door)});`)).toEqual([]);
  const loaded = await tensorFilesLoadedBy(`await require(${JSON.stringify(door)}).openTensors('wasm');`);
  expect(loaded.some((file) => file.includes('tfjs-backend-wasm'))).toBe(true);
});

it.each(['src/main.js', 'workers/main.js'])('%s starts without it', async (main) => {
  expect(await tensorFilesLoadedBy(`require(${JSON.stringify(join(DIST, main))});`)).toEqual([]);
});

describe('a worker that scores', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beckon-snapshots-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('loads the snapshot of every model, and makes scores of them, without it', async () => {
    const tuples = Array.from({ length: 64 }, (_, k): EventTuple => [`u${k % 8}`, `i${(k * 5 + (k >> 3)) % 16}`]);
    for (const model of Object.values(TRAINABLE_MODELS)) {
      await writeFile(join(folder, model.name), model.encode(await model.fit(trainingEvents(tuples)), '1', 0));
    }
    const body = `
      const { readFileSync } = require('node:fs');
      const { TRAINABLE_MODELS } = require(${JSON.stringify(join(DIST, 'src/models/model-catalogue.js'))});
      const { ItemIndex } = require(${JSON.stringify(join(DIST, 'src/models/item-index.js'))});
      const { SparseScores } = require(${JSON.stringify(join(DIST, 'src/models/sparse-scores.js'))});
      const index = new ItemIndex();
      const history = [0, 1, 2].map((k) => ({ row: index.intern('i' + k), weight: 1, at: 1000 - k }));
      for (const name of ${JSON.stringify(TRAINABLE_MODEL_NAMES)}) {
        const { scorer } = TRAINABLE_MODELS[name].load(readFileSync(${JSON.stringify(folder)} + '/' + name), index);
        const scores = new SparseScores();
        scorer.score({ history, seen: history.map(({ row }) => row), now: 2000 }, scores, 10);
        if (scores.rows.length === 0) throw new Error(name + ' gave no scores');
      }`;
    expect(await tensorFilesLoadedBy(body)).toEqual([]);
  }, 120_000); // it fits every model, the deep ones too
});
