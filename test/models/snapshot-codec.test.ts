import { createHash } from 'node:crypto';
import type { Snapshot } from '../../src/models/model';
import { decodeSnapshot, encodeSnapshot, type ExpectedSnapshot, type SnapshotMeta } from '../../src/models/snapshot-codec';
import { BeckonError } from '../../src/platform/errors';

const meta: SnapshotMeta = { model: 'item-knn', version: 'v7', trainedAt: 1_700_000_000_000 };
const snapshot: Snapshot = {
  items: ['a', 'ü — 番', ''],
  note: 'text',
  size: 3,
  never: -Infinity,
  f32: Float32Array.from([1.5, -Infinity, 3]),
  f64: Float64Array.from([Math.PI, -Infinity]),
  i32: Int32Array.from([-1, 2]),
  u32: Uint32Array.from([4_294_967_295]),
  u16: Uint16Array.from([1, 2, 3]),
  u8: Uint8Array.from([255]),
  none: new Float32Array(0),
};

const refusal = (bytes: Buffer, expected?: ExpectedSnapshot): string => {
  try {
    decodeSnapshot(bytes, expected);
  } catch (error) {
    if (error instanceof BeckonError) return error.message;
    throw error;
  }
  return 'none';
};

/** The bytes with another header, and a checksum that holds. */
function withHeader(bytes: Buffer, change: (header: string) => string): Buffer {
  const end = 40 + bytes.readUInt32LE(4);
  const changed = Buffer.from(change(bytes.toString('utf8', 40, end)));
  const rest = Buffer.concat([changed, bytes.subarray(end)]);
  const preamble = Buffer.from(bytes.subarray(0, 40));
  preamble.writeUInt32LE(changed.length, 4);
  createHash('sha256').update(rest).digest().copy(preamble, 8);
  return Buffer.concat([preamble, rest]);
}

describe('snapshot codec', () => {
  it('gives back what was encoded, also from the middle of a larger buffer', () => {
    const bytes = encodeSnapshot(meta, snapshot);
    expect(decodeSnapshot(bytes)).toEqual({ meta, snapshot });
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    expect(decodeSnapshot(shifted, { model: 'item-knn' })).toEqual({ meta, snapshot });
  });

  it('gives the same bytes for the same snapshot', () => {
    expect(encodeSnapshot(meta, snapshot)).toEqual(encodeSnapshot(meta, snapshot));
  });

  it('encodes a view, not the buffer beneath it', () => {
    const view = Float32Array.from([1, 2, 3, 4]).subarray(1, 3);
    expect(decodeSnapshot(encodeSnapshot(meta, { view })).snapshot).toEqual({ view: Float32Array.from([2, 3]) });
  });

  it('refuses what is not plain data', () => {
    expect(() => encodeSnapshot(meta, { bad: { deep: 1 } } as unknown as Snapshot)).toThrow(TypeError);
  });

  const bytes = encodeSnapshot(meta, snapshot);
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /do not begin like a snapshot/],
    ['other bytes', Buffer.alloc(100, 1), /do not begin like a snapshot/],
    ['a cut header', bytes.subarray(0, 60), /length 60, but the header alone ends at \d+/],
    ['a cut end', bytes.subarray(0, bytes.length - 8), /length \d+, but its fields make \d+/],
    ['bytes too many', Buffer.concat([bytes, Buffer.alloc(8)]), /length \d+, but its fields make \d+/],
    ['a format of the future', withHeader(bytes, (h) => h.replace('"format":1', '"format":2')), /format version 2, this reader takes 1/],
    ['a header that is no JSON', withHeader(bytes, (h) => h.replace('{', '[')), /header is not JSON/],
    ['a field of unknown type', withHeader(bytes, (h) => h.replace('"Float64Array"', '"BigInt64Array"')), /header field fields/],
    ['a model nobody knows', withHeader(bytes, (h) => h.replace('"item-knn"', '"oracle"')), /header field meta\.model/],
  ])('refuses %s and says so', (_, altered, message) => {
    expect(refusal(altered)).toMatch(message);
  });

  it('refuses a single flipped bit anywhere in the data', () => {
    for (const at of [bytes.length - 1, bytes.length - 40, 8]) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(refusal(altered)).toMatch(/checksum does not hold/);
    }
  });

  it('refuses the snapshot of another model', () => {
    expect(refusal(bytes, { model: 'factor' })).toBe('snapshot refused: it is of model item-knn, not factor');
  });

  it('refuses another layout by name; a snapshot from before layouts were counted is of the first', () => {
    const second = encodeSnapshot({ ...meta, layout: 2 }, snapshot);
    expect(decodeSnapshot(second, { model: 'item-knn', layout: 2 }).meta).toEqual({ ...meta, layout: 2 });
    expect(decodeSnapshot(bytes, { model: 'item-knn', layout: 1 }).meta).toEqual(meta);
    expect(refusal(second, { model: 'item-knn' })).toBe('snapshot refused: layout 2 of model item-knn, this version reads layout 1');
    expect(refusal(bytes, { model: 'item-knn', layout: 2 })).toMatch(/layout 1 of model item-knn, this version reads layout 2/);
  });
});
