import { seededRandom } from '../../src/platform/random';
import { shuffle, shuffled } from '../../src/platform/shuffle';

/** Draws that were written down before. */
const drawn = (...draws: readonly number[]): (() => number) => {
  const left = [...draws];
  return () => left.shift()!;
};

describe('a random order', () => {
  it('is that of Fisher and Yates, from the last place on', () => {
    const things = ['a', 'b', 'c', 'd'];
    shuffle(things, drawn(0, 0.9, 0.5)); // places 0 of 4, 2 of 3, 1 of 2
    expect(things).toEqual(['d', 'b', 'c', 'a']);
  });

  it('is the same of plain and of typed arrays, and leaves what it is given alone where it says so', () => {
    const numbers = Int32Array.from({ length: 20 }, (_, k) => k);
    const order = shuffled(numbers, seededRandom(7));
    expect([...numbers]).toEqual(Array.from({ length: 20 }, (_, k) => k));
    shuffle(numbers, seededRandom(7));
    expect([...numbers]).toEqual(order);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect(shuffled(Array(20).keys(), seededRandom(7))).toEqual(order);
  });

  it('of nothing, or of one thing, draws nothing', () => {
    expect(shuffled([], drawn())).toEqual([]);
    expect(shuffled(['a'], drawn())).toEqual(['a']);
  });
});
