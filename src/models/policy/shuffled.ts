import type { Random } from '../../platform/random';

/** [length] the numbers from 0 in a random order (Fisher–Yates). */
export function shuffled(random: Random, length: number): Int32Array {
  const numbers = Int32Array.from({ length }, (_, k) => k);
  for (let k = length - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [numbers[k], numbers[other]] = [numbers[other]!, numbers[k]!];
  }
  return numbers;
}
