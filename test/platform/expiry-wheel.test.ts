import { ManualClock } from '../../src/platform/clock';
import { ExpiryWheel } from '../../src/platform/expiry-wheel';

describe('ExpiryWheel', () => {
  const START = Date.UTC(2026, 0, 1);
  let clock: ManualClock;
  let told: string[];
  let wheel: ExpiryWheel<string>;
  beforeEach(() => {
    clock = new ManualClock(START);
    told = [];
    wheel = new ExpiryWheel(clock, (thing) => told.push(thing));
  });
  afterEach(() => wheel.stop());
  const after = (ms: number): string[] => {
    clock.advance(ms);
    wheel.turn();
    return told;
  };

  it('tells of each thing once, never before its time', () => {
    wheel.set('a', START + 1000);
    wheel.set('b', START + 3000);
    expect(after(999)).toEqual([]);
    expect(after(251)).toEqual(['a']);
    expect(after(1000)).toEqual(['a']);
    expect(after(1000)).toEqual(['a', 'b']);
    expect(wheel.size).toBe(0);
  });

  it('moves a thing whose time is set again, and forgets one that is deleted', () => {
    wheel.set('a', START + 1000);
    wheel.set('b', START + 1000);
    wheel.set('a', START + 60_000);
    wheel.delete('b');
    expect(after(30_000)).toEqual([]);
    expect(after(30_250)).toEqual(['a']);
  });

  it('tells of a time that was over already, and of everything that a jump of the clock has passed', () => {
    wheel.set('over', START - 5000);
    expect(after(250)).toEqual(['over']);
    wheel.set('in a week', START + 7 * 86_400_000);
    wheel.set('in a year', START + 366 * 86_400_000);
    expect(after(8 * 86_400_000)).toEqual(['over', 'in a week']);
    expect(after(-8 * 86_400_000)).toEqual(['over', 'in a week']);
    expect(after(400 * 86_400_000)).toEqual(['over', 'in a week', 'in a year']);
  });

  it('lets what it tells of be set again while it tells', () => {
    const again = new ExpiryWheel<string>(clock, (thing) => {
      told.push(thing);
      if (told.length < 3) again.set(thing, clock.now() - 1);
    });
    again.set('a', START);
    for (let n = 0; n < 5; n++) {
      clock.advance(250);
      again.turn();
    }
    expect(told).toEqual(['a', 'a', 'a']);
    again.stop();
  });

  it('turns by itself, by one timer that is there only while something is in it', () => {
    jest.useFakeTimers();
    try {
      const own = new ExpiryWheel<string>({ now: () => Date.now() }, (thing) => told.push(thing));
      expect(jest.getTimerCount()).toBe(0);
      for (const thing of ['a', 'b', 'c']) own.set(thing, Date.now() + 500);
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1000);
      expect(told).toEqual(['a', 'b', 'c']);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
