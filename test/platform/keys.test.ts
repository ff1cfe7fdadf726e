import calculateSlot from 'cluster-key-slot';
import { Keys, shardOf } from '../../src/platform/keys';

const keys = new Keys(16);
const user = { tenant: 'shop', userId: 'ann' };
const slotsOf = (names: readonly string[]): number => new Set(names.map((name) => calculateSlot(name))).size;

describe('Keys', () => {
  it('puts all that one step of a user touches in one slot of a cluster', () => {
    const shard = keys.shardOf(user);
    expect(
      slotsOf([
        keys.log('shop', shard),
        keys.pending('shop', shard),
        keys.watched('shop', shard),
        keys.feed('shop', shard),
        ...keys.profileParts(user),
        keys.watches(user),
        keys.list(user, 'home'),
      ]),
    ).toBe(1);
  });

  it('does so also for an id with braces, which mean something to a cluster', () => {
    const odd = { tenant: 'shop', userId: 'a}b{c' };
    expect(slotsOf([keys.log('shop', keys.shardOf(odd)), keys.profile(odd), keys.list(odd, 'x}{y')])).toBe(1);
  });

  it('puts a catalogue, and the models of a tenant, in one slot each', () => {
    expect(slotsOf([keys.items('shop'), keys.itemChanges('shop'), keys.itemExpiry('shop'), keys.itemVersion('shop')])).toBe(1);
    expect(
      slotsOf([
        keys.liveModels('shop'),
        keys.snapshot('shop', 'factor', 'v1'),
        keys.modelVersions('shop', 'factor'),
        keys.modelSwaps('shop'),
      ]),
    ).toBe(1);
  });

  it('names the tenant in every key of a tenant', () => {
    const named = [keys.profile(user), keys.log('shop', 0), keys.items('shop'), keys.liveModels('shop'), keys.fallbackList('shop')];
    for (const name of named) expect(name).toContain('{shop:');
  });
});

describe('shardOf', () => {
  it('spreads users evenly, and the same in every process', () => {
    const counts = new Array<number>(16).fill(0);
    for (let n = 0; n < 16_000; n++) counts[shardOf({ tenant: 'shop', userId: `user-${n}` }, 16)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
    expect(shardOf(user, 16)).toBe(shardOf({ ...user }, 16));
  });
});
