import { RedisAuditLog } from '../../src/gateway/auth/audit-log.redis';
import { ShardArchive } from '../../src/behaviour/archive';
import { ManualClock, systemClock } from '../../src/platform/clock';
import { permits, standing, withoutTaste, type ConsentEntry, type ConsentSettings } from '../../src/privacy/consent';
import { RedisConsentLedger } from '../../src/privacy/consent-ledger.redis';
import { RedisProfileControl } from '../../src/profile/profile-control.redis';
import { enforceRetention, type RetentionDeps } from '../../src/privacy/enforce-retention.redis';
import { exportHistory } from '../../src/privacy/export-history.redis';
import { loadTenantSettings } from '../../src/tenants/tenant-settings';
import { TENANT } from '../support/store';
import { openErasureBench, userOf, type ErasureBench } from './erasure-support';

const DAY = 86_400_000;
const clock = new ManualClock(systemClock.now());
let bench: ErasureBench;
let ledger: RedisConsentLedger;

beforeAll(async () => {
  bench = await openErasureBench(clock);
  const { redis, keys, recordDeps } = bench.store;
  ledger = new RedisConsentLedger({ redis, keys, recompute: recordDeps.recompute });
});
afterAll(() => bench.close());

const said = (purpose: string, granted: boolean): ConsentEntry => ({
  ...{ purpose, granted, at: clock.now(), source: 'settings-page', textVersion: 'v3', by: 'user' },
});

describe('the consent ledger', () => {
  const settings: ConsentSettings = { required: ['training'] };

  it('permits what is not required until it is withdrawn, and what is required once it is granted', () => {
    expect(permits(settings, undefined, 'personalisation')).toBe(true);
    for (const purpose of ['training', 'traits', 'trait:gender']) expect(permits(settings, undefined, purpose)).toBe(false);
    expect(permits(settings, false, 'personalisation')).toBe(false);
    expect(permits(settings, true, 'traits')).toBe(true);
  });

  it('keeps every entry; the newest of a purpose holds, in the ledger and in the profile', async () => {
    const user = userOf('ada');
    await bench.store.redis.hset(bench.store.keys.profile(user), 'x:segment', '{}'); // what was inferred
    for (const entry of [said('traits', true), said('personalisation', false), said('traits', false)]) await ledger.note(user, entry);
    const entries = await ledger.read(user);
    expect(entries.map(({ purpose, granted }) => `${purpose} ${granted}`)).toEqual([
      'traits true',
      'personalisation false',
      'traits false',
    ]);
    expect(standing(settings, entries)).toMatchObject([
      { purpose: 'personalisation', required: false, permitted: false, entry: { textVersion: 'v3' } },
      { purpose: 'training', required: true, permitted: false },
      { purpose: 'experiments', required: false, permitted: true },
      { purpose: 'traits', required: true, permitted: false },
    ]);
    const profile = await bench.profiles.read(user);
    expect(profile.consents).toEqual(new Map(entries.map(({ purpose }) => [purpose, false])));
    expect(await bench.store.redis.hexists(bench.store.keys.profile(user), 'x:segment')).toBe(0);
    expect((await bench.profiles.export(user)).consents).toEqual(entries);
  });

  it('asks for the lists that somebody watches, and leaves of a profile what was forbidden', async () => {
    const user = userOf('bob');
    await bench.store.record('bob', [
      { type: 'view', itemId: 'pot' },
      { type: 'not_interested', itemId: 'cup' },
    ]);
    await bench.store.redis.zadd(bench.store.keys.watches(user), Date.now() + 60_000, 'home\tg1'); // of the server's time
    bench.store.requests.splice(0);
    await ledger.note(user, said('personalisation', false));
    expect(bench.store.requests).toEqual([{ key: { ...user, surface: 'home' }, why: 'profile' }]);
    const left = withoutTaste(await bench.profiles.read(user));
    expect(left).toMatchObject({ seq: 3, recent: [], counters: {}, interests: { short: [], long: [] } });
    expect([...left.notInterested.keys()]).toEqual(['cup']);
    await bench.store.redis.del(bench.store.keys.watches(user));
  });

  it('goes on to hold through a reset and a merge; an anonymous user’s withdrawals are taken over, grants are not', async () => {
    const { redis, keys } = bench.store;
    const control = new RedisProfileControl({ redis, keys, recompute: bench.store.recordDeps.recompute, clock });
    const consentsOf = async (userId: string) => [...((await bench.profiles.read(userOf(userId))).consents ?? [])].sort();
    for (const purpose of ['training', 'experiments']) await ledger.note(userOf('anon'), said(purpose, false));
    await ledger.note(userOf('anon'), said('traits', true));
    await ledger.note(userOf('fay'), said('experiments', true));
    await bench.store.record('anon', [{ type: 'view', itemId: 'pot' }]);
    await bench.profiles.merge(userOf('anon'), userOf('fay'));
    const held = [
      ['experiments', true], // her own word
      ['training', false],
    ];
    expect(await consentsOf('fay')).toEqual(held);
    expect((await ledger.read(userOf('fay'))).at(-1)).toMatchObject({ purpose: 'training', granted: false, source: 'mergeProfile' });
    await control.reset(userOf('fay'), { keepEdits: false });
    expect(await consentsOf('fay')).toEqual(held);
    const anonymous = await bench.profiles.read(userOf('anon'));
    expect([anonymous.seq, anonymous.recent]).toEqual([0, []]);
    expect(await consentsOf('anon')).toEqual([
      ['experiments', false],
      ['training', false],
      ['traits', true],
    ]);
  });

  it('refuses a required purpose that is none', () => {
    const privacy = { consent: { required: ['analytics'] } };
    expect(() => loadTenantSettings({ tenants: { default: { privacy } } })).toThrow('tenants.default.privacy.consent.required');
  });
});

