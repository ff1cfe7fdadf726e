import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { fitInChild as FitInChild } from '../../src/evaluation/fit-in-child';
import { fitInProcess } from '../../src/evaluation/fit-model';
import { ManualClock } from '../../src/platform/clock';
import { trainingEvents } from '../models/training-events';

const events = trainingEvents([
  ['u', 'a'],
  ['u', 'b'],
  ['v', 'a'],
  ['v', 'b'],
]);
const built = join(__dirname, '..', '..', 'dist', 'src', 'evaluation', 'fit-in-child.js');

/** The child is a program of the build, which `npm test` makes first. */
async function builtFit(): Promise<typeof FitInChild> {
  if (!existsSync(built)) throw new Error('there is no build: npm run build');
  return ((await import(built)) as { fitInChild: typeof FitInChild }).fitInChild;
}

describe('fitInChild', () => {
  it('gives what a fit in this process gives, with the memory of its own', async () => {
    const request = { dataset: 'toy', model: 'transition', options: { window: 3 }, events } as const;
    const child = await (await builtFit())(request);
    const here = await fitInProcess(new ManualClock(0))(request);
    expect(child.snapshot.equals(here.snapshot)).toBe(true);
    expect(child.record).toMatchObject({ model: 'transition', options: { window: 3 }, events: 4, items: 2 });
    expect(child.record.peakMemoryBytes).toBeGreaterThanOrEqual(child.record.memoryBeforeBytes!);
    expect(child.record.memoryBeforeBytes).toBeGreaterThan(1e6);
  });

  it('rejects with what the fit threw', async () => {
    const fit = await builtFit();
    const broken = { ...events, items: Int32Array.of(0, 1, 99, 1), itemIds: undefined as unknown as string[] };
    await expect(fit({ dataset: 'toy', model: 'popular', options: {}, events: broken })).rejects.toThrow(
      'the fit of popular on toy failed',
    );
  });
});
