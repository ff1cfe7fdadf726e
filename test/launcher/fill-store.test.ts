import type { Filling, FillMarker } from '../../src/launcher/fill-marker';
import { fillStore, type FillSource } from '../../src/launcher/fill-store';
import { ManualClock } from '../../src/platform/clock';

const EXAMPLE = { userId: 'u', itemId: 'i' };

/** A store that remembers, and a source that notes when it is asked to fill. */
function setUp({ marked, items = false }: { marked?: Filling; items?: boolean } = {}) {
  const clock = new ManualClock(1000);
  const markers = new Map<string, Filling>(marked ? [['t', marked]] : []);
  const marker: FillMarker = {
    read: async (tenant) => markers.get(tenant),
    write: async (tenant, filling) => void markers.set(tenant, filling),
    hasItems: async () => items,
  };
  const filledFrom: number[] = [];
  const source = (name: string, failure?: Error): FillSource => ({
    name,
    title: name,
    example: async () => EXAMPLE,
    fill: async (startedAt) => {
      filledFrom.push(startedAt);
      clock.advance(5);
      if (failure) throw failure;
    },
  });
  const deps = { marker, clock, say: () => undefined };
  return { deps, source, markers, filledFrom, clock };
}

describe('fillStore', () => {
  it('fills a new store, and never again', async () => {
    const { deps, source, filledFrom } = setUp();
    const first = await fillStore(deps, 't', source('demo'));
    expect(first).toEqual({ source: 'demo', startedAt: 1000, doneAt: 1005, example: EXAMPLE });
    expect(await fillStore(deps, 't', source('demo'))).toEqual(first);
    expect(filledFrom).toEqual([1000]);
  });

  it('resumes a filling that was broken off, as of the time when it began', async () => {
    const { deps, source, filledFrom, markers, clock } = setUp();
    await expect(fillStore(deps, 't', source('demo', new Error('killed')))).rejects.toThrow('killed');
    expect(markers.get('t')?.doneAt).toBeUndefined();
    clock.advance(60_000);
    expect(await fillStore(deps, 't', source('demo'))).toMatchObject({ startedAt: 1000, doneAt: 61_010 });
    expect(filledFrom).toEqual([1000, 1000]);
  });

  it('leaves a store alone that somebody else has filled', async () => {
    const { deps, source, filledFrom, markers } = setUp({ items: true });
    expect(await fillStore(deps, 't', source('demo'))).toBeUndefined();
    expect(filledFrom).toEqual([]);
    expect(markers.size).toBe(0);
  });

  it('refuses to mix two fillings in one store', async () => {
    const marked = { source: 'demo', startedAt: 1, doneAt: 2, example: EXAMPLE };
    const { deps, source, filledFrom } = setUp({ marked });
    await expect(fillStore(deps, 't', source('dataset:ml-100k'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'dataset',
      message: expect.stringContaining('was filled with demo, not with dataset:ml-100k') as string,
    });
    expect(filledFrom).toEqual([]);
  });
});
