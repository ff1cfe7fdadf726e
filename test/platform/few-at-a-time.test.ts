import { FewAtATime } from '../../src/platform/few-at-a-time';

/** Pieces of work that end when they are told to. */
function gates(count: number) {
  const ends: (() => void)[] = [];
  const began: number[] = [];
  const pieces = Array.from({ length: count }, (_, k) => () => {
    began.push(k);
    return new Promise<number>((resolve) => (ends[k] = () => resolve(k)));
  });
  return { began, ends, pieces };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('few at a time', () => {
  it('begins no more than that, the others in their order', async () => {
    const few = new FewAtATime(2, 10, 'things');
    const { began, ends, pieces } = gates(5);
    const results = pieces.map((piece) => few.run(piece));
    await settled();
    expect(began).toEqual([0, 1]);
    expect(few.waiting).toBe(3);
    ends[1]!();
    await settled();
    expect(began).toEqual([0, 1, 2]);
    for (const k of [0, 2, 3, 4]) {
      await settled();
      ends[k]!();
    }
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
    expect(began).toEqual([0, 1, 2, 3, 4]);
  });

  it('hands the place over when a piece fails, and takes new work at once when all is done', async () => {
    const few = new FewAtATime(1, 10, 'things');
    const failing = few.run(() => Promise.reject(new Error('broken')));
    const next = few.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await few.run(() => Promise.resolve('again'))).toBe('again');
  });

  it('refuses with a code and a hint when too many wait', async () => {
    const few = new FewAtATime(1, 1, 'subscriptions');
    const { ends, pieces } = gates(2);
    const running = pieces.map((piece) => few.run(piece));
    await expect(few.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'OVERLOADED', retryable: true, retryAfterMs: 2000 });
    ends[0]!();
    await settled();
    ends[1]!();
    expect(await Promise.all(running)).toEqual([0, 1]);
  });
});
