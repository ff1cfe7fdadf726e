import { setImmediate as nextTurn } from 'node:timers/promises';
import { TurnByTurn } from '../../src/platform/turn-by-turn';

const SLICE_MS = 5;

/** Holds the process up. */
function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('work in slices', () => {
  it('runs a single piece at once', () => {
    const ran: string[] = [];
    expect(new TurnByTurn({ sliceMs: SLICE_MS, longestWaitMs: 1000 }).add(() => ran.push('one'))).toBe(true);
    expect(ran).toEqual(['one']);
  });

  it('lets others have their turn between slices, and keeps the order', async () => {
    const turns = new TurnByTurn({ sliceMs: SLICE_MS, longestWaitMs: 60_000 });
    const ran: string[] = [];
    const pieces = Array.from({ length: 6 }, (_, k) => `piece ${k}`);
    for (const piece of pieces) {
      turns.add(() => {
        busyFor(SLICE_MS);
        ran.push(piece);
      });
    }
    let others = 0;
    while (turns.size > 0) {
      ran.push('other');
      others++;
      await nextTurn();
    }
    expect(ran.filter((what) => what !== 'other')).toEqual(pieces);
    expect(others).toBeGreaterThanOrEqual(pieces.length - 2);
    expect(ran.indexOf('other')).toBe(1); // only the first ran at once
  });

  it('refuses when those before have waited for too long, and takes more when they are done', async () => {
    const turns = new TurnByTurn({ sliceMs: SLICE_MS, longestWaitMs: 20 });
    turns.add(() => busyFor(SLICE_MS));
    expect(turns.add(() => undefined)).toBe(true);
    busyFor(30);
    expect(turns.add(() => undefined)).toBe(false);
    expect(turns.size).toBe(1);
    await nextTurn();
    await nextTurn();
    expect(turns.size).toBe(0);
    expect(turns.add(() => undefined)).toBe(true);
  });

  it('waits while there is something better to do, but not for ever', async () => {
    let busy = true;
    const options = { sliceMs: SLICE_MS, longestWaitMs: 60_000, isBusy: () => busy };
    const ran: string[] = [];
    const patient = new TurnByTurn({ ...options, longestPauseMs: 60_000 });
    patient.add(() => ran.push('before'));
    expect(ran).toEqual([]);
    busy = false;
    while (patient.size > 0) await nextTurn();
    patient.add(() => ran.push('at once'));
    busy = true;
    patient.add(() => ran.push('waits'));
    await nextTurn();
    await nextTurn();
    expect(ran).toEqual(['before', 'at once']);
    const impatient = new TurnByTurn({ ...options, longestPauseMs: 0 });
    impatient.add(() => ran.push('however busy'));
    while (impatient.size > 0) await nextTurn();
    expect(ran).toEqual(['before', 'at once', 'however busy']);
    patient.flush();
    expect(ran.at(-1)).toBe('waits');
  });

  it('does more at a time where there is always something better to do', async () => {
    const turns = new TurnByTurn({ sliceMs: 1, longestWaitMs: 60_000, isBusy: () => true, longestPauseMs: 0, sliceAfterPauseMs: 60_000 });
    let ran = 0;
    for (let k = 0; k < 5; k++) {
      turns.add(() => {
        busyFor(2);
        ran++;
      });
    }
    expect(ran).toBe(0);
    await nextTurn();
    expect(ran).toBe(5);
  });

  it('goes on after a piece that throws', async () => {
    const turns = new TurnByTurn({ sliceMs: SLICE_MS, longestWaitMs: 1000 });
    const ran: string[] = [];
    expect(() =>
      turns.add(() => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    turns.add(() => ran.push('after'));
    await nextTurn();
    expect(ran).toEqual(['after']);
  });

  it('runs what waits when told to', () => {
    const turns = new TurnByTurn({ sliceMs: SLICE_MS, longestWaitMs: 1000 });
    const ran: number[] = [];
    for (const k of [0, 1, 2]) {
      turns.add(() => {
        busyFor(SLICE_MS);
        ran.push(k);
      });
    }
    turns.flush();
    expect(ran).toEqual([0, 1, 2]);
    expect(turns.size).toBe(0);
  });
});
