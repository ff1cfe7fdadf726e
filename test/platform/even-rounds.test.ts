import { EvenRounds } from '../../src/platform/even-rounds';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('EvenRounds', () => {
  it('visits each thing once a period, a few at a time', () => {
    const visits: number[][] = [];
    const rounds = new EvenRounds<number>(1_000, (group) => visits.push([...group]));
    for (let thing = 0; thing < 25; thing++) rounds.add(thing);
    jest.advanceTimersByTime(1_000);
    expect(visits).toHaveLength(10); // a period of 1,000 ms has ten parts of 100 ms
    expect(visits[0]).toEqual([0, 10, 20]);
    expect(visits.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, thing) => thing));
    jest.advanceTimersByTime(1_000);
    expect(visits).toHaveLength(20);
    expect(visits.slice(10)).toEqual(visits.slice(0, 10));
    rounds.stop();
  });

  it('has one part where the period is short, and a hundred where it is long', () => {
    const visits: string[] = [];
    const short = new EvenRounds<string>(20, (group) => visits.push(...group));
    short.add('a');
    short.add('b');
    jest.advanceTimersByTime(20);
    expect(visits).toEqual(['a', 'b']);
    short.stop();

    let groups = 0;
    const long = new EvenRounds<number>(60_000, () => groups++);
    for (let thing = 0; thing < 1_000; thing++) long.add(thing);
    jest.advanceTimersByTime(60_000);
    expect(groups).toBe(100);
    long.stop();
  });

  it('visits nothing that has left, nor anything after the end', () => {
    const visits: string[] = [];
    const rounds = new EvenRounds<string>(100, (group) => visits.push(...group));
    rounds.add('stays');
    rounds.add('leaves');
    rounds.add('stays');
    expect(rounds.size).toBe(2);
    rounds.delete('leaves');
    rounds.delete('was never there');
    expect(rounds.size).toBe(1);
    jest.advanceTimersByTime(100);
    expect(visits).toEqual(['stays']);
    rounds.stop();
    jest.advanceTimersByTime(1_000);
    expect(visits).toEqual(['stays']);
  });

  it('visits things of the next parts with those of the present one, of an eighth of the period at most', () => {
    const visits: number[] = [];
    const together = (leastAtOnce: number): number[] => {
      const rounds = new EvenRounds<number>(4_000, (group) => visits.push(group.size), { leastAtOnce });
      for (let thing = 0; thing < 120; thing++) rounds.add(thing);
      jest.advanceTimersByTime(4_000); // forty parts of three
      rounds.stop();
      return visits.splice(0);
    };
    expect(together(6)).toEqual(Array<number>(20).fill(6));
    expect(together(1_000)).toEqual(Array<number>(8).fill(15));
  });

  it('has no timer while there is nothing, and goes on with what comes then', () => {
    const visits: string[] = [];
    const rounds = new EvenRounds<string>(1_000, (group) => visits.push(...group));
    expect(jest.getTimerCount()).toBe(0);
    rounds.add('first');
    rounds.delete('first');
    expect(jest.getTimerCount()).toBe(0);
    rounds.add('second');
    jest.advanceTimersByTime(1_000);
    expect(visits).toEqual(['second']);
    rounds.stop();
  });
});
