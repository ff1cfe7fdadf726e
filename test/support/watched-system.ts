import { openStore } from '../../src/cli/compose';
import { Beckon, TENANT } from './beckon';
import { ListWatcher } from './list-watcher';
import type { TestRedis } from './redis-server';
import { expectShown, replayThrough } from './replay-through';
import type { Acknowledgements } from './replayer';
import { stockShop } from './shop';

const ITEMS = 40;
const COUNT = 600;
const CONVERGES_WITHIN_MS = 30_000;

/** Who is watched. */
export const USERS = Array.from({ length: 20 }, (_, n) => `u-${n}`);

/** For the tests of a file: a system on servers that fail over, what it acknowledges being on a replica, with a screen for each user. */
export class WatchedSystem<S extends TestRedis> {
  screens: readonly ListWatcher[] = [];
  private held: { readonly server: S; readonly beckon: Beckon } | undefined;
  private seed = 0;

  /** Registers the set-up and its end with the test runner. */
  constructor(startServers: () => Promise<S>) {
    let server: S | undefined;
    beforeAll(async () => {
      server = await startServers();
      const beckon = await Beckon.start({ server, env: { REDIS_WAIT_REPLICAS: '1' } });
      this.held = { server, beckon };
      await stockShop(beckon.as('operator'), ITEMS);
      this.screens = USERS.map((user) => new ListWatcher(user, beckon.as(user)));
      await Promise.all(this.screens.map((screen) => screen.until(() => true, { withinMs: CONVERGES_WITHIN_MS })));
    }, 90_000);
    afterAll(async () => {
      await Promise.all(this.screens.map((screen) => screen.stop()));
      await (this.held?.beckon ?? server)?.stop();
    }, 30_000);
  }

  get server(): S {
    return this.held!.server;
  }

  get beckon(): Beckon {
    return this.held!.beckon;
  }

  /** Replays, with harm done in the middle. */
  replayed(harm: () => Promise<void>): Promise<Acknowledgements> {
    this.seed += 1;
    return replayThrough(this.beckon, { seed: this.seed, users: USERS, items: ITEMS, count: COUNT }, harm);
  }

  expectConverged(acknowledged: Acknowledgements): Promise<void> {
    return expectShown(this.screens, acknowledged, CONVERGES_WITHIN_MS);
  }

  /** A test with every process's complaints in its failure. */
  survives(name: string, work: () => Promise<void>): void {
    it(name, () => this.beckon.explaining(work), 120_000);
  }

  /** What the command line records is in the store. */
  async expectRecordedByCommandLine(): Promise<void> {
    const store = await openStore({ redisUrl: this.server.url, tenant: TENANT, env: { SHARDS: '16' } });
    try {
      await store.record(TENANT, [{ id: 'cli-1', userId: 'cli', type: 'view', itemId: 'item-001' }]);
      expect(await store.knows(TENANT, 'cli', 'cli-1')).toBe(true);
    } finally {
      await store.close();
    }
  }
}
