import { randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Keys } from '../platform/keys';
import type { Log } from '../platform/log';
import type { RedisConnection } from '../platform/redis-connection';
import { ServedShapes } from '../push/served-shapes';
import { TellShapes } from '../push/served-shapes.redis';
import { contractDigest } from './build-schema';

interface Needs {
  readonly config: Pick<Config, 'PREPARED_SHAPES'>;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenShapes {
  readonly shapes: ServedShapes;
  close(): void;
}

/** What this gateway needs of the lists that are announced, told to workers until it is closed. */
export function openShapes({ config: { PREPARED_SHAPES: most }, redis, keys, clock, log }: Needs): OpenShapes {
  const shapes = new ServedShapes(contractDigest());
  const tell = new TellShapes({ redis, keys, clock, log, shapes, gateway: randomUUID(), most });
  return { shapes, close: () => tell.close() };
}
