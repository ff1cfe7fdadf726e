import type { Snapshot } from '../../src/models/model';
import { BeckonError } from '../../src/platform/errors';
import { refuseNonFinite } from '../../src/training/refuse-non-finite';

const good: Snapshot = {
  items: ['NaN'],
  backend: 'wasm',
  size: 3,
  table: Float32Array.of(1, -2, 0),
  logs: Float64Array.of(-Infinity, 4),
  counts: Uint32Array.of(7),
};

const refusal = (snapshot: Snapshot): unknown => {
  try {
    refuseNonFinite('ncf', snapshot);
  } catch (error) {
    return error;
  }
  return undefined;
};

it('lets numbers pass, and logarithms of nothing', () => expect(refusal(good)).toBeUndefined());

it.each<[string, Snapshot, string]>([
  ['a NaN in a table', { ...good, table: Float32Array.of(0, NaN) }, 'table[1]'],
  ['an overflow', { ...good, table: Float32Array.of(Infinity) }, 'table[0]'],
  ['a negative overflow of a table', { ...good, table: Float32Array.of(1, 2, -Infinity) }, 'table[2]'],
  ['a NaN among logarithms', { ...good, logs: Float64Array.of(-Infinity, NaN) }, 'logs[1]'],
  ['an overflow among logarithms', { ...good, logs: Float64Array.of(Infinity) }, 'logs[0]'],
  ['a number that is none', { ...good, size: NaN }, 'size'],
])('refuses %s, names it, and is not to be tried again', (_, snapshot, where) => {
  const error = refusal(snapshot);
  expect(error).toBeInstanceOf(BeckonError);
  expect(error).toMatchObject({ code: 'INTERNAL', retryable: false });
  expect((error as BeckonError).message).toContain(`ncf: ${where} is not a number`);
});
