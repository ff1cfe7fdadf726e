import { extractFeatures, type ExtractDeps } from '../../../src/catalogue/features/extract-features';
import { featureSettings } from '../../../src/catalogue/features/feature-settings';
import type { FeatureRecord } from '../../../src/catalogue/features/feature-store.redis';
import { MediaRefused } from '../../../src/catalogue/features/media/media-refused';
import type { Item } from '../../../src/catalogue/item';

const settings = featureSettings.parse({ image: true, audio: true, hosts: ['files.example'] });

/** One item, its files by source, and what was done. */
function world(first: Partial<Item>) {
  let item: Item = { id: 'a', title: 'A', categories: [], tags: [], hidden: false, promoted: false, version: 1, ...first };
  const files = new Map<string, string>();
  const records = new Map<string, FeatureRecord>();
  const did: string[] = [];
  const deps: ExtractDeps = {
    store: {
      read: async (_, id, kind) => records.get(`${kind} ${id}`),
      write: async (_, id, kind, record) => void records.set(`${kind} ${id}`, record),
      remove: async (_, id, kind) => void records.delete(`${kind} ${id}`),
    },
    sources: { uploads: '/uploads', hosts: settings.hosts },
    stateOf: async (source) => (source.startsWith('upload:') ? String(files.get(source)?.length) : ''),
    read: async (kind, source) => {
      did.push(`read ${source}`);
      const file = files.get(source);
      if (file === undefined) throw new MediaRefused(kind, 'unreachable', 'is not there');
      return Buffer.from(file);
    },
    describe: async (kind, bytes) => {
      did.push('described');
      if (bytes.toString() === 'bad') throw new MediaRefused(kind, 'broken', 'cannot be decoded');
      return [bytes.length, 1];
    },
    mergeVectors: async (_, vectors) => {
      did.push('merged');
      const all = Object.entries({ ...item.vectors, ...vectors }).filter(([, vector]) => vector !== null);
      item = { ...item, version: item.version + 1, vectors: Object.fromEntries(all) as Record<string, number[]> };
    },
    onOutcome: (_item, kind, outcome) => did.push(`${kind} ${outcome}`),
  };
  return {
    files,
    change: (parts: Partial<Item>): void => void (item = { ...item, ...parts }),
    vectors: () => item.vectors,
    /** What one run does. */
    run: async (over = settings): Promise<string[]> => {
      did.length = 0;
      await extractFeatures(deps, 'tenant', item, over);
      return [...did];
    },
  };
}

it('gives an item the vectors of its files, beside those of its own', async () => {
  const { files, run, vectors } = world({ imageSource: 'upload:a.png', audioSource: 'upload:a.wav', vectors: { image: [9] } });
  files.set('upload:a.png', 'picture').set('upload:a.wav', 'sound');
  expect(await run()).toEqual([
    'read upload:a.png',
    'described',
    'image described',
    'read upload:a.wav',
    'described',
    'audio described',
    'merged',
  ]);
  expect(vectors()).toEqual({ image: [9], 'beckon:image': [7, 1], 'beckon:audio': [5, 1] });
  expect(await run()).toEqual([]); // nothing has changed
});

it('gives them back, without reading anything, where somebody has put the item anew', async () => {
  const { files, run, vectors, change } = world({ imageSource: 'upload:a.png' });
  files.set('upload:a.png', 'picture');
  await run();
  change({ vectors: { text: [1] } });
  expect(await run()).toEqual(['merged']);
  expect(vectors()).toEqual({ text: [1], 'beckon:image': [7, 1] });
});

it('reads a file that has changed, and describes only bytes that have', async () => {
  const { files, run, change } = world({ imageSource: 'upload:a.png' });
  files.set('upload:a.png', 'picture').set('upload:b.png', 'picture');
  await run();
  change({ imageSource: 'upload:b.png' });
  expect(await run()).toEqual(['read upload:b.png', 'image same']);
  files.set('upload:b.png', 'another');
  expect(await run()).toEqual([]); // of the same size: the state of this test's uploads
  files.set('upload:b.png', 'one more');
  expect(await run()).toEqual(['read upload:b.png', 'described', 'image described', 'merged']);
});

it('leaves an item without a vector where its file is refused, once', async () => {
  const { files, run, vectors, change } = world({ imageSource: 'upload:a.png' });
  expect(await run()).toEqual(['read upload:a.png', 'image unreachable']);
  files.set('upload:a.png', 'bad');
  expect(await run()).toEqual(['read upload:a.png', 'described', 'image broken']);
  expect(await run()).toEqual([]);
  expect(vectors()).toBeUndefined();
  files.set('upload:a.png', 'good one');
  await run();
  expect(vectors()).toEqual({ 'beckon:image': [8, 1] });
  change({ imageSource: 'upload:none.png' });
  expect(await run()).toEqual(['read upload:none.png', 'image unreachable', 'merged']);
  expect(vectors()).toEqual({});
});

it('takes the vector away with its source', async () => {
  const { files, run, vectors, change } = world({ audioSource: 'upload:a.wav' });
  files.set('upload:a.wav', 'sound');
  await run();
  change({ audioSource: undefined } as unknown as Partial<Item>);
  expect(await run()).toEqual(['merged']);
  expect(vectors()).toEqual({});
});

it('reads a picture that is shown only from hosts that are allowed, and nothing where it is off', async () => {
  const allowed = world({ imageUrl: 'https://files.example/a.png' });
  allowed.files.set('https://files.example/a.png', 'picture');
  expect(await allowed.run(featureSettings.parse({ audio: true }))).toEqual([]);
  expect((await allowed.run())[0]).toBe('read https://files.example/a.png');
  expect(await world({ imageUrl: 'https://other.example/a.png' }).run()).toEqual([]);
});

it('describes again what was described in another way', async () => {
  const { files, run } = world({ imageSource: 'upload:a.png' });
  files.set('upload:a.png', 'picture');
  await run();
  const encoder = { path: '/m.onnx' };
  expect(await run(featureSettings.parse({ image: true, encoder }))).toEqual(['read upload:a.png', 'described', 'image described']);
});