describe('an export', () => {
  it('reads the archive too, each behaviour once, and says when it cannot', async () => {
    const user = userOf('cid');
    await bench.store.record('cid', [{ id: 'c1', type: 'view', itemId: 'pot' }]);
    await bench.archive({ trim: true });
    await bench.store.record('cid', [{ id: 'c2', type: 'view', itemId: 'cup' }]);
    await bench.archive();
    await bench.store.record('cid', [{ id: 'c3', type: 'view', itemId: 'pan' }]);
    const { behaviours, archive } = await bench.profiles.export(user);
    expect(behaviours.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
    expect(archive).toBe('read');
    const { redis, keys } = bench.store;
    expect((await exportHistory({ redis, keys, archiveDir: '/nowhere' }, user)).archive).toBe('unreachable');
  });
});

describe('retention', () => {
  const DEFAULTS = { listsMs: 7 * DAY, receiptsMs: 1095 * DAY };
  const after = (days: number, retention: object): Promise<void> => {
    const later = { now: () => clock.now() + days * DAY };
    const deps: RetentionDeps = { ...bench.deps, clock: later, erasures: bench.erasures, retention: { ...DEFAULTS, ...retention } };
    return enforceRetention(deps, TENANT);
  };
  const archived = async (userId: string): Promise<string[]> => {
    const archive = ShardArchive.of(bench.archiveDir, TENANT, bench.store.keys.shardOf(userOf(userId)));
    const types: string[] = [];
    for await (const [, fields] of archive.read())
      if (fields.includes(userId)) types.push((JSON.parse(fields[fields.indexOf('b') + 1]!) as { t: string }).t);
    return types;
  };

  it('without a setting ends nothing', async () => {
    await bench.store.record('dan', [
      { type: 'view', itemId: 'pot' },
      { type: 'impression', itemId: 'cup' },
    ]);
    await bench.archive();
    await after(900, {});
    expect(await archived('dan')).toEqual(['view', 'impression']);
    expect((await bench.profiles.read(userOf('dan'))).seq).toBe(2);
  });

  it('ends impressions before other behaviours, then the archive, whose place is kept', async () => {
    await after(29, { impressionsMs: 30 * DAY });
    expect(await archived('dan')).toEqual(['view', 'impression']);
    await after(31, { impressionsMs: 30 * DAY });
    expect(await archived('dan')).toEqual(['view']);
    const archive = ShardArchive.of(bench.archiveDir, TENANT, bench.store.keys.shardOf(userOf('dan')));
    const newest = await archive.newestId();
    await after(61, { archiveMs: 60 * DAY });
    expect(await archived('dan')).toEqual([]);
    expect(await archive.newestId()).toBe(newest);
  });

  it('ends entries of the audit log, and of the consent ledger those that others have replaced', async () => {
    const { redis, keys, log } = bench.store;
    const audit = new RedisAuditLog(redis, keys, log);
    audit.note({ at: 1, tenant: TENANT, userId: 'op', mutation: 'hideItems', outcome: 'OK', arguments: {} });
    await audit.close();
    await after(10, { auditMs: 11 * DAY, consentMs: 11 * DAY });
    expect([(await audit.read(TENANT, 5)).length, (await ledger.read(userOf('ada'))).length]).toEqual([1, 3]);
    await after(12, { auditMs: 11 * DAY, consentMs: 11 * DAY });
    expect(await audit.read(TENANT, 5)).toEqual([]);
    expect((await ledger.read(userOf('ada'))).map(({ purpose, granted }) => `${purpose} ${granted}`)).toEqual([
      'personalisation false',
      'traits false',
    ]);
  });

  it('erases who has done and edited nothing for too long, and forgets old receipts', async () => {
    await bench.profiles.update(userOf('eve'), { locale: 'de' }); // nothing but an edit
    await after(89, { profileMs: 90 * DAY });
    expect(await bench.erasures.receipts(TENANT, 5)).toEqual([]);
    await after(91, { profileMs: 90 * DAY });
    clock.advance(2 * 3_600_000);
    const receipts = await bench.erasures.receipts(TENANT, 50);
    expect(receipts.length).toBeGreaterThan(0);
    await bench.complete(receipts[0]!);
    expect(await bench.profiles.read(userOf('eve'))).toMatchObject({ seq: 0 });
    await after(1096, {});
    expect(await bench.erasures.receipts(TENANT, 50)).toEqual([]);
  });
});
