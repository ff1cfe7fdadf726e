import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../platform/keys';
import { LuaScript } from '../platform/lua-script';
import { primariesOf, type RedisConnection } from '../platform/redis-connection';
import { pagesOf } from '../platform/stream-pages';
import { pseudonymOf } from './erasure';
import type { People } from './people';

const replacing = new LuaScript(join(__dirname, 'replace-entries.lua'));

const auditEntry = z.looseObject({ userId: z.string(), arguments: z.record(z.string(), z.string()) });

/** Puts pseudonyms in place of the people in the audit log: what was done stays, and that it was the same person. */
export async function pseudonymiseAudit(redis: RedisConnection, keys: Keys, tenant: string, people: People): Promise<void> {
  const stream = keys.audit(tenant);
  const changed: string[] = [];
  for await (const page of pagesOf(redis, stream)) {
    for (const [id, [, text]] of page) {
      const entry = auditEntry.parse(JSON.parse(text!));
      const named = new Set<string>();
      const nameOf = (value: string): string => {
        if (!people.has(value)) return value;
        named.add(value);
        return pseudonymOf(people.receipt(value)!);
      };
      const masked = {
        ...entry,
        userId: nameOf(entry.userId),
        arguments: Object.fromEntries(Object.entries(entry.arguments).map(([name, value]) => [name, maskValue(value, nameOf)])),
      };
      if (named.size === 0) continue;
      changed.push(id, JSON.stringify(masked));
      for (const userId of named) people.count('audit', userId, 1);
    }
  }
  if (changed.length > 0) await replacing.run(redis, [stream], ['entry', ...changed]);
}

/** A value, or a list in short (`3: a, b, c`), with the names changed. */
function maskValue(value: string, nameOf: (value: string) => string): string {
  const [, count, ids] = /^(\d+: )(.*)$/.exec(value) ?? [];
  return count === undefined ? nameOf(value) : count + ids!.split(', ').map(nameOf).join(', ');
}

const ofUser = z.object({ userId: z.string() });

/** Forgets revocations of the people's tokens: they name the user, and nothing is left that such a token could read. */
export async function forgetRevocations(redis: RedisConnection, keys: Keys, tenant: string, people: People): Promise<void> {
  for (const member of await redis.zrange(keys.revoked(tenant), 0, -1)) {
    const about = ofUser.safeParse(JSON.parse(member));
    if (about.success && people.has(about.data.userId))
      people.count('revocations', about.data.userId, await redis.zrem(keys.revoked(tenant), member));
  }
}

/** The server keeps the arguments of its slowest commands. A server that does not let us look is left alone: see docs/regulation.md. */
export async function forgetSlowCommands(redis: RedisConnection, keys: Keys, tenant: string, people: People): Promise<void> {
  for (const server of primariesOf(redis)) await forgetSlowCommandsOf(server, keys, tenant, people);
}

async function forgetSlowCommandsOf(server: Redis, keys: Keys, tenant: string, people: People): Promise<void> {
  const log = await server.slowlog('GET', 1024).catch(() => undefined);
  if (!Array.isArray(log)) return;
  const texts = log
    .map((entry) => JSON.stringify(entry))
    .filter((text) => text.includes(JSON.stringify(keys.usersOf(tenant)).slice(1, -1)));
  const named = people.ids.filter((userId) => texts.some((text) => text.includes(JSON.stringify(userId).slice(1, -1))));
  if (named.length === 0) return;
  await server.slowlog('RESET');
  for (const userId of named) people.count('slowlog', userId, 1);
}
