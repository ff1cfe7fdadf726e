import { ConnectionLimits } from '../../src/gateway/limits/connection-limits';
import { MessageRate } from '../../src/gateway/limits/message-rate';

describe('the connections of a process', () => {
  const ann = { tenant: 'shop', userId: 'ann' };

  it('are bounded for each user of each tenant, and for each address', () => {
    const limits = new ConnectionLimits({ maxConnectionsPerUser: 2, maxConnectionsPerAddress: 1 });
    expect([1, 2, 3].map(() => limits.enterUser(ann))).toEqual([true, true, false]);
    expect(limits.enterUser({ tenant: 'press', userId: 'ann' })).toBe(true);
    expect(limits.enterUser({ tenant: 'shop', userId: 'bob' })).toBe(true);
    expect(['a', 'a', 'b'].map((address) => limits.enterAddress(address))).toEqual([true, false, true]);
  });

  it('give their place back when they leave, one each', () => {
    const limits = new ConnectionLimits({ maxConnectionsPerUser: 2, maxConnectionsPerAddress: 1 });
    limits.enterUser(ann);
    limits.enterUser(ann);
    limits.leaveUser(ann);
    expect([limits.enterUser(ann), limits.enterUser(ann)]).toEqual([true, false]);
    limits.enterAddress('a');
    limits.leaveAddress('a');
    expect(limits.enterAddress('a')).toBe(true);
  });
});

describe('the messages of a socket', () => {
  it('may come two seconds’ worth at once, then as many as the rate has room for', () => {
    const rate = new MessageRate(10, 0);
    const taken = (now: number, count: number): number => Array.from({ length: count }, () => rate.take(now)).filter(Boolean).length;
    expect(taken(0, 50)).toBe(20);
    expect(taken(100, 50)).toBe(1);
    expect(taken(1100, 50)).toBe(10);
    expect(taken(60_000, 50)).toBe(20);
  });

  it('are not given more room by a clock that goes back', () => {
    const rate = new MessageRate(1, 10_000);
    expect([rate.take(10_000), rate.take(10_000), rate.take(0), rate.take(500)]).toEqual([true, true, false, false]);
  });
});
