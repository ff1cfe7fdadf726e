import { z } from 'zod';
import { tasteOf } from '../content/creatives/taste';
import type { Keys, UserKey } from '../platform/keys';
import { onRedis } from '../platform/redis';
import type { RedisConnection } from '../platform/redis-connection';
import type { Profile } from '../profile/profile';
import type { ListBody } from '../push/recommendation-list';

/** What one list showed, for learning; short names, because there are many. Both ends use this codec. */
const shownCreatives = z.object({
  /** `recommendationId`. */
  l: z.string(),
  /** Taste of the reader, in thousandths. */
  t: z.array(z.number()),
  /** Segment. */
  s: z.string(),
  /** For each item: id, arm, share, propensity, code of the plan or '' for the fixed templates. */
  i: z.array(z.tuple([z.string(), z.string(), z.number(), z.number(), z.string()])),
});

export interface ShownCreatives {
  readonly taste: readonly number[];
  readonly segment: string;
  /** By item id. */
  readonly items: ReadonlyMap<string, { readonly arm: string; readonly share: number; readonly propensity: number; readonly code: string }>;
}

/** Lists kept of each reader, and for how long: clicks come soon or not at all. */
const LISTS_KEPT = 50;
const LIFETIME_MS = 3 * 86_400_000;

/** Notes how the contents of a list were chosen, so that what comes of it can be learnt. In the slot of the user; erased with the user. */
export async function noteCreatives(redis: RedisConnection, keys: Keys, list: ListBody, interests: Profile['interests']): Promise<void> {
  const items = list.items.flatMap(({ itemId, creative }): z.infer<typeof shownCreatives>['i'] =>
    creative
      ? [[itemId, creative.arm, creative.share, creative.propensity, creative.shown === undefined ? (creative.plan ?? '') : '']]
      : [],
  );
  const segment = list.items.find(({ creative }) => creative)?.creative?.segment;
  if (segment === undefined) return;
  const taste = Array.from(tasteOf(interests), (value) => Math.round(1000 * value));
  const entry = JSON.stringify({ l: list.id, t: taste, s: segment, i: items } satisfies z.infer<typeof shownCreatives>);
  const key = keys.shownCreatives(list);
  await onRedis(() =>
    redis
      .multi()
      .lpush(key, entry)
      .ltrim(key, 0, LISTS_KEPT - 1)
      .pexpire(key, LIFETIME_MS)
      .exec(),
  );
}

/** What was noted of a reader's lists, by `recommendationId`. */
export async function readShownCreatives(redis: RedisConnection, keys: Keys, user: UserKey): Promise<Map<string, ShownCreatives>> {
  const entries = await onRedis(() => redis.lrange(keys.shownCreatives(user), 0, -1));
  return new Map(
    entries.map((json) => {
      const { l, t, s, i } = shownCreatives.parse(JSON.parse(json));
      const items = new Map(i.map(([itemId, arm, share, propensity, code]) => [itemId, { arm, share, propensity, code }]));
      return [l, { taste: t.map((value) => value / 1000), segment: s, items }];
    }),
  );
}
