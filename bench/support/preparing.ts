import { setTimeout as after } from 'node:timers/promises';
import type { CatalogueView } from '../../src/catalogue/catalogue';
import { buildSchema, contractDigest } from '../../src/gateway/build-schema';
import { PrepareLists } from '../../src/gateway/rendering/prepare-lists';
import { systemClock } from '../../src/platform/clock';
import type { Keys } from '../../src/platform/keys';
import { createLog } from '../../src/platform/log';
import type { RedisConnection } from '../../src/platform/redis-connection';
import type { PreparedList } from '../../src/push/prepared-texts';
import type { ListBody } from '../../src/push/recommendation-list';
import { AskedShapes } from '../../src/push/served-shapes.redis';
import { PUSH_TENANTS } from './push-tenants';

const ASKED_WITHIN_MS = 20_000;

/** Lists prepared as a worker prepares them, for the gateway that is measured; those of the other sides are announced as they are. */
export class Preparing {
  private constructor(
    private readonly asked: AskedShapes,
    private readonly lists: PrepareLists,
  ) {}

  static async open({ redis, keys, items }: { redis: RedisConnection; keys: Keys; items: CatalogueView }): Promise<Preparing> {
    const log = createLog('bench', 'warn');
    const asked = new AskedShapes({ redis, keys, clock: systemClock, log, tenants: [PUSH_TENANTS.gateway], most: 2 });
    await asked.open();
    const shapesOf = (tenant: string, surface: string): ReturnType<AskedShapes['of']> => asked.of(tenant, surface);
    return new Preparing(
      asked,
      new PrepareLists({ schema: buildSchema(), contract: contractDigest(), shapesOf, itemsOf: () => items, log }),
    );
  }

  prepare(body: ListBody): PreparedList {
    return this.lists.prepare(body);
  }

  /** @throws Error when the gateway has not said in time what it serves. */
  async untilAsked(tenant: string): Promise<void> {
    const deadline = performance.now() + ASKED_WITHIN_MS;
    while (!this.asked.of(tenant, 'home').suffice) {
      if (performance.now() > deadline) throw new Error('the gateway did not say which shapes of lists it serves');
      await after(50);
    }
  }
}
