import type { RedisConnection } from '../platform/redis-connection';
import { z } from 'zod';
import type { Clock } from '../platform/clock';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import { servedCount, type ServedCount } from './served-shape';
import { foremost, type ServedShapes } from './served-shapes';

/** How often gateways say what they serve, if it has changed, and workers look. */
const EVERY_MS = 2000;
/** What was not said again for so long is forgotten: its gateway is gone. Said again well before. */
const LIFETIME_MS = 60_000;
const SAY_AGAIN_MS = 20_000;

/** Lists are announced whole for as long after one was last needed so: watches that need them begin and are quiet by turns. */
const WHOLE_MS = 60_000;

const entry = z.object({
  until: z.number(),
  served: z.array(servedCount),
  /** Surfaces whose lists it needs whole. Absent: all, of a gateway that can read no others. */
  whole: z.array(z.string()).optional(),
});

/** What gateways need of the lists of a surface. */
export interface AskedOfSurface {
  /** The shapes that most subscriptions have, most first. */
  readonly served: readonly ServedCount[];
  /** No gateway needs more than those. */
  readonly suffice: boolean;
}

const NOTHING_ASKED: AskedOfSurface = { served: [], suffice: false };

export interface TellShapesOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly shapes: ServedShapes;
  /** Of this gateway: no other has it. */
  readonly gateway: string;
  /** How many shapes of a surface are told of. */
  readonly most: number;
  /** @default 2_000 */
  readonly everyMs?: number;
}

/** Tells workers which shapes this gateway serves, and which lists it needs whole. A gateway that cannot tell serves all the same, by its own hand. */
export class TellShapes {
  private readonly told = new Map<string, { readonly needs: string; readonly at: number }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: TellShapesOptions) {
    this.timer = setInterval(() => void this.tell(), options.everyMs ?? EVERY_MS);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async tell(): Promise<void> {
    const { redis, keys, clock, log, shapes, gateway, most } = this.options;
    const now = clock.now();
    for (const tenant of shapes.tenants) {
      const served = shapes.most(tenant, most);
      const whole = shapes.wholeSince(tenant, now - WHOLE_MS);
      const needs = JSON.stringify([served.map(({ id }) => id), whole]);
      const before = this.told.get(tenant);
      if (before?.needs === needs && now - before.at < SAY_AGAIN_MS) continue;
      const key = keys.servedShapes(tenant);
      try {
        await redis.hset(key, gateway, JSON.stringify({ until: now + LIFETIME_MS, served, whole }));
        await redis.pexpire(key, LIFETIME_MS);
        this.told.set(tenant, { needs, at: now });
      } catch (error) {
        log.debug({ err: error, tenant }, 'workers could not be told what this gateway serves');
      }
    }
  }
}

export interface AskedShapesOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly tenants: readonly string[];
  /** How many shapes of a surface are prepared; 0: none. */
  readonly most: number;
  /** @default 2_000 */
  readonly everyMs?: number;
}

/** Which shapes gateways serve, as a worker knows it. */
export class AskedShapes {
  private readonly bySurface = new Map<string, AskedOfSurface>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: AskedShapesOptions) {}

  /** Looks now, and again and again. */
  async open(): Promise<void> {
    if (this.options.most === 0) return;
    await this.look();
    this.timer = setInterval(() => void this.look(), this.options.everyMs ?? EVERY_MS);
    this.timer.unref();
  }

  of(tenant: string, surface: string): AskedOfSurface {
    return this.bySurface.get(`${tenant}\n${surface}`) ?? NOTHING_ASKED;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const { tenants, log } = this.options;
    for (const tenant of tenants) {
      try {
        await this.lookAt(tenant);
      } catch (error) {
        log.debug({ err: error, tenant }, 'what gateways serve could not be read');
      }
    }
  }

  private async lookAt(tenant: string): Promise<void> {
    const { redis, keys, clock, most } = this.options;
    const key = keys.servedShapes(tenant);
    const entries = Object.entries(await redis.hgetall(key)).map(([gateway, json]) => ({ gateway, ...entry.parse(JSON.parse(json)) }));
    const now = clock.now();
    const gone = entries.filter(({ until }) => until < now).map(({ gateway }) => gateway);
    if (gone.length > 0) await redis.hdel(key, ...gone);
    const living = entries.filter(({ until }) => until >= now);
    const wanted = foremost(addedUp(living.flatMap(({ served }) => served)), most);
    for (const known of this.bySurface.keys()) if (known.startsWith(`${tenant}\n`)) this.bySurface.delete(known);
    for (const one of wanted) {
      const { surface } = one.shape;
      const suffice = living.every(({ whole }) => whole !== undefined && !whole.includes(surface));
      this.bySurface.set(`${tenant}\n${surface}`, { served: [...this.of(tenant, surface).served, one], suffice });
    }
  }
}

/** Each shape once, with the subscriptions of all gateways. */
function addedUp(served: readonly ServedCount[]): ServedCount[] {
  const byId = new Map<string, ServedCount>();
  for (const one of served) byId.set(one.id, { ...one, count: one.count + (byId.get(one.id)?.count ?? 0) });
  return [...byId.values()];
}
