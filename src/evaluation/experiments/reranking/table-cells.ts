/** Mean of the numbers that are there (NaN: none); 0 of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k])) continue;
    sum += values[k]!;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** `−2.1 %`, of a share. */
export const signedPercent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} %`;
